// Words that run from right to left beside others: without isolation their numbers change places (UAX #9).

/** Hebrew, Arabic and their kin, with their presentation forms and the supplementary blocks. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** `text` on its own, whatever stands beside it; unchanged where nothing in it runs from right to left. */
export function isolated(text: string): string {
  return isolatedBeside(text, text);
}

/** `text` on its own where it or its neighbour runs from right to left. */
export function isolatedBeside(neighbour: string, text: string): string {
  return RIGHT_TO_LEFT.test(neighbour + text) && text !== '' ? onItsOwn(text) : text;
}

/** In this order on the screen, from left to right as the editor's trees run, whatever each of them says. */
export function isolatedParts(parts: readonly string[], separator: string): string {
  return parts.map(isolated).join(separator);
}

/** `text` on its own, whatever it is. */
export function onItsOwn(text: string): string {
  return FIRST_STRONG_ISOLATE + text + POP_ISOLATE;
}
