// What of a file is on its way, and what of it goes again.

import assert from 'node:assert/strict';
import { BLOCK_BYTES, BLOCK_TRIES, LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';
import { SendWindow } from '../../../src/engine/transfer/sendWindow.ts';
import { PROBE } from '../../../src/engine/transfer/sentHistory.ts';
import type { SendOptions } from '../../../src/engine/transfer/transferIo.ts';
import { KEYS } from './transferPair.ts';

const MARK = { delivered: 0, deliveredAt: 0, sentAt: 0, isLimited: false, madeAt: 0 };
const BLOCKS = 4;

/** Pieces are said as `block.piece`, with an `s` behind where they are sealed by themselves. Each block is two of them. */
class Trial {
  readonly window: SendWindow;

  constructor(options: Partial<SendOptions> = {}, datagramBytes = LARGE_DATAGRAM_BYTES) {
    const session = { keys: KEYS, sizeBytes: BLOCKS * BLOCK_BYTES, firstBlock: 0 };
    this.window = new SendWindow({ ...session, ...options }, datagramBytes);
  }

  /** Reads as far as there is room. Answers which blocks. */
  read(): number[] {
    const read: number[] = [];
    for (let out = this.window.nextNeed(); out !== undefined; out = this.window.nextNeed()) {
      assert.ok(out.kind === 'needBlock');
      this.window.take(out.index, Buffer.alloc(out.length));
      read.push(out.index);
    }
    return read;
  }

  /** All that may leave at `now`, up to `most` pieces. */
  send(now = 0, most = Number.POSITIVE_INFINITY): string[] {
    const { queue, history, blocks } = this.window;
    const sent: string[] = [];
    for (let at = queue.take(); at !== undefined; at = sent.length < most ? queue.take() : undefined) {
      history.add(blocks.nameOf(at), 1000, now, MARK);
      sent.push(`${at.block.index}.${at.piece}${at.block.isSealedSingly ? 's' : ''}`);
    }
    return sent;
  }

  /** These datagrams have arrived. */
  settle(...numbers: number[]): void {
    for (const number of numbers) {
      this.window.settle(this.window.history.piece(number));
      this.window.history.settle(number);
    }
  }

  /** These were lost. */
  lose(...numbers: number[]): void {
    for (const number of numbers) {
      this.window.history.markLost(number);
      this.window.queue.sendAgain(this.window.history.piece(number));
    }
  }
}

function sent(options: Partial<SendOptions> = {}): Trial {
  const trial = new Trial(options);
  trial.read();
  assert.deepEqual(trial.send(), ['0.0', '0.1', '1.0', '1.1', '2.0', '2.1', '3.0', '3.1']);
  return trial;
}

describe('what is on its way', () => {
  it('is each block that the receiver lacks, and the last one', () => {
    const trial = new Trial({ have: [{ start: 1, end: 4 }] });
    assert.deepEqual(trial.read(), [0, 3]);
    assert.deepEqual(trial.send(), ['0.0', '0.1', '3.0', '3.1']);
  });

  it('is no more than the window, whatever the receiver says', () => {
    const trial = new Trial({ windowBlocks: 2 });
    assert.deepEqual(trial.read(), [0, 1]);
    trial.send();
    assert.ok(trial.window.isAllSent);
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    assert.deepEqual([trial.window.isAllSent, ...trial.read()], [false, 2]);
  });

  it('is read sixteen blocks ahead of what leaves, and 256 of what is verified: either bounds the memory', () => {
    const trial = new Trial({ sizeBytes: 300 * BLOCK_BYTES });
    trial.window.takeNews({ blockLimit: 300, verifiedBlocks: 0 });
    assert.equal(trial.read().length, 16);
    for (trial.send(); trial.read().length > 0; trial.send());
    assert.deepEqual([trial.window.queue.block, trial.window.isAllSent], [256, true]);
  });

  it('has a history as long as the window, however large the file is', () => {
    const roomFor = (sizeBytes: number) => {
      const { history } = new Trial({ sizeBytes }).window;
      while (!history.isFull) history.add(PROBE, 1200, 0, MARK);
      return history.next;
    };
    assert.equal(roomFor(2 ** 52), roomFor(256 * BLOCK_BYTES));
    assert.ok(roomFor(BLOCK_BYTES) < roomFor(256 * BLOCK_BYTES));
  });

  it('is what the receiver has let leave, also where an older word of it comes late', () => {
    const trial = new Trial({ sizeBytes: 40 * BLOCK_BYTES });
    trial.window.takeNews({ blockLimit: 20, verifiedBlocks: 0 });
    assert.equal(trial.window.takeNews({ blockLimit: 18, verifiedBlocks: 0 }), undefined);
    while (trial.read().length > 0) trial.send();
    assert.deepEqual([trial.window.queue.block, trial.window.isAllSent], [20, true]);
  });

  it('is verified once, and never before it was sent: a receiver that says so is believed up to there', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 3);
    const hear = (verifiedBlocks: number) => trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks });
    assert.deepEqual([hear(2 ** 32 - 1), hear(1), hear(0)], [BLOCK_BYTES, undefined, undefined]);
    assert.deepEqual([trial.window.isVerified, trial.window.blocks.has(1)], [false, true]);
    trial.send();
    assert.deepEqual([hear(2 ** 32 - 1), trial.window.isVerified], [BLOCKS * BLOCK_BYTES, true]);
  });

  it('is of none that was not asked for, is there already, or was verified', () => {
    const trial = new Trial({ windowBlocks: 2 });
    trial.read();
    trial.window.take(2, Buffer.alloc(BLOCK_BYTES));
    const first = trial.window.blocks.get(0);
    trial.window.take(0, Buffer.alloc(BLOCK_BYTES));
    assert.deepEqual([trial.window.blocks.has(2), trial.window.blocks.get(0) === first], [false, true]);
    trial.send();
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    trial.window.take(0, Buffer.alloc(BLOCK_BYTES));
    assert.equal(trial.window.blocks.has(0), false);
  });

  it('is let go without a look at each block that was never sent: there may be millions', () => {
    const blocks = 2 ** 20;
    const trial = new Trial({ sizeBytes: blocks * BLOCK_BYTES, have: [{ start: 1, end: blocks - 1 }] });
    trial.read();
    trial.send();
    let released = 0;
    trial.window.blocks.release = () => {
      released++;
    };
    const verifiedBytes = trial.window.takeNews({ blockLimit: blocks, verifiedBlocks: blocks - 1 });
    assert.deepEqual([verifiedBytes, released], [(blocks - 1) * BLOCK_BYTES, 1]);
  });

  it('goes again where it was lost, before anything new, and not where it has come meanwhile', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 5);
    trial.lose(0, 2, 3);
    trial.settle(2);
    assert.deepEqual(trial.send(), ['0.0', '1.1', '2.1', '3.0', '3.1']);
    trial.lose(4);
    assert.equal(trial.window.queue.hasNext, true);
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 3 });
    assert.equal(trial.window.queue.hasNext, false);
  });

  it('has room in its history for all of it to be sent again', () => {
    const trial = new Trial({ sizeBytes: 300 * BLOCK_BYTES, windowBlocks: 13 }, 1200);
    trial.read();
    const { length } = trial.send();
    assert.ok(length >= 13 * 55 && !trial.window.history.isFull);
    trial.lose(...Array.from({ length: length - 1 }, (_, i) => i + 1));
    trial.send();
    assert.equal(trial.window.history.isFull, false);
  });
});

