// A file over a bulk connection and a line of one rate with a queue that never ends, part by part, in virtual time.

import assert from 'node:assert/strict';
import { BulkSendMachine, type BulkSendOut } from '../../../src/engine/transfer/bulkSendMachine.ts';
import { BULK_FIRST_BLOCKS, BULK_SOCKET_BLOCKS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const SLICE_BYTES = 8 * 1024;

interface Line {
  /** What one block takes to pass. */
  readonly blockMs: number;
  /** There and back, when it is empty. */
  readonly emptyMs: number;
  /** What the disk there takes for a block at most. */
  readonly diskMs?: number;
  /** How often 8 KiB come a round trip later, or that lost again, two …: what is behind them waits for them, and the line goes on. */
  readonly lost?: number;
  /** What the socket takes beyond what has passed; all where it is not said. */
  readonly socketBytes?: number;
}

type Slice = Extract<BulkSendOut, { kind: 'sendSlice' }>;

interface Told {
  readonly at: number;
  readonly input: Parameters<BulkSendMachine['handle']>[0];
}

/** What goes to the socket at once, and how long somebody who writes right behind it waits: for it and what was there before. */
interface Part {
  readonly at: number;
  readonly bytes: number;
  readonly waitMs: number;
}

/** What follows one another in time; of those at the same time, in the order of their coming. */
function insert(told: Told[], next: Told): void {
  const before = told.findLastIndex(({ at }) => at <= next.at);
  told.splice(before + 1, 0, next);
}

/** The whole way of a file; the line may change on the way. */
class Passage {
  readonly parts: Part[] = [];
  /** The disk reads each block in a fifth of a millisecond. */
  readonly #told: Told[] = [];
  readonly #machine: BulkSendMachine;
  readonly #random = seededRandom(7);
  readonly #lineAt: (now: number) => Line;
  #now = 0;
  #freeAt = 0;
  /** Of all that has gone, in its order. */
  #thereAt = 0;
  #diskAt = 0;
  #sentAt = 0;
  #wakes = 0;
  #slicedTo = 0;
  #blocks = 0;
  #isFinished = false;

  constructor(blocks: number, lineAt: (now: number) => Line) {
    this.#machine = new BulkSendMachine({ sizeBytes: blocks * BLOCK_BYTES, firstBlock: 0 });
    this.#lineAt = lineAt;
    this.#tell({ kind: 'time' });
    this.#tell({ kind: 'count', blocks: 0 });
    while (!this.#isFinished) this.#step();
  }

  get tookMs(): number {
    return this.#now;
  }

  /** How often the machine was woken by its deadline. */
  get wakes(): number {
    return this.#wakes;
  }

  longestWait(fromMs: number, toMs = Number.POSITIVE_INFINITY): number {
    return Math.max(...this.parts.filter(({ at }) => at >= fromMs && at < toMs).map(({ waitMs }) => waitMs));
  }

  #step(): void {
    const deadline = this.#machine.deadline() ?? Number.POSITIVE_INFINITY;
    const next = this.#told[0];
    if (next !== undefined && next.at <= deadline) {
      this.#told.shift();
      this.#now = Math.max(this.#now, next.at);
      return this.#tell(next.input);
    }
    assert.ok(Number.isFinite(deadline), 'nothing is on the way, and nobody waits');
    this.#wakes++;
    this.#now = Math.max(this.#now, deadline);
    this.#tell({ kind: 'time' });
  }

  #tell(input: Told['input']): void {
    const machine = this.#machine;
    machine.handle(input, this.#now);
    for (let out = machine.poll(); out !== undefined; out = machine.poll()) {
      assert.notEqual(out.kind, 'stalled');
      if (out.kind === 'finished') this.#isFinished = true;
      else if (out.kind === 'needBlock')
        this.#after(0.2, { kind: 'block', index: out.index, bytes: Buffer.alloc(out.length) });
      else if (out.kind === 'send') this.#carry(out.index, out.bytes.length, true);
      else if (out.kind === 'sendSlice') this.#carrySlice(out);
    }
  }

  /** On the wire they must be the block, whole and in order. */
  #carrySlice({ index, bytes, start, end }: Slice): void {
    assert.equal(start, this.#slicedTo, `block ${index}`);
    this.#slicedTo = end === bytes.length ? 0 : end;
    this.#carry(index, end - start, end === bytes.length);
  }

  #carry(index: number, bytes: number, isLast: boolean): void {
    if (isLast) assert.ok(this.#slicedTo === 0 && index === this.#blocks++, `block ${index}`);
    const { blockMs, emptyMs, diskMs = 0, lost = 0, socketBytes } = this.#lineAt(this.#now);
    this.#freeAt = Math.max(this.#freeAt, this.#now) + (blockMs * bytes) / BLOCK_BYTES;
    const waitsMs = this.#timesLost(bytes, lost) * emptyMs;
    this.#thereAt = Math.max(this.#thereAt, this.#freeAt + waitsMs);
    this.parts.push({ at: this.#now, bytes, waitMs: this.#freeAt - this.#now });
    if (!isLast) return;
    this.#diskAt = Math.max(this.#diskAt, this.#thereAt + emptyMs + diskMs * this.#random());
    const heldMs = blockMs * ((socketBytes ?? Number.POSITIVE_INFINITY) / BLOCK_BYTES);
    this.#sentAt = Math.max(this.#sentAt, this.#now + 0.1, this.#freeAt + emptyMs - heldMs);
    insert(this.#told, { at: this.#sentAt, input: { kind: 'sent' } });
    insert(this.#told, { at: this.#diskAt, input: { kind: 'count', blocks: index + 1 } });
  }

  /** The most of any of its slices. */
  #timesLost(bytes: number, share: number): number {
    let most = 0;
    for (let slice = 0; share > 0 && slice < bytes / SLICE_BYTES; slice++) {
      let times = 0;
      while (this.#random() < share) times++;
      most = Math.max(most, times);
    }
    return most;
  }

  #after(ms: number, input: Told['input']): void {
    insert(this.#told, { at: this.#now + ms, input });
  }
}

/** 10 Mbit/s. */
const HOME: Line = { blockMs: 52.4, emptyMs: 40 };
const FAST: Line = { blockMs: 1, emptyMs: 40 };
/** Until the rate is known, and what was sent before has arrived. */
const BEGINNING_MS = 3_000;

describe('what waits in front of a thin line, from a file over a bulk connection,', () => {
  it('is less than a block for as long as the file takes, and the line is hardly ever idle', () => {
    const passage = new Passage(8_000, () => HOME);
    const longest = passage.longestWait(BEGINNING_MS);
    assert.ok(longest < 30, `waited ${longest} ms`);
    assert.ok(passage.tookMs < 1.005 * 8_000 * HOME.blockMs, `took ${passage.tookMs} ms`);
  });

  it('is little more where the disk there is late now and then', () => {
    const passage = new Passage(2_000, () => ({ ...HOME, diskMs: 15 }));
    const longest = passage.longestWait(BEGINNING_MS);
    assert.ok(longest < 60, `waited ${longest} ms`);
    assert.ok(passage.tookMs < 1.01 * 2_000 * HOME.blockMs, `took ${passage.tookMs} ms`);
  });

  it('is less than half a block where that alone takes half a second', () => {
    const line: Line = { blockMs: 500, emptyMs: 300 };
    const passage = new Passage(1_000, () => line);
    assert.ok(passage.longestWait(20_000) < 150, `waited ${passage.longestWait(20_000)} ms`);
    assert.ok(passage.tookMs < 1.02 * 1_000 * line.blockMs, `took ${passage.tookMs} ms`);
  });

  it('is little more than a slice where that alone takes longer than a second', () => {
    const line: Line = { blockMs: 13_107, emptyMs: 150 };
    const passage = new Passage(60, () => line);
    const longest = passage.longestWait(10 * line.blockMs);
    assert.ok(longest < 2_000, `waited ${longest} ms`);
    assert.ok(passage.tookMs < 1.005 * 60 * line.blockMs, `took ${passage.tookMs} ms`);
  });

  it('is enough for a disk that is late, where half a block takes less than half a second', () => {
    const passage = new Passage(80, () => ({ blockMs: 700, emptyMs: 40, diskMs: 200 }));
    assert.ok(passage.tookMs < 1.01 * 80 * 700, `took ${passage.tookMs} ms`);
  });

  it('is enough for a disk that is late where the way is long, too', () => {
    const passage = new Passage(200, () => ({ blockMs: 1_310, emptyMs: 300, diskMs: 200 }));
    assert.ok(passage.tookMs < 1.015 * 200 * 1_310, `took ${passage.tookMs} ms`);
  });

  it('is as little after the line has become slower', () => {
    const slow: Line = { blockMs: 130, emptyMs: 40 };
    const passage = new Passage(1_500, (now) => (now < 20_000 ? HOME : slow));
    assert.ok(passage.longestWait(25_000) < 60, `waited ${passage.longestWait(25_000)} ms`);
    assert.ok(passage.tookMs < 1.02 * (20_000 + (1_500 - 20_000 / 52.4) * 130), `took ${passage.tookMs} ms`);
  });

  it('does not hold back a line that has become fast', () => {
    const passage = new Passage(10_000, (now) => (now < 20_000 ? HOME : FAST));
    assert.ok(passage.tookMs < 20_000 + 1.1 * 10_000 * FAST.blockMs + 1_000, `took ${passage.tookMs} ms`);
  });

  it('goes in slices of 8 KiB once it is known, and in whole blocks before', () => {
    const { parts } = new Passage(200, () => HOME);
    assert.equal(parts[0]?.bytes, BLOCK_BYTES);
    assert.equal(parts.at(-1)?.bytes, SLICE_BYTES);
  });
});

describe('the first blocks over a bulk connection, before anything is known of the line,', () => {
  /** 40 kbit/s. */
  const thinnest: Line = { blockMs: 13_107, emptyMs: 150 };

  for (const [socketBytes, blocks] of [
    [40_000, 1],
    [87_040, 2],
  ] as const)
    it(`are ${blocks} on a line of 40 kbit/s, behind a socket of ${socketBytes} bytes, and slices follow`, () => {
      const passage = new Passage(30, () => ({ ...thinnest, socketBytes }));
      const knownMs = blocks * thinnest.blockMs + thinnest.emptyMs;
      assert.deepEqual(
        passage.parts.filter(({ at }) => at < knownMs).map(({ bytes }) => bytes),
        Array(blocks).fill(BLOCK_BYTES),
      );
      assert.ok(passage.longestWait(knownMs) < 2_000, `waited ${passage.longestWait(knownMs)} ms`);
      assert.ok(passage.tookMs < 1.005 * 30 * thinnest.blockMs, `took ${passage.tookMs} ms`);
    });

  it('are no more than the socket takes and one on a line of 1 Mbit/s', () => {
    const passage = new Passage(80, () => ({ blockMs: 524, emptyMs: 40, socketBytes: 87_040 }));
    assert.ok(passage.longestWait(0, 500) < 2.4 * 524, `waited ${passage.longestWait(0, 500)} ms`);
  });

  it('are as many as ever where the socket takes them at once', () => {
    const { parts } = new Passage(80, () => ({ blockMs: 5, emptyMs: 200 }));
    assert.equal(parts.filter(({ at }) => at < 10).length, BULK_FIRST_BLOCKS);
  });
});

describe('a file over a bulk connection and a thin line that loses much', () => {
  for (const { blockMs, emptyMs, lost } of [
    { blockMs: 52.4, emptyMs: 40, lost: 0.2 },
    { blockMs: 52.4, emptyMs: 40, lost: 0.4 },
    { blockMs: 26.2, emptyMs: 40, lost: 0.15 },
    { blockMs: 52.4, emptyMs: 120, lost: 0.15 },
  ])
    it(`goes as fast as the line: ${100 * lost} % of slices are late, of lines of ${blockMs} ms a block and ${emptyMs} ms`, () => {
      const passage = new Passage(2_000, () => ({ blockMs, emptyMs, lost }));
      const share = (2_000 * blockMs) / passage.tookMs;
      assert.ok(share > 0.93, `had ${share} of the line`);
    });

  it('leaves as little in front of it as any other once nothing is lost any more', () => {
    const passage = new Passage(2_000, (now) => ({ ...HOME, lost: now < 30_000 ? 0.15 : 0 }));
    const longest = passage.longestWait(35_000);
    assert.ok(longest < 30, `waited ${longest} ms`);
  });

  it('goes on in whole blocks when the line has become fast', () => {
    const passage = new Passage(10_000, (now) => (now < 20_000 ? { ...HOME, lost: 0.15 } : FAST));
    assert.equal(passage.parts.at(-1)?.bytes, BLOCK_BYTES);
    assert.ok(passage.tookMs < 20_000 + 1.1 * 10_000 * FAST.blockMs + 1_000, `took ${passage.tookMs} ms`);
  });
});

describe('a file over a bulk connection and a line that is not thin', () => {
  for (const line of [
    { blockMs: 0.6, emptyMs: 1 },
    { blockMs: 5, emptyMs: 200 },
    { blockMs: 9, emptyMs: 20 },
  ])
    it(`goes in whole blocks, and nobody is woken for them: ${line.blockMs} ms a block`, () => {
      const passage = new Passage(2_000, () => line);
      assert.ok(passage.parts.every(({ bytes }) => bytes === BLOCK_BYTES));
      assert.equal(passage.wakes, 0);
      assert.ok(passage.tookMs < 1.1 * 2_000 * line.blockMs + 5 * line.emptyMs, `took ${passage.tookMs} ms`);
    });

  it('has as many on the way as the socket may have', () => {
    const { parts } = new Passage(2_000, () => ({ blockMs: 0.6, emptyMs: 60 }));
    const most = Math.max(...parts.map(({ at }) => parts.filter((p) => p.at > at - 60 && p.at <= at).length));
    assert.ok(most >= 2 * BULK_SOCKET_BLOCKS, `${most} in a round trip`);
  });
});
