// A sender that something else goes before, in virtual time.

import assert from 'node:assert/strict';
import { TransferPair } from './transferPair.ts';

const MIB = 2 ** 20;
/** 100 Mbit/s, 5 ms each way. */
const PATH = { bytesPerMs: 12_500, latencyMs: 5, queueBytes: 256_000 };

describe('a sender that gives way', () => {
  const newPair = () => new TransferPair({ seed: 1, sizeBytes: 8 * MIB, path: PATH });

  it('sends nothing new for so long, and then goes on by itself', () => {
    const pair = newPair().start();
    pair.run(100);
    pair.sending.handle({ kind: 'giveWay', ms: 30 });
    const before = pair.sentDatagrams;
    pair.run(129);
    assert.equal(pair.sentDatagrams, before);
    pair.run(133);
    assert.ok(pair.sentDatagrams > before);
  });

  it('goes on at once when that is taken back', () => {
    const pair = newPair().start();
    pair.run(100);
    pair.sending.handle({ kind: 'giveWay', ms: 1_000 });
    const before = pair.sentDatagrams;
    pair.sending.handle({ kind: 'giveWay', ms: 0 });
    pair.run(102);
    assert.ok(pair.sentDatagrams > before);
  });

  it('is nearly as fast for it: 4 ms in 40 cost a tenth, and no more than that', () => {
    const [free, giving] = [newPair().start(), newPair().start()];
    free.run(60_000);
    while (!giving.hasSent('finished', 'stalled')) {
      giving.sending.handle({ kind: 'giveWay', ms: 4 });
      giving.run(giving.time.now() + 40);
    }
    assert.ok(free.isExact && giving.isExact);
    assert.ok(giving.goodput > 0.88 * free.goodput, `${giving.goodput} of ${free.goodput} bytes in a ms`);
  });

  /** Something goes first in 15 of each 20 ms, while so many ms pass; answers how long the line's queue was on average. */
  function queueMsWhileGiving(pair: TransferPair, ms: number): number {
    const until = pair.time.now() + ms;
    let sum = 0;
    let samples = 0;
    while (pair.time.now() < until) {
      pair.sending.handle({ kind: 'giveWay', ms: 15 });
      for (let i = 0; i < 20; i++) {
        pair.run(pair.time.now() + 1);
        sum += pair.forth.queueMs;
        samples++;
      }
    }
    return sum / samples;
  }

  it('finds out how much a long path takes, and leaves its queue alone from then on', () => {
    const path = { bytesPerMs: 6_250, latencyMs: 20, queueBytes: 500_000 };
    const pair = new TransferPair({ seed: 1, sizeBytes: 8 * MIB, path }).start();
    queueMsWhileGiving(pair, 400);
    const queueMs = queueMsWhileGiving(pair, 600);
    assert.ok(queueMs < 10, `${queueMs} ms`);
  });

  it('notices that the path has become narrower', () => {
    const path = { bytesPerMs: 6_250, latencyMs: 20, queueBytes: 128_000 };
    const pair = new TransferPair({ seed: 1, sizeBytes: 16 * MIB, path }).start();
    queueMsWhileGiving(pair, 500);
    pair.forth.conditions = { ...path, bytesPerMs: 1_250 };
    queueMsWhileGiving(pair, 1_500);
    const queueMs = queueMsWhileGiving(pair, 1_000);
    assert.ok(queueMs < 40, `${queueMs} of 102 ms`);
  });

  it('still asks after what it has sent, so that nobody is taken for gone', () => {
    const pair = newPair().start();
    pair.run(100);
    pair.forth.isCut = true;
    pair.run(105);
    pair.sending.handle({ kind: 'giveWay', ms: 500 });
    const before = pair.sentDatagrams;
    pair.run(400);
    const probes = pair.sentDatagrams - before;
    assert.ok(probes > 0 && probes < 40, `${probes} datagrams`);
    pair.forth.isCut = false;
    pair.run(60_000);
    assert.ok(pair.isExact);
  });
});
