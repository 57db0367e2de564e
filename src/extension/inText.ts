// What other people have called themselves and their files, as a part of the editor's own texts.

import { isolated, unturned } from './bidi.ts';
import { plainText } from './plainText.ts';

/** As long as a name can be. */
const MAX_NAME = 64;

/** One plain line of at most `limit` characters, which stands on its own beside words of another direction and turns none of them. */
export function inText(theirs: string, limit?: number): string {
  return isolated(plainText(unturned(theirs), limit));
}

/** Empty for somebody who is not known. */
export function nameInText(person: { readonly name: string } | undefined): string {
  return inText(person?.name ?? '', MAX_NAME);
}
