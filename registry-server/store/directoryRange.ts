// The part of the directory that a page is cut from, as one range of sort keys: `from` up to, not including, `end`.

import type { PageQuery } from './store.ts';

/** The order in both stores is that of the UTF-8 bytes. Sort keys hold no U+10FFFF. */
const END_OF_ALL = '\u{10ffff}';

export function directoryRange({ prefix, after }: Pick<PageQuery, 'prefix' | 'after'>): {
  readonly from: string;
  readonly end: string;
} {
  // Sort keys hold no control character, so that nothing lies between a key and this.
  const next = after === undefined ? '' : `${after}\u0001`;
  return { from: isBefore(prefix, next) ? next : prefix, end: prefix + END_OF_ALL };
}

function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
