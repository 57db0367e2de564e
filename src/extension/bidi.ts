// Words that run from right to left beside others: without isolation their numbers change places (UAX #9).

/** Hebrew, Arabic and their kin, with their presentation forms and the supplementary blocks. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Signs, digits and Latin letters, which the line around them puts in its own order. Other letters alone stand rightly anywhere. */
const MIXED = /[^\p{L}\p{M}\s\u200c]|\p{Script=Latin}/u;
/** Embeddings, overrides and isolates. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT_ISOLATE = '\u2067';
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

/** A sentence of a language that runs from right to left, whole and in its own order in a line that runs the other way. */
export function fromRightToLeft(sentence: string): string {
  const isPutInOrder = RIGHT_TO_LEFT.test(sentence) && MIXED.test(sentence);
  return isPutInOrder ? RIGHT_TO_LEFT_ISOLATE + sentence + POP_ISOLATE : sentence;
}

/** `text` without what turns it, or turns what stands behind it where that is left open. */
export function unturned(text: string): string {
  return text.replace(TURNING, '');
}
