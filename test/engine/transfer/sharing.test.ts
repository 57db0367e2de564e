// Several transfers over one path, in virtual time: none waits behind another, and they stand in no queue of their own making.

import assert from 'node:assert/strict';
import { type Claim, CommonRate } from '../../../src/engine/transfer/commonRate.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import { RateController } from '../../../src/engine/transfer/rateController.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { type PairOptions, TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
const PICTURE = 300 * 1024;
const LINE_RATE = 12_500;
/** 100 Mbit/s, 40 ms there and back, and a queue of what such a path holds. */
const LINE: Conditions = { latencyMs: 20, bytesPerMs: LINE_RATE, queueBytes: 500_000 };
const THIN: Conditions = { latencyMs: 20, bytesPerMs: 1250, queueBytes: 50_000 };
const TWO_MINUTES = 120_000;

function transfer(options: Partial<PairOptions>): TransferPair {
  return new TransferPair({ seed: 1, sizeBytes: 20 * MIB, path: LINE, ...options }).start();
}

/** One after the other, `apartMs` between them. The list grows as they begin. */
function several(count: number, apartMs: number, options: Partial<PairOptions> = {}): TransferPair[] {
  const first = transfer(options);
  const pairs = [first];
  for (let i = 1; i < count; i++)
    first.time.plan(i * apartMs, () => pairs.push(transfer({ ...options, beside: first })));
  return pairs;
}

function verifiedBytes(pair: TransferPair): number {
  const last = pair.got.findLast(({ kind }) => kind === 'progress');
  return last?.kind === 'progress' ? last.verifiedBytes : 0;
}

function isOver(pair: TransferPair): boolean {
  return pair.hasSent('finished') && pair.hasGot('finished');
}

/** What each has got in the time up to `untilMs`, and how long others would have stood in the queue in each of its moments. */
function watch(pairs: readonly TransferPair[], untilMs: number) {
  const { time, forth } = pairs[0] as TransferPair;
  const before = pairs.map(verifiedBytes);
  const queues: number[] = [];
  const sinceMs = time.now();
  while (time.now() < untilMs) {
    time.runUntil(() => false, Math.min(untilMs, time.now() + 5));
    queues.push(forth.queueMs);
  }
  const bytes = pairs.map((pair, i) => verifiedBytes(pair) - (before[i] ?? 0));
  const total = bytes.reduce((sum, each) => sum + each, 0);
  queues.sort((a, b) => a - b);
  const queueMs = (share: number) => queues[Math.floor(share * queues.length)] ?? 0;
  return { bytes, used: total / ((untilMs - sinceMs) * LINE_RATE), queueMs };
}

/** Jain's index: 1 when all have the same, 1 / n when one has all. */
function fairness(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0));
}

describe('transfers over one path', () => {
  for (const queueBytes of [125_000, 500_000, 2_000_000]) {
    it(`have the same part each, and leave a queue of ${queueBytes} bytes nearly empty`, () => {
      const pairs = several(3, 500, { path: { ...LINE, queueBytes } });
      pairs[0]?.time.runUntil(() => false, 1500);
      for (const untilMs of [2500, 3500]) {
        const { bytes, used, queueMs } = watch(pairs, untilMs);
        assert.ok(fairness(bytes) > 0.98, `${bytes} until ${untilMs}`);
        assert.ok(used > 0.92, `${used} until ${untilMs}`);
        assert.ok(queueMs(0.5) < 6 && queueMs(0.95) < 20, `${queueMs(0.5)}, ${queueMs(0.95)}`);
      }
    });
  }

  it('have the same part each when they begin at once, and where much is lost', () => {
    for (const loss of [0, 0.05]) {
      const pairs = several(5, 0, { path: { ...LINE, loss }, sizeBytes: 10 * MIB });
      pairs[0]?.time.runUntil(() => false, 500);
      const { bytes, used } = watch(pairs, 2500);
      assert.ok(fairness(bytes) > 0.98, `${bytes}`);
      assert.ok(used > 0.88, `${used}`);
    }
  });

  it('take at once what one leaves that is over', () => {
    const pairs = several(2, 0);
    const short = transfer({ sizeBytes: 6 * MIB, beside: pairs[0] as TransferPair });
    short.time.runUntil(() => short.hasSent('finished'), TWO_MINUTES);
    assert.ok(watch(pairs, short.time.now() + 500).used > 0.9);
  });

  it('take what one leaves of which nothing is heard', () => {
    const pairs = several(3, 0, { sizeBytes: 12 * MIB });
    const time = pairs[0]?.time;
    time?.plan(1000, () => pairs[1]?.receiving.pause(4000));
    time?.runUntil(() => false, 1500);
    assert.ok(watch(pairs, 2500).used > 0.9);
  });

  it('take what one leaves whose disk is slow', () => {
    const pairs = several(2, 0);
    pairs[0]?.time.runUntil(() => false, 100);
    pairs.push(transfer({ readMs: 1000, beside: pairs[0] as TransferPair }));
    pairs[0]?.time.runUntil(() => false, 500);
    const { bytes, used } = watch(pairs, 2000);
    assert.ok(used > 0.92, `${used}`);
    assert.ok(fairness(bytes.slice(0, 2)) > 0.98, `${bytes}`);
  });

  it('follow a receiver that moves, and share the path that they find', () => {
    const pairs = several(3, 0, { sizeBytes: 16 * MIB });
    const time = pairs[0]?.time;
    time?.plan(1000, () => {
      for (const pair of pairs) pair.receiverPlace = 7;
    });
    time?.runUntil(() => false, 3000);
    const { bytes, used } = watch(pairs, 4000);
    assert.ok(fairness(bytes) > 0.95, `${bytes}`);
    assert.ok(used > 0.9, `${used}`);
    time?.runUntil(() => pairs.every(isOver), TWO_MINUTES);
    assert.ok(pairs.every((pair) => pair.isExact));
  });

  it('do not overflow a thin line', () => {
    const pairs = several(3, 500, { path: THIN, sizeBytes: 3 * MIB });
    const first = pairs[0] as TransferPair;
    first.time.runUntil(() => pairs.length === 3 && pairs.every(isOver), TWO_MINUTES);
    assert.ok(pairs.every((pair) => pair.isExact));
    const { overflowed, sent } = first.forth.counts;
    assert.ok(overflowed < 0.02 * sent, `${overflowed} of ${sent}`);
  });
});

