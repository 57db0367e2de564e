// The bytes that are sent: the same in both processes, and nothing in them can be compressed.

import { createCipheriv } from 'node:crypto';

export function payloadOf(sizeBytes: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 5), Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
}
