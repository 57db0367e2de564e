// A file whose source takes long for one of its reads, over either carrier, in virtual time: the machines of both ends, the watch over
// the reads, and the choice of the carrier, with a link between them.

import assert from 'node:assert/strict';
import type { Machine } from '../../../src/base/machine.ts';
import type { Range } from '../../../src/base/rangeSet.ts';
import type { CarrierKind } from '../../../src/contract/transfer.ts';
import { BulkReceiveMachine } from '../../../src/engine/transfer/bulkReceiveMachine.ts';
import { BulkSendMachine } from '../../../src/engine/transfer/bulkSendMachine.ts';
import { CarrierChoice } from '../../../src/engine/transfer/carrierChoice.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import type { ChoiceIn, ChoiceOut } from '../../../src/engine/transfer/choiceIo.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReadWatch, type WatchIn, type WatchOut } from '../../../src/engine/transfer/readWatch.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import { encodeBulkHeader } from '../../../src/wire/bulkFrame.ts';
import { VirtualDrive } from '../../support/virtualDrive.ts';
import { VirtualTime } from '../../support/virtualTime.ts';
import { KEYS } from './transferPair.ts';

const BLOCKS = 100;
const SIZE_BYTES = BLOCKS * BLOCK_BYTES;
const LATENCY_MS = 20;
const OPTIONS = { sizeBytes: SIZE_BYTES, firstBlock: 0, keys: KEYS };

/** What a machine of either carrier asks for, as far as this test carries it out. */
type Out = {
  readonly kind: string;
  readonly index?: number;
  readonly blocks?: number;
  readonly bytes?: Uint8Array;
};

/** One session, and what the choice makes of it; the other carrier carries nothing, as another session would show. */
class SlowTrial {
  readonly time = new VirtualTime();
  readonly opened: [at: number, carrier: CarrierKind, attempt: number][] = [];
  /** How either end has ended. */
  readonly ends: string[] = [];
  readonly watch: VirtualDrive<WatchIn, WatchOut>;
  readonly choice: VirtualDrive<ChoiceIn, ChoiceOut>;
  readonly sending: VirtualDrive<never, Out>;
  readonly receiving: VirtualDrive<never, Out>;
  readonly readMs: (block: number) => number;
  readonly isTold: boolean;
  isCut = false;
  #readFreeAt = 0;

  /** `isTold`: the receiver understands the word. `have`: blocks that are there from before. */
  constructor(
    carrier: CarrierKind,
    readMs: (block: number) => number,
    { isTold = true, have = [] as Range[] } = {},
  ) {
    this.readMs = readMs;
    this.isTold = isTold;
    const other = carrier === 'tls' ? 'udp' : 'tls';
    this.watch = this.#drive(new ReadWatch(0), (out) => this.#say(out));
    const rates = new CarrierRates();
    this.choice = this.#drive(
      new CarrierChoice({
        carriers: [carrier, other],
        sizeBytes: SIZE_BYTES,
        missingBytes: SIZE_BYTES,
        rates,
      }),
      (out) => this.#obey(out),
    );
    const options = { ...OPTIONS, have };
    const [sender, receiver] =
      carrier === 'udp'
        ? [new SendMachine(options), new ReceiveMachine(options)]
        : [new BulkSendMachine(options), new BulkReceiveMachine(options)];
    this.sending = this.#drive(sender as unknown as Machine<never, Out>, (out) => this.#onSend(out));
    this.receiving = this.#drive(receiver as unknown as Machine<never, Out>, (out) => this.#onReceive(out));
    this.choice.handle({ kind: 'start' });
    for (const end of [this.sending, this.receiving]) end.handle({ kind: 'time' } as never);
    if (carrier === 'tls') this.receiving.handle({ kind: 'connected' } as never);
  }

  run(ms: number): this {
    this.time.runUntil(() => this.ends.length === 2 || this.opened.length > 1, this.time.now() + ms);
    return this;
  }

  #drive<In, Told>(machine: Machine<In, Told>, carryOut: (out: Told) => void): VirtualDrive<In, Told> {
    return new VirtualDrive<In, Told>(this.time, machine, { kind: 'time' } as In, carryOut);
  }

  #later(then: () => void): void {
    this.time.plan(this.time.now() + LATENCY_MS, then);
  }

  /** The link carries it, whatever becomes of the carriers. */
  #say({ kind }: WatchOut): void {
    if (kind === 'reading' && this.isTold) this.#later(() => this.choice.handle({ kind }));
    if (kind === 'tooLong') this.ends.push('sender tooLong');
  }

  #obey(out: ChoiceOut): void {
    if (out.kind === 'wait') this.receiving.handle({ kind: 'reading' } as never);
    else if (out.kind === 'open') {
      this.opened.push([this.time.now(), out.carrier, out.attempt]);
      this.choice.handle({ kind: 'begun' });
    }
  }

  #onSend(out: Out): void {
    if (out.kind === 'needBlock') this.#read(out.index ?? 0);
    else if (out.kind === 'datagram') this.#carry(this.receiving, 'datagram', Buffer.from(out.bytes ?? []));
    else if (out.kind === 'send') this.#sendBlock(out.index ?? 0, out.bytes ?? Buffer.alloc(0));
    else if (out.kind === 'progress')
      this.watch.handle({
        kind: 'verified',
        bytes: (out as unknown as { verifiedBytes: number }).verifiedBytes,
      });
    else this.ends.push(`sender ${out.kind}`);
  }

  #sendBlock(index: number, bytes: Uint8Array): void {
    this.#carry(this.receiving, 'bytes', Buffer.concat([encodeBulkHeader(index, bytes.length), bytes]));
    this.#later(() => this.sending.handle({ kind: 'sent' } as never));
  }

  #carry(to: VirtualDrive<never, Out>, kind: string, bytes: Buffer): void {
    if (!this.isCut) this.#later(() => to.handle({ kind, bytes } as never));
  }

  /** One after the other, as a SourceFile does. */
  #read(index: number): void {
    this.watch.handle({ kind: 'asked', offset: index * BLOCK_BYTES });
    this.#readFreeAt = Math.max(this.#readFreeAt, this.time.now()) + this.readMs(index);
    this.time.plan(this.#readFreeAt, () => {
      this.watch.handle({ kind: 'answered' });
      this.sending.handle({ kind: 'block', index, bytes: Buffer.alloc(BLOCK_BYTES) } as never);
    });
  }

  #onReceive(out: Out): void {
    if (out.kind === 'datagram') this.#carry(this.sending, 'datagram', Buffer.from(out.bytes ?? []));
    else if (out.kind === 'count')
      this.#later(() => this.sending.handle({ kind: 'count', blocks: out.blocks } as never));
    else if (out.kind === 'write') this.#write(out.index ?? 0, out.bytes);
    else if (out.kind === 'finished' || out.kind === 'stalled') this.ends.push(`receiver ${out.kind}`);
  }

  #write(index: number, bytes: Uint8Array | undefined): void {
    this.choice.handle({ kind: 'block', bytes: BLOCK_BYTES });
    this.#later(() => {
      this.choice.handle({ kind: 'written' });
      this.receiving.handle({ kind: 'written', index, bytes } as never);
    });
  }
}

