// Where a key leads in a menu: left and right to the neighbour, up and down to what stands there, as reactions stand side by side.

/** CSS pixels. `start`: from a line before the menu, in the direction in which words run. */
export interface ItemPlace {
  readonly top: number;
  readonly start: number;
}

/** What stands side by side differs by less. CSS pixels. */
const ROW_PX = 4;

/**
 * The index of the item that the key leads to, around the ends; undefined for keys that mean nothing to a menu.
 * `at`: -1 where none has the focus. `isReversed`: words run from right to left.
 */
export function itemAfter(
  key: string,
  at: number,
  places: readonly ItemPlace[],
  isReversed: boolean,
): number | undefined {
  const count = places.length;
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'ArrowRight':
    case 'ArrowLeft': {
      const step = (key === 'ArrowRight') === isReversed ? -1 : 1;
      return (Math.max(at, step < 0 ? 0 : -1) + step + count) % count;
    }
    case 'ArrowDown':
      return acrossFrom(at, places, 1);
    case 'ArrowUp':
      return acrossFrom(at, places, -1);
    default:
      return undefined;
  }
}

/** In the next row below (1) or above (-1), the item that begins nearest. */
function acrossFrom(at: number, places: readonly ItemPlace[], way: 1 | -1): number {
  const from = places[at] ?? { top: way * Number.NEGATIVE_INFINITY, start: 0 };
  const ahead = places.filter(({ top }) => (top - from.top) * way >= ROW_PX);
  const tops = (ahead.length > 0 ? ahead : places).map(({ top }) => top * way);
  const rowTop = Math.min(...tops) * way;
  const row = places.filter(({ top }) => Math.abs(top - rowTop) < ROW_PX);
  const nearest = row.toSorted((a, b) => Math.abs(a.start - from.start) - Math.abs(b.start - from.start))[0];
  return nearest === undefined ? at : places.indexOf(nearest);
}
