// Code in pieces that are coloured alike.

export const TOKEN_KINDS = [
  'keyword',
  'string',
  'number',
  'comment',
  'function',
  'type',
  'name',
  'meta',
  'added',
  'removed',
] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

export interface Token {
  readonly text: string;
  /** Undefined for what has no colour of its own. */
  readonly kind: TokenKind | undefined;
}

/**
 * UTF-16 units. Longer code is shown without colours: it may be anything, and there are grammars whose time grows with the
 * square of the text or of a line. Bounds against a hostile peer; about 0.1 s at worst.
 */
export const MAX_COLOURED_LENGTH = 6_000;
export const MAX_COLOURED_LINE = 300;

/** All of `code` in tokens, or undefined for a language that is not known. */
export type Highlight = (code: string, language: string) => readonly Token[] | undefined;
