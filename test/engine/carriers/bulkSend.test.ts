// The sender's end of a session over a bulk connection that only writes down what it is told.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { BulkSend } from '../../../src/engine/carriers/bulkSend.ts';
import type { BulkConnection, BulkListener } from '../../../src/engine/io/bulkConnection.ts';
import { BULK_FIRST_BLOCKS, BULK_STALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { encodeBulkCount } from '../../../src/wire/bulkFrame.ts';
import { passingTime } from '../../support/passingTime.ts';

const BLOCKS = 20;

describe('the sending over a bulk connection', () => {
  const pass = passingTime(100);
  let listener: BulkListener;
  let apart: Uint8Array[][];
  let sent: number;
  let progress: number[];
  let stalls: number;
  let sending: BulkSend;

  beforeEach(() => {
    [apart, progress, sent, stalls] = [[], [], 0, 0];
    const connection = {
      listen: (to: BulkListener) => {
        listener = to;
      },
      sendApart: (parts: Uint8Array[], onSent: () => void) => {
        apart.push(parts);
        onSent();
      },
      send: (_parts: unknown, onSent?: () => void) => {
        sent++;
        onSent?.();
      },
      destroy: mock.fn(),
    } as unknown as BulkConnection;
    const read = async (_offset: number, length: number) => Buffer.alloc(length);
    const digest = () => new Promise<string>(() => undefined);
    sending = new BulkSend(
      { sizeBytes: BLOCKS * BLOCK_BYTES, firstBlock: 0, have: [] },
      { read, digest, recycle: () => undefined, close: async () => undefined },
      (take) => {
        queueMicrotask(() => take(connection, Buffer.alloc(0)));
        return { dispose: () => undefined };
      },
      {
        onProgress: (bytes) => progress.push(bytes),
        onDigest: () => undefined,
        onFinished: () => undefined,
        onStalled: () => {
          stalls++;
        },
        onFailed: assert.fail,
      },
    );
  });
  afterEach(() => sending.dispose());

  const count = (blocks: number) => listener.onBytes(encodeBulkCount(blocks));

  it('begins with a block in short records, and goes on in long ones', async () => {
    await pass(100);
    count(0);
    const lengths = apart.map((parts) => parts.map(({ length }) => length));
    const whole = Math.floor((8 + BLOCK_BYTES) / 1_280);
    assert.deepEqual(lengths, [[...Array(whole).fill(1_280), (8 + BLOCK_BYTES) % 1_280]]);
    assert.equal(sent, BULK_FIRST_BLOCKS - 1);
    count(1);
    assert.equal(apart.length, 1);
  });

  it('says that it has stalled, and goes on, while what is on the way is not counted', async () => {
    await pass(100);
    count(0);
    count(1);
    await pass(BULK_STALL_MS - 200);
    assert.equal(stalls, 0);
    await pass(300);
    assert.equal(stalls, 1);
    count(2);
    assert.deepEqual(progress, [BLOCK_BYTES, 2 * BLOCK_BYTES]);
  });
});
