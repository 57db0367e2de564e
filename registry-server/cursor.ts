// The opaque cursor of the directory: the sort key of the last name that was looked at, base64url.

import { isSortKeySize } from './nameKeys.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** At most 512 characters, since sort keys are bounded. */
export function encodeCursor(sortKey: string): string {
  return Buffer.from(sortKey, 'utf8').toString('base64url');
}

/** The sort key in `cursor`, or undefined when no page ever ended there. Total. */
export function decodeCursor(cursor: string): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length === 0 || bytes.toString('base64url') !== cursor) return undefined;
  const sortKey = decodeUtf8(bytes);
  return sortKey !== undefined && isSortKeySize(sortKey) && !/\p{Cc}/u.test(sortKey) ? sortKey : undefined;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
