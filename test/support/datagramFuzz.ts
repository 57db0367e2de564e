// Wrong datagrams, as many as wanted, at both ends of a transfer that is under way, by the roads that a socket's datagrams take.
// Virtual time passes a little with each lot; what the ends answer meanwhile is counted, and arrives nowhere.

import { TransferRoads } from '../../src/engine/carriers/transferRoads.ts';
import { CHECKSUM_BYTES, writeChecksum } from '../../src/wire/datagramEnvelope.ts';
import { KEYS, TransferPair } from '../engine/transfer/transferPair.ts';
import { randomBytesOf } from './randomBytes.ts';
import { seededRandom } from './seededRandom.ts';

/** Where they come from, and what is wrong with them. */
export const FUZZ_KINDS = [
  'of strangers',
  'random',
  'mutated',
  'mutated, with a right sum',
  'cut short',
  'replayed',
] as const;
export type FuzzKind = (typeof FUZZ_KINDS)[number];

const SIZE_BYTES = 2 * 1024 * 1024;
/** Made anew each time, so that no more are held however many there are. */
const LOT = 10_000;
const MS_PER_LOT = 1;
const LIMIT_MS = 60_000;
const HOST = '192.0.2.1';
const PORT = 9;

export interface FuzzCost {
  readonly nanosEach: number;
  /** What the engine answered, in bytes for each byte that came. */
  readonly answered: number;
}

export class DatagramFuzz {
  readonly #random: () => number;
  readonly #pair: TransferPair;
  /** Of sender and receiver. */
  readonly #roads = [new TransferRoads(), new TransferRoads()] as const;
  readonly #genuine: Buffer[] = [];
  #answeredBytes = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const path = { latencyMs: 5, bytesPerMs: 5_000, queueBytes: 200_000, loss: 0.02 };
    this.#pair = new TransferPair({ seed, sizeBytes: SIZE_BYTES, path });
    const { sending, receiving } = this.#pair;
    const [toSender, toReceiver] = this.#roads;
    toSender.register(KEYS.token, (bytes) => sending.handle({ kind: 'datagram', bytes, place: 1 }));
    toReceiver.register(KEYS.token, (bytes) => receiving.handle({ kind: 'datagram', bytes }));
    this.#runHalf();
  }

  /** `count` of a kind. Throws what the engine throws, which would be a bug. */
  run(kind: FuzzKind, count: number): FuzzCost {
    const stopAnswers = this.#swallowAnswers();
    let nanos = 0n;
    let bytes = 0;
    for (let done = 0; done < count; done += LOT) {
      const lot = Array.from({ length: Math.min(LOT, count - done) }, () => this.#make(kind));
      const start = process.hrtime.bigint();
      bytes += this.#hand(lot);
      nanos += process.hrtime.bigint() - start;
      this.#pair.time.runUntil(() => false, this.#pair.time.now() + MS_PER_LOT);
    }
    stopAnswers();
    return { nanosEach: Number(nanos) / count, answered: this.#answeredBytes / bytes };
  }

  /** Lets the transfer go on. Whether the file is what it must be, and nobody thinks otherwise. */
  isExactAtTheEnd(): boolean {
    return this.#pair.run(this.#pair.time.now() + LIMIT_MS).isExact;
  }

  #hand(lot: readonly Buffer[]): number {
    const [toSender, toReceiver] = this.#roads;
    let bytes = 0;
    for (const input of lot) {
      toSender.receive(input, HOST, PORT);
      toReceiver.receive(input, HOST, PORT);
      bytes += input.length;
    }
    return bytes;
  }

  /** With a copy of all that is sent. */
  #runHalf(): void {
    const { forth, back, time } = this.#pair;
    const ends = [forth, back].map((path) => {
      const { send } = path;
      path.send = (bytes) => {
        this.#genuine.push(Buffer.from(bytes));
        send.call(path, bytes);
      };
      return () => {
        path.send = send;
      };
    });
    this.#pair.start();
    const isHalf = () => this.#pair.got.filter(({ kind }) => kind === 'write').length >= 16;
    if (!time.runUntil(isHalf, LIMIT_MS)) throw new Error('the transfer did not begin');
    for (const end of ends) end();
  }

  #swallowAnswers(): () => void {
    const { forth, back } = this.#pair;
    const send = [forth.send, back.send] as const;
    this.#answeredBytes = 0;
    const count = (bytes: Uint8Array) => {
      this.#answeredBytes += bytes.length;
    };
    forth.send = () => undefined;
    back.send = count;
    return () => {
      [forth.send, back.send] = send;
    };
  }

  #make(kind: FuzzKind): Buffer {
    switch (kind) {
      case 'of strangers':
        return this.#ofStranger();
      case 'random':
        return randomBytesOf(this.#random, this.#below(1500));
      case 'mutated':
        return this.#mutated();
      case 'mutated, with a right sum':
        return withRightSum(this.#mutatedSealed());
      case 'cut short':
        return this.#copy().subarray(0, this.#below(1300));
      case 'replayed':
        return this.#copy();
    }
  }

  /** Right in all but the token. */
  #ofStranger(): Buffer {
    const bytes = this.#copy();
    randomBytesOf(this.#random, 8).copy(bytes, 1);
    return bytes;
  }

  #mutated(): Buffer {
    const bytes = this.#copy();
    for (let changes = 1 + this.#below(4); changes > 0; changes--)
      bytes[this.#below(bytes.length)] = this.#below(256);
    return bytes;
  }

  /** Of kinds that are sealed one by one. DATA of somebody who knows the token can spoil a block: other tests are about that. */
  #mutatedSealed(): Buffer {
    const bytes = this.#copy();
    bytes[0] = 0x49 + this.#below(3);
    const at = 9 + this.#below(bytes.length - 9 - CHECKSUM_BYTES);
    bytes[at] = (bytes[at] as number) ^ (1 + this.#below(255));
    return bytes;
  }

  #copy(): Buffer {
    return Buffer.from(this.#genuine[this.#below(this.#genuine.length)] as Buffer);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

function withRightSum(bytes: Buffer): Buffer {
  writeChecksum(bytes, bytes.subarray(0, -CHECKSUM_BYTES));
  return bytes;
}
