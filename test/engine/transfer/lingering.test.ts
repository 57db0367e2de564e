// A receiver that has all, and the memory that both ends have taken for it.

import assert from 'node:assert/strict';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { BLOCK_BYTES, LINGER_MS, TAG_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import type { ReceiveOut, SendOut } from '../../../src/engine/transfer/transferIo.ts';
import { KEYS } from './transferPair.ts';

/** Knows how many buffers somebody has. */
class CountedPool extends BufferPool {
  taken = 0;
  most = 0;

  constructor() {
    super(BLOCK_BYTES + TAG_BYTES, 4);
  }

  override take(): Buffer {
    this.most = Math.max(this.most, ++this.taken);
    return super.take();
  }

  override give(buffer: Buffer): void {
    this.taken--;
    super.give(buffer);
  }
}

/** Two machines without anything between them. */
class Joined {
  readonly sendPool = new CountedPool();
  readonly receivePool = new CountedPool();
  readonly kinds = new Set<string>();
  last: Buffer | undefined;
  readonly #sender: SendMachine;
  readonly #receiver: ReceiveMachine;

  constructor(sizeBytes: number) {
    const session = { keys: KEYS, sizeBytes, firstBlock: 0 };
    this.#sender = new SendMachine({ ...session, pool: this.sendPool });
    this.#receiver = new ReceiveMachine({ ...session, pool: this.receivePool });
  }

  passTo(now: number): void {
    this.#sender.handle({ kind: 'time' }, now);
    this.#receiver.handle({ kind: 'time' }, now);
    for (let out = this.#sender.poll(); out !== undefined; out = this.#sender.poll()) this.#obey(out, now);
    this.#answer(now);
  }

  hear(bytes: Buffer, now: number): void {
    this.#receiver.handle({ kind: 'datagram', bytes }, now);
    this.#answer(now);
  }

  #obey(out: SendOut, now: number): void {
    this.kinds.add(out.kind);
    if (out.kind === 'needBlock')
      this.#sender.handle({ kind: 'block', index: out.index, bytes: Buffer.alloc(out.length) }, now);
    if (out.kind !== 'datagram') return;
    this.last = Buffer.from(out.bytes);
    this.hear(this.last, now);
  }

  #answer(now: number): void {
    for (
      let out: ReceiveOut | undefined = this.#receiver.poll();
      out !== undefined;
      out = this.#receiver.poll()
    ) {
      this.kinds.add(out.kind);
      if (out.kind === 'write') this.#receiver.handle({ kind: 'written', index: out.index }, now);
      if (out.kind === 'datagram') this.#sender.handle({ kind: 'datagram', bytes: out.bytes }, now);
    }
  }
}

describe('when all has come', () => {
  it('each buffer is back in its pool', () => {
    const joined = new Joined(16 * BLOCK_BYTES);
    for (let now = 0; now < 1_000; now++) joined.passTo(now);
    assert.ok(joined.kinds.has('finished'));
    assert.deepEqual([joined.sendPool.taken, joined.receivePool.taken], [0, 0]);
    assert.ok(joined.sendPool.most > 0 && joined.receivePool.most > 0);
  });

  it('the receiver closes after ten seconds, also where its sender never learns and asks again and again', () => {
    const joined = new Joined(20_000);
    joined.passTo(0);
    assert.ok(joined.kinds.has('finished'));
    for (let now = 1_000; now < LINGER_MS; now += 1_000) joined.hear(joined.last as Buffer, now);
    assert.equal(joined.kinds.has('closed'), false);
    joined.passTo(LINGER_MS);
    assert.equal(joined.kinds.has('closed'), true);
  });
});
