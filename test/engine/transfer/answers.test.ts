// How long the acknowledgements of a receiver are. Where they go, others may be than those who make it answer.

import assert from 'node:assert/strict';
import { DatagramWriter } from '../../../src/engine/transfer/datagramWriter.ts';
import { BLOCK_BYTES, TAG_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { type Ack, decodeAck, MAX_ACK_RANGES } from '../../../src/wire/ackDatagram.ts';
import { DATA_OVERHEAD_BYTES, encodeData } from '../../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES, DatagramKind } from '../../../src/wire/datagramEnvelope.ts';
import { MIN_PROBE_BYTES } from '../../../src/wire/probeDatagram.ts';
import { ReceiveTrial } from './receiveTrial.ts';
import { KEYS } from './transferPair.ts';

const SEALED_BYTES = BLOCK_BYTES + TAG_BYTES;
const HALF_BYTES = SEALED_BYTES / 2;

/** A receiver of ten blocks, and a sender that has the keys and means harm. */
class Trial {
  readonly acks: (Ack & { readonly bytes: number })[] = [];
  readonly #machine = new ReceiveMachine({ keys: KEYS, sizeBytes: 10 * BLOCK_BYTES, firstBlock: 0 });
  readonly #writer = new DatagramWriter(KEYS);
  #now = 0;

  probe(number: number): this {
    return this.#hear(this.#writer.probe(MIN_PROBE_BYTES, number));
  }

  /** Zeros for a sealed block from `offset` up to `end`. */
  data(number: number, block: number, offset = SEALED_BYTES - 1, end = SEALED_BYTES): this {
    const bytes = Buffer.alloc(DATA_OVERHEAD_BYTES + end - offset);
    const space = { bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) };
    encodeData(space, { token: KEYS.token, number, block, offset }, Buffer.alloc(SEALED_BYTES));
    return this.#hear(bytes);
  }

  /** Wakes it when it wants to be. */
  wait(): this {
    this.#now = this.#machine.deadline() ?? assert.fail('it is over');
    this.#machine.handle({ kind: 'time' }, this.#now);
    return this.#drain();
  }

  get told(): number[] {
    return this.acks.at(-1)?.ranges.map(({ start }) => start) ?? [];
  }

  #hear(bytes: Buffer): this {
    this.#machine.handle({ kind: 'datagram', bytes }, this.#now);
    return this.#drain();
  }

  #drain(): this {
    for (let out = this.#machine.poll(); out !== undefined; out = this.#machine.poll())
      if (out.kind === 'datagram')
        this.acks.push({ ...decodeAck(out.bytes, KEYS.ack), bytes: out.bytes.length });
    return this;
  }
}

/** Every other number has come: there is as much to tell as there can be. */
function withHoles(): Trial {
  const trial = new Trial();
  for (let number = 0; number < 200; number += 2) trial.probe(number);
  return trial;
}

const longest = ({ acks }: Trial) => Math.max(...acks.map(({ bytes }) => bytes));

describe('an acknowledgement', () => {
  it('is at most three times as long as the PROBE that asks for it', () => {
    const trial = withHoles();
    assert.equal(trial.acks.length, 100);
    assert.ok(longest(trial) <= 3 * MIN_PROBE_BYTES, `${longest(trial)}`);
  });

  it('is at most three times as long as what it refuses', () => {
    const trial = withHoles();
    trial.acks.length = 0;
    for (let number = 300; number < 400; number += 2) trial.data(number, 99).wait();
    assert.equal(trial.acks.length, 50);
    assert.ok(longest(trial) <= 3 * (DATA_OVERHEAD_BYTES + 1), `${longest(trial)}`);
  });

  it('is none where what comes is no DATA, also once all DATA is refused', () => {
    const trial = new ReceiveTrial().piece(0, 1, 0, 0).wait(2);
    const before = trial.acks.length;
    const bytes = Buffer.concat([Buffer.from([DatagramKind.data]), KEYS.token, Buffer.alloc(8)]);
    trial.tell({ kind: 'datagram', bytes }, 5).wait(20);
    assert.equal(trial.acks.length, before);
    assert.deepEqual(trial.machine.dropped, { strangers: 0, damaged: 1, unexpected: 0 });
  });

  it('is at most three times as long as what it answers, also where it names blocks that were spoiled', () => {
    const trial = withHoles();
    for (const block of [0, 1])
      trial.data(300 + 4 * block, block, 0, HALF_BYTES).data(302 + 4 * block, block, HALF_BYTES);
    trial.wait();
    assert.equal(trial.acks.at(-1)?.damaged.length, 2);
    trial.acks.length = 0;
    trial.data(400, 5).wait();
    assert.deepEqual([trial.told, trial.acks[0]?.damaged.length], [[400], 2]);
    assert.ok(longest(trial) <= 3 * (DATA_OVERHEAD_BYTES + 1), `${longest(trial)}`);
  });

  it('tells of all that came since the one before, however little that was', () => {
    const trial = withHoles();
    for (let number = 300; number < 320; number += 2) trial.data(number, 0);
    trial.wait();
    assert.deepEqual(trial.told.slice(0, 10), [318, 316, 314, 312, 310, 308, 306, 304, 302, 300]);
  });

  it('tells of all that fits where a piece came, or nothing', () => {
    const trial = withHoles();
    assert.ok(trial.told.length < 10);
    assert.equal(trial.wait().told.length, MAX_ACK_RANGES);
    assert.ok(trial.probe(300).told.length < 10);
    assert.equal(trial.data(302, 0, 0, 512).wait().told.length, MAX_ACK_RANGES);
  });
});
