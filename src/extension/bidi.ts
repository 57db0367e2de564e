// Right-to-left names beside left-to-right words: without isolation a number after the name jumps before it (UAX #9).

/** Hebrew, Arabic and their kin, with their presentation forms and the supplementary blocks. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** `text` on its own, whatever stands beside it; unchanged where nothing in it runs from right to left. */
export function isolated(text: string): string {
  return isolatedBeside(text, text);
}

/** `text` on its own where its neighbour runs from right to left. */
export function isolatedBeside(neighbour: string, text: string): string {
  return RIGHT_TO_LEFT.test(neighbour) && text !== '' ? onItsOwn(text) : text;
}

/** `text` on its own, whatever it is. */
export function onItsOwn(text: string): string {
  return FIRST_STRONG_ISOLATE + text + POP_ISOLATE;
}
