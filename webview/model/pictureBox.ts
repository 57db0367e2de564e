// The room a picture takes in the conversation, known before a byte of it is there.

/** CSS pixels: the largest width and height of a picture in the conversation. */
const MAX_BOX_SIDE = 360;
/** CSS pixels: a line one pixel high must still be seen and clicked. */
const MIN_BOX_SIDE = 24;
/** CSS pixels: of a card at its narrowest (styles/card.css). */
const CARD_WIDTH = 312;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Never larger than the picture itself; keeps its shape except for slivers. Both sides must be positive. */
export function pictureBox(width: number, height: number): Box {
  const scale = Math.min(1, MAX_BOX_SIDE / width, MAX_BOX_SIDE / height);
  return { width: sideOf(width * scale), height: sideOf(height * scale) };
}

/** It fills no card. */
export function isSmall({ width }: Box): boolean {
  return width < CARD_WIDTH;
}

function sideOf(length: number): number {
  return Math.max(MIN_BOX_SIDE, Math.round(length));
}
