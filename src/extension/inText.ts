// What other people have called themselves and their files, as a part of the editor's own texts.

import { isolated } from './bidi.ts';
import { plainText } from './plainText.ts';

/** As long as a name can be. */
const MAX_NAME = 64;
/** Embeddings, overrides and isolates (UAX #9): one that is left open turns the editor's own words behind it around. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** One plain line of at most `limit` characters, which stands on its own beside words of another direction. */
export function inText(theirs: string, limit?: number): string {
  return isolated(plainText(theirs.replace(TURNING, ''), limit));
}

/** Empty for somebody who is not known. */
export function nameInText(person: { readonly name: string } | undefined): string {
  return inText(person?.name ?? '', MAX_NAME);
}