describe('a picture beside large files', () => {
  /** How long it takes beside so many large ones, as a share of what it takes alone. */
  function slowerBeside(count: number, path: Conditions): number {
    const alone = transfer({ sizeBytes: PICTURE, path }).run(TWO_MINUTES);
    const pairs = several(count, 0, { path, sizeBytes: 12 * MIB });
    const first = pairs[0] as TransferPair;
    first.time.runUntil(() => false, 800);
    const picture = transfer({ sizeBytes: PICTURE, path, beside: first });
    first.time.runUntil(() => isOver(picture), TWO_MINUTES);
    assert.ok(picture.isExact);
    return ((picture.finishedAt ?? Number.POSITIVE_INFINITY) - 800) / (alone.finishedAt ?? 0);
  }

  for (const [name, path] of [
    ['a long line', LINE],
    ['a long line with a short queue', { ...LINE, queueBytes: 125_000 }],
    ['a line that loses a twentieth', { ...LINE, loss: 0.05 }],
  ] as const) {
    it(`comes sooner over ${name} than alone, for the path is known`, () => {
      for (const count of [1, 4]) {
        const slower = slowerBeside(count, path);
        assert.ok(slower < 1, `${slower} beside ${count}`);
      }
    });
  }

  it('takes less than half as long again over a thin line', () => {
    for (const count of [1, 4]) {
      const slower = slowerBeside(count, THIN);
      assert.ok(slower < 1.5, `${slower} beside ${count}`);
    }
  });

  it('leaves a quarter to the large one although another follows each', () => {
    const large = transfer({ sizeBytes: 12 * MIB });
    const { time } = large;
    time.runUntil(() => false, 500);
    const before = verifiedBytes(large);
    let picture = transfer({ sizeBytes: PICTURE, beside: large });
    while (time.now() < 1500) {
      if (isOver(picture)) picture = transfer({ sizeBytes: PICTURE, beside: large });
      time.runUntil(() => isOver(picture), 1500);
    }
    const share = (verifiedBytes(large) - before) / (1000 * LINE_RATE);
    assert.ok(share > 0.24, `${share}`);
  });
});

describe('CommonRate', () => {
  const model = () => new RateController(1452);
  const large: Claim = { isSmall: false, inFlightBytes: 100_000, wantsMore: true };
  const common = (...claims: Claim[]): CommonRate => {
    const made = new CommonRate(model());
    for (const claim of claims) made.enter(claim);
    return made;
  };

  it('gives all to one, and the same to each of several', () => {
    const others = [{ ...large }, { ...large }, { ...large }];
    assert.equal(common(large).shareOf(large), 1);
    assert.equal(common(large, ...others).shareOf(large), 1 / 4);
  });

  it('gives small ones three quarters, and no small one less than a large one', () => {
    const small = { ...large, isSmall: true };
    assert.equal(common(large, small).shareOf(small), 3 / 4);
    assert.equal(common(large, { ...large }, { ...large }, small).shareOf(small), 3 / 4);
    const many = Array.from({ length: 9 }, () => ({ ...small }));
    const common10 = common(large, ...many);
    assert.equal(common10.shareOf(large), 1 / 10);
    assert.equal(common10.shareOf(many[0] as Claim), 1 / 10);
    assert.equal(common(small, { ...small }).shareOf(small), 1 / 2);
  });

  it('deals to the others what one leaves that has nothing to send, and never more than there is', () => {
    const resting = { ...large, inFlightBytes: 0, wantsMore: false };
    const other = { ...large };
    const shared = common(large, other, resting);
    const shares = [large, other, resting].map((claim) => shared.shareOf(claim));
    assert.ok((shares[2] ?? 0) < 1 / 3 && shares[0] === shares[1]);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9, `${shares}`);
    assert.equal(shared.isLimited, false);
    assert.equal(common(resting).isLimited, true);
  });

  it('forgets those that have left', () => {
    const other = { ...large };
    const shared = common(large, other);
    assert.equal(shared.inFlightBeside(large), 100_000);
    shared.leave(other);
    assert.equal(shared.inFlightBeside(large), 0);
    assert.equal(shared.shareOf(large), 1);
    shared.leave(large);
    assert.equal(shared.isDeserted, true);
  });
});

describe('PathPart', () => {
  it('has room for two datagrams, however many share a thin path', () => {
    const share = new PathShare();
    const parts = Array.from({ length: 50 }, () => share.join(64 * MIB));
    for (const part of parts) part.enter(1452, 1452);
    for (const part of parts) assert.equal(part.windowBytes, 2 * 1452);
  });
});
