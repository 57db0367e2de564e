// Where a menu opens so that all of it is in sight: below what it belongs to, else above, else wherever there is room.

/** What the menu belongs to: the pointer (no height) or a button. CSS pixels in the page. */
export interface MenuAnchor {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface MenuPlace {
  readonly left: number;
  readonly top: number;
  /** Set where the page is lower than the menu: it scrolls inside. */
  readonly maxHeight: number | undefined;
}

/** CSS pixels to the edges of the page. */
const EDGE = 4;

/** `menu`: its size as it would be with all the room there is. */
export function menuPlace(anchor: MenuAnchor, menu: Size, page: Size): MenuPlace {
  const left = within(anchor.x, menu.width, page.width);
  const most = page.height - 2 * EDGE;
  if (menu.height > most) return { left, top: EDGE, maxHeight: Math.max(0, most) };
  const isRoomBelow = anchor.bottom + menu.height <= page.height - EDGE;
  const wanted = isRoomBelow ? anchor.bottom : anchor.top - menu.height;
  return { left, top: within(wanted, menu.height, page.height), maxHeight: undefined };
}

function within(wanted: number, size: number, room: number): number {
  return Math.max(EDGE, Math.min(wanted, room - size - EDGE));
}
