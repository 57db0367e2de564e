// How many datagrams may wait in Node for the system to take them.

import assert from 'node:assert/strict';
import { hasRoom } from '../../../src/engine/io/sendQueue.ts';

const roomBehind = (waiting: number, bytes: number) => hasRoom({ getSendQueueCount: () => waiting }, bytes);

describe('hasRoom', () => {
  it('says no once as many wait as a burst has: fewer of long datagrams than of short ones', () => {
    for (const [bytes, burst] of [
      [1452, 64],
      [32 * 1024 + 64, 7],
    ] as const) {
      assert.equal(roomBehind(0, bytes), true);
      assert.equal(roomBehind(burst - 1, bytes), true);
      assert.equal(roomBehind(burst, bytes), false, `${bytes}`);
    }
  });
});
