// The digest that both ends compare, the plain way.

import { createHash } from 'node:crypto';

const BLOCK_BYTES = 65_536;

export function fileDigestOf(bytes: Uint8Array): string {
  const sha256 = (part: Uint8Array) => createHash('sha256').update(part).digest();
  const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, i) =>
    sha256(bytes.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES)),
  );
  return sha256(Buffer.concat(blocks)).toString('hex');
}
