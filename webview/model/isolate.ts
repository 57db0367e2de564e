// Names inside sentences: a Persian name in an English line, or the other way round, must not turn the words around it.

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** `text`, laid out by its own direction alone. For text that is shown, not for text that is compared or stored. */
export function isolated(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${text}${POP_DIRECTIONAL_ISOLATE}`;
}
