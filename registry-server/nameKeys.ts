// The two keys under which a name is kept: one for order and search, one so that no two names look the same.

import { looksOf } from '../src/contract/lookAlikes.ts';
import { sameNameKey } from '../src/contract/names.ts';

export interface NameKeys {
  /** What makes two spellings one name; the directory is in the order of its UTF-8 bytes. */
  readonly sortKey: string;
  /** The name as it looks. One skeleton belongs to one public key. Names with one sortKey have one skeleton. */
  readonly skeleton: string;
}

/** 64 characters of any script fit; a name of ligatures that each spell out a sentence does not. */
const MAX_SORT_KEY_BYTES = 384;

/** The keys of a tidy name, or undefined when its sortKey is empty or too long. */
export function nameKeysOf(name: string): NameKeys | undefined {
  const sortKey = sortKeyOf(name);
  if (sortKey === '' || !isSortKeySize(sortKey)) return undefined;
  return { sortKey, skeleton: skeletonOf(sortKey) };
}

/** Total; also for the beginning of a name. Holds no U+10FFFF, and no control character when the text has none. */
export function sortKeyOf(text: string): string {
  return sameNameKey(text);
}

export function skeletonOf(sortKey: string): string {
  return looksOf(sortKey);
}

export function isSortKeySize(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_SORT_KEY_BYTES;
}
