// How long the datagrams of a transfer are, over networks that carry less than Ethernet or more, in virtual time.

import assert from 'node:assert/strict';
import { DATAGRAM_BYTES, LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { type PairOptions, TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
/** 100 Mbit/s, 40 ms there and back, a queue of one path's worth. */
const LONG_LINE: Conditions = { latencyMs: 20, bytesPerMs: 12_500, queueBytes: 500_000 };
const TWO_MINUTES = 120_000;

function transfer(options: Partial<PairOptions> & Pick<PairOptions, 'path'>): TransferPair {
  return new TransferPair({ seed: 1, sizeBytes: MIB, ...options }).start();
}

describe('a path that swallows long datagrams', () => {
  const hole = (mtuBytes: number): Conditions => ({
    latencyMs: 10,
    mtuBytes,
    bytesPerMs: 12_500,
    queueBytes: 500_000,
  });

  it('is found out, and the longest that it carries are used', () => {
    for (const [mtuBytes, pieces] of [
      [1250, 56],
      [1400, 49],
    ] as const) {
      const pair = transfer({ sizeBytes: 4 * MIB, path: hole(mtuBytes) }).run(TWO_MINUTES);
      assert.ok(pair.isExact, `${mtuBytes}`);
      assert.ok(pair.goodput > 1000, `${mtuBytes}: ${pair.goodput}`);
      assert.ok(pair.sentDatagrams < 1.25 * 64 * pieces, `${mtuBytes}: ${pair.sentDatagrams}`);
    }
  });

  it('may begin in the middle, and end again', () => {
    const pair = transfer({ sizeBytes: 8 * MIB, path: hole(9000) });
    pair.time.plan(200, () => {
      pair.forth.conditions = hole(1300);
    });
    pair.time.plan(3000, () => {
      pair.forth.conditions = hole(9000);
    });
    assert.ok(pair.run(TWO_MINUTES).isExact);
  });

  it('is not suspected of what is only a pause', () => {
    const pair = transfer({ sizeBytes: 4 * MIB, path: LONG_LINE });
    pair.time.plan(200, () => {
      pair.forth.isCut = true;
    });
    pair.time.plan(2200, () => {
      pair.forth.isCut = false;
    });
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok(pair.sentDatagrams < 1.4 * 64 * 46, `${pair.sentDatagrams}`);
  });

  it('carries large datagrams no further than they go', () => {
    const path = { latencyMs: 0.1, mtuBytes: 16_000 };
    const pair = transfer({ sizeBytes: MIB, path, datagramBytes: LARGE_DATAGRAM_BYTES });
    assert.ok(pair.run(TWO_MINUTES).isExact);
  });
});

describe('a path that may carry more than Ethernet', () => {
  const MOST = 8952;
  const through = (mtuBytes: number, options: Partial<PairOptions> = {}) => {
    const path = { latencyMs: 0.2, bytesPerMs: 100_000, queueBytes: MIB, mtuBytes };
    return transfer({ sizeBytes: 8 * MIB, path, datagramBytes: MOST, firstDatagramBytes: 1452, ...options });
  };

  it('is used as far as a probe has come', () => {
    for (const [mtuBytes, pieces] of [
      [9000, 8],
      [8100, 9],
      [4100, 17],
    ] as const) {
      const pair = through(mtuBytes).run(TWO_MINUTES);
      assert.ok(pair.isExact, `${mtuBytes}`);
      // Blocks that were read before the probe came back are cut as they were.
      const { sentDatagrams } = pair;
      assert.ok(sentDatagrams < 128 * pieces + 32 * 46, `${mtuBytes}: ${sentDatagrams}`);
    }
  });

  it('is used as Ethernet where no probe comes back, at the cost of three', () => {
    const pair = through(1472).run(TWO_MINUTES);
    assert.ok(pair.isExact);
    assert.ok(pair.sentDatagrams < 128 * 46 + 64, `${pair.sentDatagrams}`);
    assert.ok(pair.goodput > 0.9 * 100_000, `${pair.goodput}`);
  });

  it('is used with short ones when it carries less in the middle', () => {
    const pair = through(9000, { sizeBytes: 24 * MIB });
    pair.time.plan(100, () => {
      pair.forth.conditions = { ...pair.forth.conditions, mtuBytes: 1300 };
    });
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok((pair.finishedAt ?? Number.POSITIVE_INFINITY) < 1000, `${pair.finishedAt}`);
  });
});

describe('what leaves after each thing that is heard', () => {
  for (const [datagramBytes, most] of [
    [DATAGRAM_BYTES, 64],
    [LARGE_DATAGRAM_BYTES, 7],
  ] as const)
    it(`is at most ${most} datagrams of ${datagramBytes} bytes, however fast the path is`, () => {
      const pair = new TransferPair({
        ...{ seed: 1, sizeBytes: 8 * MIB, datagramBytes },
        path: { latencyMs: 0.5, bytesPerMs: 1_000_000 },
      });
      const { handle } = pair.sender;
      let [sent, atOnce] = [0, 0];
      pair.sender.handle = (input, now) => {
        atOnce = Math.max(atOnce, pair.sentDatagrams - sent);
        sent = pair.sentDatagrams;
        handle.call(pair.sender, input, now);
      };
      assert.ok(pair.start().run(TWO_MINUTES).isExact);
      assert.equal(atOnce, most);
    });
});