for (const carrier of ['udp', 'tls'] as const)
  describe(`a file over ${carrier} whose source`, () => {
    const slowAt = (slow: number, ms: number) => (block: number) => (block === slow ? ms : 1);

    for (const [what, block] of [
      ['first', 0],
      ['middle', 40],
      ['last', BLOCKS - 1],
    ] as const)
      it(`takes 40 s for its ${what} block arrives in the session that was begun`, () => {
        const trial = new SlowTrial(carrier, slowAt(block, 40_000)).run(60_000);
        assert.deepEqual(trial.ends.toSorted(), ['receiver finished', 'sender finished']);
        assert.deepEqual(trial.opened, [[0, carrier, 1]]);
      });

    it('takes 40 s for the block behind those that are there from before is waited for', () => {
      const have = [{ start: 30, end: 50 }];
      const trial = new SlowTrial(carrier, slowAt(50, 40_000), { have }).run(60_000);
      assert.deepEqual(trial.ends.toSorted(), ['receiver finished', 'sender finished']);
      assert.deepEqual(trial.opened, [[0, carrier, 1]]);
    });

    it('takes 9 s for one block after the other is waited for just so', () => {
      const trial = new SlowTrial(carrier, (block) => (block % 10 === 0 ? 9_000 : 1)).run(120_000);
      assert.deepEqual(trial.ends.toSorted(), ['receiver finished', 'sender finished']);
      assert.deepEqual(trial.opened, [[0, carrier, 1]]);
    });

    it('takes long is taken for a road that carries nothing by a receiver that does not know the word', () => {
      const trial = new SlowTrial(carrier, slowAt(0, 40_000), { isTold: false }).run(60_000);
      assert.ok(trial.opened.length > 1);
    });

    it('is quick leaves a road that dies within two seconds', () => {
      const trial = new SlowTrial(carrier, () => 10).run(300);
      trial.isCut = true;
      trial.run(10_000);
      const left = trial.opened[1]?.[0] ?? Number.POSITIVE_INFINITY;
      assert.ok(left > 1_000 && left < 2_300, `after ${left} ms`);
    });

    it('was slow leaves a road that dies with the next block within two seconds', () => {
      const trial = new SlowTrial(carrier, slowAt(40, 30_000)).run(20_000);
      trial.isCut = true;
      trial.run(60_000);
      const left = trial.opened[1]?.[0] ?? Number.POSITIVE_INFINITY;
      assert.ok(left > 30_000 && left < 32_300, `after ${left} ms`);
    });

    it('never answers ends after two minutes, at the sender', () => {
      const trial = new SlowTrial(carrier, slowAt(40, 3_600_000)).run(121_000);
      assert.deepEqual([trial.ends, trial.opened.length], [['sender tooLong'], 1]);
    });
  });
