// A sender whose datagrams come after all, when it has taken them for lost: acknowledgements by hand, in virtual time.

import assert from 'node:assert/strict';
import type { Range } from '../../../src/base/rangeSet.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import { type Ack, encodeAck } from '../../../src/wire/ackDatagram.ts';
import { KEYS } from './transferPair.ts';

const MIB = 1024 * 1024;
const RTT_MS = 20;
/** Each datagram's number (engine/transfer/README.md). */
const NUMBER_OFFSET = 9;

class Sender {
  readonly part = new PathShare().join(8 * MIB);
  readonly #machine = new SendMachine({ keys: KEYS, sizeBytes: 8 * MIB, firstBlock: 0, part: this.part });
  #acks = 0;
  #now = 0;
  /** The next number that nobody has sent. */
  next = 0;

  constructor() {
    this.#machine.handle({ kind: 'time' }, 0);
    this.#send();
  }

  /** A round trip later: the numbers that are there by then. Answers how many datagrams leave for it within so many ms. */
  hear(ranges: readonly Range[], withinMs = 0): number {
    const before = this.next;
    this.#now += RTT_MS;
    const ack: Ack = { verifiedBlocks: 0, blockLimit: 128, delayMs: 0, echo: 0n, ranges, damaged: [] };
    const seal = { key: KEYS.ack, token: KEYS.token, number: this.#acks++ };
    this.#machine.handle({ kind: 'datagram', bytes: encodeAck(ack, seal) }, this.#now);
    this.#send();
    for (let ms = 0; ms < withinMs; ms++) this.#tick();
    return this.next - before;
  }

  #tick(): void {
    this.#now++;
    this.#machine.handle({ kind: 'time' }, this.#now);
    this.#send();
  }

  #send(): void {
    for (let out = this.#machine.poll(); out !== undefined; out = this.#machine.poll()) {
      if (out.kind === 'datagram') this.next = Buffer.from(out.bytes).readUInt32BE(NUMBER_OFFSET) + 1;
      if (out.kind === 'needBlock') {
        const bytes = Buffer.alloc(out.length);
        this.#machine.handle({ kind: 'block', index: out.index, bytes }, this.#now);
      }
    }
  }
}

describe('what was taken for lost and has come after all', () => {
  it('takes back what the sender has made of its loss', () => {
    const sender = new Sender();
    sender.hear([{ start: 0, end: sender.next }], 10);
    sender.hear([{ start: 0, end: sender.next }], 10);
    const { roomBytes } = sender.part;
    const [from, to] = [sender.next, sender.next + sender.hear([{ start: 0, end: sender.next }], 10)];
    const middle = Math.floor((from + to) / 2);
    assert.ok(middle - from > 60, `${to - from} are in flight`);
    const all = { start: 0, end: from };
    sender.hear([{ start: middle, end: middle + 4 }, all]);
    sender.hear([{ start: middle, end: to }, all]);
    assert.ok(sender.part.roomBytes < roomBytes, 'it looks like a buffer that has overflowed');
    sender.hear([{ start: 0, end: to }]);
    assert.equal(sender.part.roomBytes, roomBytes);
  });
});
