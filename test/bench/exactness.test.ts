import assert from 'node:assert/strict';
import { badTransfer, verdictOf } from '../../bench/exactness/badTransfer.ts';
import { MovingSender } from '../../bench/exactness/movingSender.ts';
import { PassingDamage } from '../../bench/exactness/passingDamage.ts';
import { measureExactness } from '../../bench/exactness.ts';
import { TransferPair } from '../engine/transfer/transferPair.ts';
import { seededRandom } from '../support/seededRandom.ts';

const LINE = { latencyMs: 20, bytesPerMs: 12_500, queueBytes: 500_000 };
const MINUTE_MS = 60_000;

function transfer(sizeBytes = 4_000_000): TransferPair {
  return new TransferPair({ seed: 1, sizeBytes, path: LINE });
}

/** What the two ends came to, without the bytes being those of the file. */
function ends(sent: string, got: string) {
  return {
    isExact: false,
    hasSent: (...kinds: string[]) => kinds.includes(sent),
    hasGot: (...kinds: string[]) => kinds.includes(got),
  };
}

describe('the verdict on a file over a bad network', () => {
  it('is clear when both sides know that it did not arrive', () => {
    assert.deepEqual(
      [verdictOf(ends('stalled', 'stalled')), verdictOf(ends('stalled', 'failed'))],
      ['ended', 'ended'],
    );
  });

  it('is wrong when one side still waits, or thinks that all is well', () => {
    const pairs = [
      ends('stalled', 'write'),
      ends('stalled', 'finished'),
      ends('finished', 'stalled'),
      ends('needBlock', 'stalled'),
      ends('finished', 'finished'),
    ];
    assert.deepEqual(
      pairs.map((pair) => verdictOf(pair)),
      pairs.map(() => 'wrong'),
    );
  });

  it('is clear when the path is gone for good in the middle', () => {
    const pair = transfer().start();
    pair.time.plan(150, () => {
      pair.forth.isCut = true;
      pair.back.isCut = true;
    });
    assert.equal(verdictOf(pair.run(MINUTE_MS)), 'ended');
  });

  it('is that of a sender that comes to rest where what was lost may not go again, or need not', () => {
    for (const seed of [21, 170, 1638, 4110]) assert.equal(badTransfer(seed).verdict, 'exact');
  });

  it('sets the exit code when a seed is wrong', () => {
    const before = process.exitCode;
    try {
      const right = badTransfer(1);
      const table = measureExactness(3, (seed) => (seed === 2 ? { ...right, verdict: 'wrong' } : right));
      assert.deepEqual([table.failedSeeds, table.exact, process.exitCode], [[2], 2, 1]);
    } finally {
      process.exitCode = before;
    }
  });

  it('is the same for the same seed', () => {
    assert.deepEqual(badTransfer(7), badTransfer(7));
  });
});

describe('a sender that gets another address', () => {
  it('is answered where it is now, and the file arrives', () => {
    const pair = transfer();
    const sender = new MovingSender(pair);
    pair.start().time.plan(150, () => {
      sender.place = 3;
    });
    assert.ok(pair.run(MINUTE_MS).isExact);
    assert.equal(sender.answeredAt, 3);
  });

  it('hears nothing of what goes to where it was', () => {
    const pair = transfer();
    const sender = new MovingSender(pair);
    let heard = 0;
    const { handle } = pair.sending;
    pair.sending.handle = (input) => {
      if (input.kind === 'datagram') heard++;
      handle.call(pair.sending, input);
    };
    pair.start().time.runUntil(() => heard > 5, MINUTE_MS);
    pair.forth.isCut = true;
    sender.place = 3;
    // What was on its way already arrives.
    pair.time.runUntil(() => false, pair.time.now() + LINE.latencyMs * 2);
    heard = 0;
    pair.time.runUntil(() => false, pair.time.now() + 5_000);
    assert.equal(heard, 0);
  });
});

describe('damage that passes the checksum', () => {
  it('spoils blocks, which are asked for again, and the file arrives or both sides know', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const pair = new TransferPair({ seed, sizeBytes: 1_000_000, path: LINE });
      const damage = new PassingDamage(seededRandom(seed), 0.01).on(pair.forth).on(pair.back);
      const verdict = verdictOf(pair.start().run(MINUTE_MS * 5));
      assert.ok(verdict === 'exact' || verdict === 'ended', `seed ${seed}: ${verdict}`);
      assert.ok(damage.count > 0, `seed ${seed}`);
    }
  });

  it('is not seen by the checksum, and by nothing but the tag of a block', () => {
    const pair = transfer(1_000_000);
    let sealedPieces = 0;
    const { send } = pair.forth;
    pair.forth.send = (bytes) => {
      if (bytes[0] === 0x4a) sealedPieces++;
      send.call(pair.forth, bytes);
    };
    new PassingDamage(seededRandom(3), 0.02).on(pair.forth);
    assert.ok(pair.start().run(MINUTE_MS).isExact);
    assert.ok(sealedPieces > 0);
  });
});
