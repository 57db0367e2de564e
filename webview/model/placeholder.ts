// A picture's ThumbHash as a data URL: the blur that is there before anything else.

import { thumbHashToDataURL } from 'thumbhash';

/** Bytes; a ThumbHash has at most 25. What is longer by far is none: bound against a hostile peer. */
const MAX_HASH_BYTES = 64;

/** Undefined for anything that is not a ThumbHash in base64. */
export function placeholderUrl(base64: string): string | undefined {
  if (base64.length > MAX_HASH_BYTES * 2) return undefined;
  try {
    const hash = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return hash.length < 5 ? undefined : thumbHashToDataURL(hash);
  } catch {
    return undefined;
  }
}