describe('the tail of a file', () => {
  it('goes twice, once, the last of it first, without what has come or left long ago', () => {
    const trial = new Trial();
    trial.read();
    trial.send(10, 4);
    trial.window.doubleTail(0);
    assert.deepEqual(trial.send(20), ['2.0', '2.1', '3.0', '3.1'], 'there is something new to be sent');
    trial.settle(6);
    trial.window.history.add(PROBE, 1200, 20, MARK);
    trial.window.doubleTail(20);
    assert.equal(trial.window.queue.hasNext, true);
    assert.deepEqual(trial.send(30), ['3.1', '2.1', '2.0']);
    trial.window.doubleTail(0);
    assert.equal(trial.window.queue.hasNext, false);
  });

  it('is left alone where it has come in between', () => {
    const trial = sent();
    trial.window.doubleTail(0);
    trial.settle(7, 6, 5);
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    assert.deepEqual(trial.send(), ['2.0', '1.1', '1.0']);
  });

  it('goes once more, and not twice, where some of it was lost and has left again', () => {
    const trial = sent();
    trial.lose(7);
    assert.deepEqual(trial.send(), ['3.1']);
    trial.settle(0, 1, 2, 3);
    trial.window.doubleTail(0);
    assert.deepEqual(trial.send(), ['3.1', '3.0', '2.1', '2.0']);
  });

  it('goes once more behind a file of which a fiftieth is longer than what is remembered', () => {
    const trial = new Trial();
    for (let number = 0; number < 50_000; number++) {
      trial.window.history.add(PROBE, 1200, 0, MARK);
      trial.settle(number);
    }
    trial.read();
    trial.send();
    trial.window.doubleTail(0);
    assert.deepEqual(trial.send(), ['3.1', '3.0', '2.1', '2.0', '1.1', '1.0', '0.1', '0.0']);
  });

  it('is 32 datagrams, or a fiftieth of a file that has more', () => {
    for (const [blocks, tail] of [
      [16, 32],
      [45, Math.floor((45 * 46) / 50)],
    ] as const) {
      const trial = new Trial({ sizeBytes: blocks * BLOCK_BYTES }, 1452);
      trial.window.takeNews({ blockLimit: blocks, verifiedBlocks: 0 });
      while (trial.read().length > 0) trial.send();
      assert.equal(trial.window.history.next, 46 * blocks);
      trial.window.doubleTail(0);
      assert.equal(trial.send().length, tail);
    }
  });
});

