// The second transfer over a path, which knows what the first one has measured.

import assert from 'node:assert/strict';
import { PathMemory } from '../../../src/engine/transfer/pathMemory.ts';
import type { PathPart } from '../../../src/engine/transfer/pathPart.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
/** 1 Gbit/s, 40 ms there and back. */
const WIDE: Conditions = { latencyMs: 20, bytesPerMs: 125_000, queueBytes: 5_000_000 };
const TWO_MINUTES = 120_000;

interface Second {
  readonly firstMs: number;
  readonly secondMs: number;
  readonly overflowed: number;
}

/** Two transfers of the same size, the second over the path that `changed` makes of the first's. */
function inTurn(path: Conditions, changed: Conditions = path): Second {
  const options = { seed: 1, sizeBytes: 8 * MIB, path };
  const first = new TransferPair(options).start().run(TWO_MINUTES);
  const startedAt = first.time.now();
  const before = first.forth.counts.overflowed;
  first.forth.conditions = changed;
  first.back.conditions = changed;
  const second = new TransferPair({ ...options, beside: first }).start().run(2 * TWO_MINUTES);
  assert.ok(first.isExact && second.isExact);
  return {
    firstMs: first.finishedAt ?? 0,
    secondMs: (second.finishedAt ?? 0) - startedAt,
    overflowed: first.forth.counts.overflowed - before,
  };
}

describe('a transfer over a path that another has measured', () => {
  it('takes half the time where the path is long and wide', () => {
    const { firstMs, secondMs } = inTurn(WIDE);
    assert.ok(secondMs < 0.55 * firstMs, `${secondMs} after ${firstMs}`);
  });

  it('begins as if nothing were known where the round trip is another', () => {
    const far = { ...WIDE, latencyMs: 60 };
    const { secondMs } = inTurn(WIDE, far);
    const unknown = new TransferPair({ seed: 1, sizeBytes: 8 * MIB, path: far }).start().run(TWO_MINUTES);
    assert.ok(Math.abs(secondMs - (unknown.finishedAt ?? 0)) < 5, `${secondMs} and ${unknown.finishedAt}`);
  });

  it('does little harm where the line is four times narrower than it was', () => {
    const narrow = { ...WIDE, bytesPerMs: 31_250, queueBytes: 1_250_000 };
    const { secondMs, overflowed } = inTurn(WIDE, narrow);
    const unknown = new TransferPair({ seed: 1, sizeBytes: 8 * MIB, path: narrow }).start().run(TWO_MINUTES);
    assert.ok(overflowed - unknown.forth.counts.overflowed < 3000, `${overflowed}`);
    assert.ok(secondMs < 1.2 * (unknown.finishedAt ?? 0), `${secondMs} and ${unknown.finishedAt}`);
  });
});

describe('PathMemory', () => {
  it('knows a path for ten minutes, or until it is another one', () => {
    const memory = new PathMemory();
    memory.remember({ rate: 100, rttMs: 7 }, 1000);
    assert.equal(memory.knownAt(601_000)?.rate, 100);
    assert.equal(memory.knownAt(601_001), undefined);
    memory.forget();
    assert.equal(memory.knownAt(1000), undefined);
  });
});

describe('PathShare', () => {
  const PER_MS = 10_000;
  const RTT_MS = 40;

  function measuring(share: PathShare): PathPart {
    const part = share.join(64 * MIB);
    part.enter(1452, 1452);
    for (let now = 1; now < 500; now++) {
      part.onRttSample(RTT_MS, now);
      part.onDelivered(PER_MS, part.onSent(1452, now - 5, false), now - 5, 0, now);
    }
    return part;
  }

  /** In flight at once after the first round trip. */
  function secondFlight(share: PathShare): number {
    const part = share.join(64 * MIB);
    part.enter(1452, 1452);
    part.onRttSample(RTT_MS, 1_000);
    return part.windowBytes;
  }

  it('lets the next session begin with what was measured, and with nothing where a receiver has moved away', () => {
    const [stayed, moved] = [new PathShare(), new PathShare()];
    measuring(stayed).dispose();
    const away = measuring(moved);
    away.leave();
    away.enter(1452, 1200);
    away.dispose();
    assert.equal(secondFlight(new PathShare()), secondFlight(moved));
    assert.ok(secondFlight(stayed) > 2 * secondFlight(moved), `${secondFlight(stayed)}`);
  });
});
