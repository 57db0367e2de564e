// Windows wakes a process whose timer is due at its next tick, 64 times a second, unless it asks for more; Node does not.

import assert from 'node:assert/strict';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
const TICK_MS = 1_000 / 64;
const LAN: Conditions = { latencyMs: 0.15, bytesPerMs: 125_000, queueBytes: 512 * 1024 };
/** 100 Mbit/s, 20 ms there and back. */
const LINE: Conditions = { latencyMs: 10, bytesPerMs: 12_500, queueBytes: 256 * 1024 };
const RADIO: Conditions = { latencyMs: 2.5, bytesPerMs: 6_250, queueBytes: 256 * 1024, loss: 0.01 };

function goodput(path: Conditions, tickMs?: number): number {
  const options = { seed: 1, sizeBytes: 8 * MIB, path, ...(tickMs === undefined ? {} : { tickMs }) };
  const pair = new TransferPair(options).start().run(60_000);
  assert.ok(pair.isExact);
  return pair.goodput;
}

describe('a transfer between systems with coarse timers', () => {
  for (const [name, path] of Object.entries({ LAN, LINE, RADIO }))
    it(`is hardly slower than between others: acknowledgements come between the ticks (${name})`, () => {
      const share = goodput(path, TICK_MS) / goodput(path);
      assert.ok(share > 0.95, `${share}`);
    });

  it('is soon over where the last datagrams are lost, and waits for a tick or two', () => {
    const path = { ...LAN, loss: 0.02 };
    const pair = new TransferPair({ seed: 1, sizeBytes: 300 * 1024, path, tickMs: TICK_MS })
      .start()
      .run(60_000);
    assert.ok(pair.isExact);
    assert.ok((pair.finishedAt ?? 0) < 5 * TICK_MS, `${pair.finishedAt} ms`);
  });
});