describe('a block that somebody has spoiled', () => {
  it('goes again as PIECEs, once for each time, with nothing of it counted as there', () => {
    const trial = sent();
    trial.settle(2);
    for (const again of [['1.0s', '1.1s'], []]) {
      trial.window.sendDamagedAgain({ block: 1, times: 1 });
      assert.deepEqual(trial.send(), again);
    }
    trial.window.sendDamagedAgain({ block: 1, times: 2 });
    assert.deepEqual(trial.send(), ['1.0s', '1.1s']);
    trial.window.sendDamagedAgain({ block: 1, times: BLOCK_TRIES });
    assert.deepEqual(trial.send(), [], 'a receiver has given up by then: who says so means harm');
  });

  it('is sent as PIECEs where it was still to come, and not again where it was verified', () => {
    const trial = new Trial({ windowBlocks: 2 });
    trial.read();
    trial.send();
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    for (const times of [1, 2]) trial.window.sendDamagedAgain({ block: 0, times });
    trial.window.sendDamagedAgain({ block: 2, times: 1 });
    assert.deepEqual(trial.send(), []);
    trial.read();
    assert.deepEqual(trial.send(), ['2.0s', '2.1s']);
    assert.equal(trial.window.blocks.isSealedSingly, false);
  });

  it('changes nothing for the others: what waits goes as before, what is lost goes again', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 5);
    trial.lose(0, 1, 2);
    assert.deepEqual(trial.send(0, 1), ['0.0']);
    trial.window.sendDamagedAgain({ block: 1, times: 1 });
    assert.deepEqual(trial.send(), ['0.1', '1.0s', '1.1s', '2.1', '3.0', '3.1']);
    trial.lose(4, 5);
    assert.deepEqual(trial.send(), ['2.0', '0.0']);
  });

  it('goes from its begin on, and once, where only a part of it had left', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 3);
    trial.window.sendDamagedAgain({ block: 1, times: 1 });
    assert.deepEqual(trial.send(), ['1.0s', '1.1s', '2.0', '2.1', '3.0', '3.1']);
  });

  it('makes all go as PIECEs when it is the third, those that come later, too', () => {
    const trial = new Trial({ windowBlocks: 3 });
    trial.read();
    trial.send();
    trial.window.sendDamagedAgain({ block: 0, times: 1 });
    trial.window.sendDamagedAgain({ block: 0, times: 2 });
    assert.equal(trial.window.blocks.isSealedSingly, false);
    trial.window.sendDamagedAgain({ block: 1, times: 1 });
    assert.deepEqual(trial.send(), ['0.0s', '0.1s', '1.0s', '1.1s', '2.0s', '2.1s']);
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    trial.read();
    assert.deepEqual(trial.send(), ['3.0s', '3.1s']);
    trial.window.sendDamagedAgain({ block: 2, times: 1 });
    assert.deepEqual(trial.send(), ['2.0s', '2.1s'], 'one that is spoiled after that goes again by itself');
    trial.window.sealAllSingly();
    assert.deepEqual(trial.send(), [], 'whoever goes on to forge numbers has nothing more of it');
  });

  it('is remembered for as many blocks as the window has: a bound on what a peer can say', () => {
    const trial = new Trial({ sizeBytes: 1000 * BLOCK_BYTES, windowBlocks: 2 });
    trial.read();
    trial.send();
    for (const block of [700, 701, 1]) trial.window.sendDamagedAgain({ block, times: 1 });
    assert.deepEqual(trial.send(), []);
    trial.window.sendDamagedAgain({ block: 701, times: 2 });
    assert.equal(trial.window.blocks.isSealedSingly, true, 'what is remembered counts on');
  });

  it('is forgotten once it is verified, and leaves room for another', () => {
    const trial = new Trial({ windowBlocks: 2 });
    trial.read();
    trial.send();
    for (const block of [0, 1]) trial.window.sendDamagedAgain({ block, times: 1 });
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 2 });
    trial.window.sendDamagedAgain({ block: 2, times: 1 });
    assert.equal(trial.window.blocks.isSealedSingly, true);
  });
});

