// What a bulk connection does with memory that Node has made for it. The socket is a pipe.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { BulkConnection } from '../../../src/engine/io/bulkConnection.ts';
import { ALI } from '../store/support.ts';

describe('a bulk connection', () => {
  let socket: PassThrough;
  let heard: string[];

  beforeEach(() => {
    socket = new PassThrough();
    heard = [];
    const connection = new BulkConnection(
      Object.assign(socket, { setNoDelay() {} }) as unknown as TLSSocket,
      ALI,
    );
    connection.listen({ onBytes: (bytes) => void heard.push(bytes.toString()), onLost: () => undefined });
  });

  it('gives the memory of what came back as soon as its listener has had it', () => {
    const bytes = Buffer.from(Uint8Array.from([104, 105]).buffer);
    socket.emit('data', bytes);
    assert.deepEqual([heard, bytes.buffer.byteLength], [['hi'], 0]);
  });

  it('leaves memory alone that others have a part of', () => {
    const bytes = Buffer.from(Uint8Array.from([104, 105, 33]).buffer).subarray(0, 2);
    socket.emit('data', bytes);
    assert.deepEqual([heard, bytes.buffer.byteLength], [['hi'], 3]);
  });
});
