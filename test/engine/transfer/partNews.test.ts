// What is told of blocks that are not whole, by itself and by those who take blocks.

import assert from 'node:assert/strict';
import { BulkReceiveMachine } from '../../../src/engine/transfer/bulkReceiveMachine.ts';
import { PART_NEWS_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES, MIN_PROBE_DATAGRAMS } from '../../../src/engine/transfer/params.ts';
import { PartNews } from '../../../src/engine/transfer/partNews.ts';
import { encodeBulkHeader } from '../../../src/wire/bulkFrame.ts';
import { TransferPair } from './transferPair.ts';

describe('the news of a part', () => {
  it('is the first bytes at once, and then all that came in a quarter of a second', () => {
    const news = new PartNews();
    assert.equal(news.came(100, 1_000), 100);
    assert.equal(news.came(10, 1_001), undefined);
    assert.equal(news.came(20, 1_000 + PART_NEWS_MS - 1), undefined);
    assert.equal(news.came(30, 1_000 + PART_NEWS_MS), 60);
  });

  it('is none where nothing new came, however late', () => {
    const news = new PartNews();
    assert.equal(news.came(0, 1_000), undefined);
    assert.equal(news.came(1, 2_000), 1);
    assert.equal(news.came(2, 2_001), undefined);
    assert.equal(news.came(0, 9_000), undefined);
  });

  it('is none of a block that has become whole since, and none right behind it', () => {
    const news = new PartNews();
    news.came(100, 1_000);
    news.came(10, 1_100);
    news.whole(1_200);
    assert.equal(news.came(20, 1_300), undefined);
    assert.equal(news.came(30, 1_200 + PART_NEWS_MS), 50);
  });

  for (const [kbitPerSecond, mostMs] of [
    [40, 2 * PART_NEWS_MS + 100],
    // A datagram takes 726 ms, and so many have come twice: the sender asked after them before it knew how long an answer takes.
    [16, 1_000 + MIN_PROBE_DATAGRAMS * 726],
  ] as const) {
    it(`comes with the datagrams of a line of ${kbitPerSecond} kbit/s, each byte of a block in one at most`, () => {
      const path = { latencyMs: 150, bytesPerMs: kbitPerSecond / 8, queueBytes: 64_000 };
      const pair = new TransferPair({
        seed: 1,
        sizeBytes: 3 * BLOCK_BYTES,
        path,
        back: { latencyMs: 150 },
      }).start();
      const heardAt: number[] = [];
      let seen = 0;
      pair.time.runUntil(() => {
        const news = pair.got.slice(seen).filter(({ kind }) => kind === 'part' || kind === 'write');
        seen = pair.got.length;
        if (news.length > 0) heardAt.push(pair.time.now());
        return pair.hasGot('finished');
      }, 200_000);
      const gaps = heardAt.slice(1).map((at, i) => at - (heardAt[i] ?? 0));
      assert.ok(Math.max(...gaps) <= mostMs, `${Math.max(...gaps)} ms`);
      const told = pair.got.flatMap((out) => (out.kind === 'part' ? [out.bytes] : []));
      const bytes = told.reduce((sum, each) => sum + each, 0);
      assert.ok(bytes > 2 * BLOCK_BYTES && bytes <= 3 * (BLOCK_BYTES + 16), `${bytes}`);
    });
  }

  it('is not told of a path that brings blocks more often than that', () => {
    const path = { latencyMs: 20, bytesPerMs: 1_250, queueBytes: 300_000 };
    const pair = new TransferPair({ seed: 1, sizeBytes: 2 ** 20, path }).start().run(60_000);
    assert.ok(pair.isExact);
    assert.deepEqual(
      pair.got.flatMap((out) => (out.kind === 'part' ? [out.bytes] : [])),
      [1426],
      'but for the first bytes',
    );
  });

  it('comes with the bytes of a connection, its headers left out', () => {
    const machine = new BulkReceiveMachine({ sizeBytes: 2 * BLOCK_BYTES, firstBlock: 0 });
    const told = (bytes: Buffer, now: number) => {
      machine.handle({ kind: 'bytes', bytes }, now);
      const outs = [];
      for (let out = machine.poll(); out !== undefined; out = machine.poll()) outs.push(out);
      return outs.map((out) => (out.kind === 'part' ? out.bytes : out.kind));
    };
    machine.handle({ kind: 'connected' }, 0);
    assert.deepEqual(told(encodeBulkHeader(0, BLOCK_BYTES), 0), ['count']);
    assert.deepEqual(told(Buffer.alloc(100), 400), [100]);
    assert.deepEqual(told(Buffer.alloc(50), 500), []);
    assert.deepEqual(told(Buffer.alloc(50), 650), [100]);
    const rest = Buffer.concat([
      Buffer.alloc(BLOCK_BYTES - 200),
      encodeBulkHeader(1, BLOCK_BYTES),
      Buffer.alloc(7),
    ]);
    assert.deepEqual(told(rest, 1_000), ['write'], 'a block says more');
    assert.deepEqual(told(Buffer.alloc(3), 1_249), [], 'nor its neighbour, right behind it');
    assert.deepEqual(told(Buffer.alloc(3), 1_250), [6]);
  });

  it('is none behind the word that what came may not come', () => {
    const machine = new BulkReceiveMachine({ sizeBytes: 2 * BLOCK_BYTES, firstBlock: 0 });
    machine.handle({ kind: 'connected' }, 0);
    const bytes = Buffer.concat([
      encodeBulkHeader(0, BLOCK_BYTES),
      Buffer.alloc(BLOCK_BYTES),
      Buffer.alloc(50),
    ]);
    machine.handle({ kind: 'bytes', bytes }, 1_000);
    const kinds = [];
    for (let out = machine.poll(); out !== undefined; out = machine.poll()) kinds.push(out.kind);
    assert.deepEqual(kinds, ['count', 'write', 'stalled']);
  });
});