describe('what is cut anew', () => {
  it('is all that the receiver lacks, up to where the file has got, and what is in flight counts no more', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 3);
    trial.settle(0, 1);
    trial.window.cutAllAnew(16_500);
    assert.equal(trial.window.history.inFlight, 0);
    assert.equal(trial.window.blocks.get(0)?.pieceCount, 4);
    assert.deepEqual(trial.send().slice(0, 5), ['1.0', '1.1', '1.2', '1.3', '2.0']);
    trial.settle(2);
    trial.lose(3);
    assert.deepEqual(trial.send(), ['1.0'], 'what the third datagram was is not known any more');
  });

  it('goes once, though some of it waited to go again', () => {
    const trial = sent();
    trial.lose(2, 3);
    trial.window.doubleTail(0);
    trial.window.cutAllAnew(33_000);
    assert.deepEqual(trial.send(), ['0.0', '0.1', '1.0', '1.1', '2.0', '2.1', '3.0', '3.1']);
  });

  it('goes again before what is new', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 5);
    trial.settle(0, 3);
    trial.window.cutAllAnew(16_500);
    assert.deepEqual(trial.send(0, 7), ['0.2', '0.3', '1.0', '1.1', '2.0', '2.1', '2.2']);
    assert.deepEqual(trial.send(), ['2.3', '3.0', '3.1', '3.2', '3.3']);
  });
});

describe('where all was acknowledged and the receiver still waits', () => {
  it('one piece beyond its limit asks for news', () => {
    const trial = new Trial();
    trial.read();
    trial.send(0, 2);
    trial.window.takeNews({ blockLimit: 0, verifiedBlocks: 1 });
    const at = trial.window.askForNews();
    assert.deepEqual([at?.block.index, at?.piece], [1, 0]);
  });

  it('nothing can go where that block was not read yet', () => {
    assert.equal(new Trial().window.askForNews(), undefined);
  });

  it('the first block that it lacks goes again, as far as it went: somebody has forged its numbers', () => {
    const trial = sent();
    trial.settle(0, 1, 2, 3);
    trial.window.takeNews({ blockLimit: BLOCKS, verifiedBlocks: 1 });
    assert.equal(trial.window.askForNews(), undefined);
    assert.deepEqual(trial.send(), ['1.0', '1.1']);
  });
});
