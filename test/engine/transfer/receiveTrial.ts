// A receiver by itself: what each datagram makes it do, by hand.

import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { DatagramWriter } from '../../../src/engine/transfer/datagramWriter.ts';
import { BLOCK_BYTES, LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { type SealedBlock, SealedBlocks } from '../../../src/engine/transfer/sealedBlocks.ts';
import type { ReceiveIn, ReceiveOut, SessionOptions } from '../../../src/engine/transfer/transferIo.ts';
import { type Ack, decodeAck } from '../../../src/wire/ackDatagram.ts';
import { MIN_PROBE_BYTES } from '../../../src/wire/probeDatagram.ts';
import { KEYS } from './transferPair.ts';

export const BLOCKS = 5;
const SIZE_BYTES = BLOCKS * BLOCK_BYTES;

interface TrialOptions extends Partial<SessionOptions> {
  /** Of each block; 2 when not given. */
  readonly pieces?: number;
}

/** A receiver of five blocks, four at a time where no other window is given, and the sender's hand. */
export class ReceiveTrial {
  readonly machine: ReceiveMachine;
  /** What it asked for, without acknowledgements. */
  readonly outs: ReceiveOut[] = [];
  readonly acks: Ack[] = [];
  /** When it said each of them, in ms. */
  readonly ackedAt: number[] = [];
  readonly #pieces: number;
  readonly #writer = new DatagramWriter(KEYS);
  readonly #blocks: SealedBlocks;

  constructor({ pieces = 2, ...options }: TrialOptions = {}) {
    const session = { keys: KEYS, sizeBytes: SIZE_BYTES, firstBlock: 0, windowBlocks: 4, ...options };
    const { sizeBytes } = session;
    this.machine = new ReceiveMachine(session);
    this.#pieces = pieces;
    this.#blocks = new SealedBlocks(KEYS.data, sizeBytes, LARGE_DATAGRAM_BYTES, BufferPool.ofSealedBlocks());
    for (let index = 0; index < sizeBytes / BLOCK_BYTES; index++)
      this.#blocks.seal(index, Buffer.alloc(BLOCK_BYTES, index));
    this.tell({ kind: 'time' }, 0);
  }

  get kinds(): string[] {
    return this.outs.map(({ kind }) => kind);
  }

  tell(input: ReceiveIn, now: number): this {
    this.machine.handle(input, now);
    for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll()) {
      if (out.kind !== 'datagram') {
        this.outs.push(out);
        continue;
      }
      this.acks.push(decodeAck(out.bytes, KEYS.ack));
      this.ackedAt.push(now);
    }
    return this;
  }

  /** Lets its timers fire, those at `end` included. */
  wait(end: number): this {
    for (let at = this.machine.deadline(); at !== undefined && at <= end; at = this.machine.deadline())
      this.tell({ kind: 'time' }, at);
    return this;
  }

  probe(number: number, now: number, challenge?: bigint): this {
    return this.#hear(this.#writer.probe(MIN_PROBE_BYTES, number, challenge), now);
  }

  /** A piece of a block, as DATA. `isSpoiled`: somebody else's bytes. */
  data(number: number, block: number, piece: number, now: number, isSpoiled = false): this {
    return this.#hear(this.#pieceOf(number, block, piece, false, isSpoiled), now);
  }

  /** … as a PIECE. */
  piece(number: number, block: number, piece: number, now: number, isSpoiled = false): this {
    return this.#hear(this.#pieceOf(number, block, piece, true, isSpoiled), now);
  }

  /** All numbers that the last acknowledgement told of. */
  get told(): number[] {
    const ranges = this.acks.at(-1)?.ranges ?? [];
    return ranges
      .toReversed()
      .flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
  }

  #pieceOf(
    number: number,
    index: number,
    piece: number,
    isSealedSingly: boolean,
    isSpoiled: boolean,
  ): Buffer {
    const block = this.#blocks.get(index) as SealedBlock;
    const sealed = isSpoiled ? Buffer.alloc(block.sealed.length, 9) : block.sealed;
    const pieceBytes = Math.ceil(sealed.length / this.#pieces);
    return this.#writer.piece({ block: { ...block, sealed, pieceBytes, isSealedSingly }, piece }, number);
  }

  #hear(bytes: Buffer, now: number): this {
    return this.tell({ kind: 'datagram', bytes }, now);
  }
}
