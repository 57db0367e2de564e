// What binds a bulk connection to its session: nobody but the two ends of the link can know it.

import { hkdfSync } from 'node:crypto';
import { BULK_TOKEN_BYTES } from '../../wire/bulkFrame.ts';
import type { SessionName } from './sessionKeys.ts';

/** HKDF-SHA256 (RFC 5869) like the session's keys, under a purpose of its own. */
export function bulkTokenOf({ secret, transferId, session }: SessionName): Buffer {
  const salt = Buffer.from(transferId, 'hex');
  return Buffer.from(hkdfSync('sha256', secret, salt, `hamta/transfer/1 ${session} bulk`, BULK_TOKEN_BYTES));
}
