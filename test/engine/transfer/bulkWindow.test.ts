// Blocks over a line of one rate with a queue that never ends, as a file over TLS meets it: virtual time, one block after the other.

import assert from 'node:assert/strict';
import { BulkWindow } from '../../../src/engine/transfer/bulkWindow.ts';
import {
  BULK_FIRST_BLOCKS,
  BULK_PASS_MS,
  BULK_QUEUE_MS,
} from '../../../src/engine/transfer/carrierParams.ts';

const HOUR_MS = 3_600_000;

interface Line {
  /** What one block takes to pass. */
  readonly blockMs: number;
  /** There and back, when it is empty. */
  readonly emptyMs: number;
}

interface Passed {
  /** How long each block waited for those before it, in the order of their sending. */
  readonly waits: number[];
  readonly tookMs: number;
}

/** Sends as long as there is room; `stops` says how long the disk there takes nothing once a block has come. */
function pass(line: Line, blocks: number, stops: ReadonlyMap<number, number> = new Map()): Passed {
  const window = new BulkWindow();
  const waits: number[] = [];
  const counts: { readonly at: number; readonly blocks: number }[] = [];
  let [now, freeAt, diskAt] = [0, 0, 0];
  const send = (index: number) => {
    window.handedOver(index, now);
    window.passedOn(now);
    waits.push(Math.max(0, freeAt - now));
    freeAt = Math.max(freeAt, now) + line.blockMs;
    diskAt = Math.max(diskAt, freeAt + line.emptyMs) + (stops.get(index) ?? 0);
    counts.push({ at: diskAt, blocks: index + 1 });
  };
  while (waits.length < blocks || counts.length > 0) {
    while (waits.length < blocks && window.hasRoom) send(waits.length);
    const count = counts.shift();
    assert.ok(count, 'there is no room, and nothing is on the way');
    now = count.at;
    window.counted(count.blocks, now);
  }
  return { waits, tookMs: now };
}

const THIN: Line = { blockMs: 52, emptyMs: 30 };
const VERY_THIN: Line = { blockMs: 500, emptyMs: 300 };
const FAST: Line = { blockMs: 0.6, emptyMs: 1 };
const FAR: Line = { blockMs: 5, emptyMs: 200 };

describe('the blocks on the way over a bulk connection', () => {
  it('leave the queue of a thin line short, for as long as a file takes, and the line hardly ever idle', () => {
    const blocks = Math.floor(HOUR_MS / THIN.blockMs);
    const { waits, tookMs } = pass(THIN, blocks);
    const longest = Math.max(...waits.slice(100));
    assert.ok(longest <= BULK_QUEUE_MS + 2 * THIN.blockMs, `waited ${longest} ms`);
    assert.ok(tookMs < 1.005 * blocks * THIN.blockMs, `took ${tookMs} ms`);
  });

  it('are as many as a fast line and a far one hold', () => {
    for (const line of [FAST, FAR]) {
      const { tookMs } = pass(line, 2_000);
      assert.ok(tookMs < 1.1 * 2_000 * line.blockMs + 5 * line.emptyMs, `took ${tookMs} ms`);
    }
  });

  it('lose little where the disk there stops for a while: it is no line, but nobody can tell', () => {
    const stops = new Map([[1_000, 400]]);
    const [with1, without] = [pass(FAST, 4_000, stops), pass(FAST, 4_000)];
    assert.ok(with1.tookMs - without.tookMs < 400 * 1.2, `${with1.tookMs} ms, ${without.tookMs} without`);
  });

  it('are one more with each that the socket passes on in time, until one has arrived', () => {
    const window = new BulkWindow();
    const roomAfter = (tookMs: number, index: number) => {
      window.handedOver(index, 0);
      window.passedOn(tookMs);
      return window.hasRoom;
    };
    const inTime = Array.from({ length: BULK_FIRST_BLOCKS }, (_, index) => roomAfter(BULK_PASS_MS, index));
    assert.deepEqual(inTime, [...Array(BULK_FIRST_BLOCKS - 1).fill(true), false]);
    window.counted(BULK_FIRST_BLOCKS, 1_000);
    for (let index = 0; window.hasRoom; index++) window.handedOver(BULK_FIRST_BLOCKS + index, 1_000);
    window.passedOn(1_000);
    assert.ok(!window.hasRoom);
  });

  it('are no more where the socket takes long for one', () => {
    const window = new BulkWindow();
    window.handedOver(0, 0);
    window.passedOn(BULK_PASS_MS + 1);
    assert.ok(!window.hasRoom);
    window.counted(1, 2 * BULK_PASS_MS);
    assert.ok(window.hasRoom);
  });

  it('do not become more while it is not they that hold the sender back', () => {
    const window = new BulkWindow();
    for (let index = 0; index < 1_000; index++) {
      window.handedOver(index, index);
      window.counted(index + 1, index + 0.5);
    }
    let room = 0;
    while (window.hasRoom && room < 10_000) window.handedOver(2_000 + room++, 1_001);
    assert.equal(room, 2);
  });

  it('are never fewer than one that passes and one that is written', () => {
    const { tookMs } = pass(VERY_THIN, 1_000);
    assert.ok(tookMs < 1.02 * 1_000 * VERY_THIN.blockMs, `took ${tookMs} ms`);
  });

  it('know a line that has become longer after a while', () => {
    const window = new BulkWindow();
    let index = 0;
    const round = (from: number, tookMs: number) => {
      const first = index;
      while (window.hasRoom) window.handedOver(index++, from);
      window.counted(index, from + tookMs);
      return index - first;
    };
    const near = round(0, 10);
    for (let at = 1_000; at < 36_000; at += 1_000) round(at, 500);
    assert.ok(round(36_000, 500) > near);
  });
});
