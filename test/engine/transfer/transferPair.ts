// Two machines with a network between them and a disk behind each, in virtual time: one session from begin to end.

import { createHash } from 'node:crypto';
import type { Millis } from '../../../src/base/clock.ts';
import type { Disposable } from '../../../src/base/disposable.ts';
import type { Range } from '../../../src/base/rangeSet.ts';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import type {
  ReceiveIn,
  ReceiveOut,
  SendIn,
  SendOptions,
  SendOut,
  SessionKeys,
} from '../../../src/engine/transfer/transferIo.ts';
import { type Conditions, LossyPath } from '../../support/lossyNetwork.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { VirtualDrive } from '../../support/virtualDrive.ts';
import { VirtualTime } from '../../support/virtualTime.ts';

export interface PairOptions {
  readonly seed: number;
  readonly sizeBytes: number;
  /** From the sender to the receiver, and back where `back` is not given. */
  readonly path: Conditions;
  readonly back?: Conditions;
  readonly firstBlock?: number;
  readonly have?: readonly Range[];
  readonly datagramBytes?: number;
  readonly firstDatagramBytes?: number;
  readonly windowBlocks?: number;
  /** How long a block takes to be read, and to be written. */
  readonly readMs?: Millis;
  /** Another pair, whose time, network and memory this one shares; `seed` and paths are its. */
  readonly beside?: TransferPair;
  readonly writeMs?: Millis;
  /** Of the timers of both systems (virtualDrive.ts). */
  readonly tickMs?: Millis;
}

/** Whoever is at the same ends of the network: each hears what comes, and drops what is not its own. */
interface Ends {
  readonly senders: VirtualDrive<SendIn, SendOut>[];
  readonly receivers: VirtualDrive<ReceiveIn, ReceiveOut>[];
  readonly share: PathShare;
  /** As an engine has it: memory of all sessions that send, and of all that receive. */
  readonly sendPool: BufferPool;
  readonly receivePool: BufferPool;
}

export const KEYS = keysOf('0123456789abcdef');

function keysOf(session: string): SessionKeys {
  return sessionKeysOf({
    secret: Buffer.alloc(32, 7),
    transferId: '00112233445566778899aabbccddeeff',
    session,
  });
}

export class TransferPair {
  readonly time: VirtualTime;
  readonly file: Buffer;
  readonly received: Buffer;
  readonly sender: SendMachine;
  readonly receiver: ReceiveMachine;
  readonly sending: VirtualDrive<SendIn, SendOut>;
  readonly receiving: VirtualDrive<ReceiveIn, ReceiveOut>;
  readonly forth: LossyPath;
  readonly back: LossyPath;
  /** What either machine asked for, without datagrams. */
  readonly sent: SendOut[] = [];
  readonly got: ReceiveOut[] = [];
  /** By the sender; the file alone takes as many as its blocks have pieces. */
  sentDatagrams = 0;
  /** Where the sender has looked for the receiver. */
  readonly askedPlaces: number[] = [];
  /** The largest number of blocks handed to the disk and not written. */
  mostUnwritten = 0;
  finishedAt: Millis | undefined;
  /** Where the receiver is: what goes to another place is lost. */
  receiverPlace = 0;
  #sendsTo = 0;
  #unwritten = 0;
  readonly #startedAt: Millis;
  readonly #leaves: Disposable;
  readonly #options: PairOptions;
  readonly #ends: Ends;

  constructor(options: PairOptions) {
    this.#options = options;
    const random = seededRandom(options.seed);
    this.file = randomBytesOf(random, options.sizeBytes);
    this.received = Buffer.alloc(options.sizeBytes);
    this.file.copy(this.received, 0, 0, BLOCK_BYTES * (options.firstBlock ?? 0));
    for (const { start, end } of options.have ?? [])
      this.file.copy(this.received, BLOCK_BYTES * start, BLOCK_BYTES * start, BLOCK_BYTES * end);
    const { beside } = options;
    this.time = beside?.time ?? new VirtualTime();
    this.#startedAt = this.time.now();
    this.#ends = beside === undefined ? newEnds() : beside.#ends;
    const keys = beside === undefined ? KEYS : keysOf(`${this.#ends.senders.length}`.padStart(16, '0'));
    const part = this.#ends.share.join(options.sizeBytes - BLOCK_BYTES * (options.firstBlock ?? 0));
    this.#leaves = part;
    const session: SendOptions = { keys, firstBlock: 0, part, ...options };
    this.sender = new SendMachine({ ...session, pool: this.#ends.sendPool });
    this.receiver = new ReceiveMachine({ ...session, pool: this.#ends.receivePool });
    const time = { kind: 'time' } as const;
    const { tickMs } = options;
    this.sending = new VirtualDrive(this.time, this.sender, time, (out) => this.#onSend(out), tickMs);
    this.receiving = new VirtualDrive(this.time, this.receiver, time, (out) => this.#onReceive(out), tickMs);
    this.#ends.senders.push(this.sending);
    this.#ends.receivers.push(this.receiving);
    const { senders, receivers } = this.#ends;
    const network = (conditions: Conditions, hear: (bytes: Uint8Array) => void) =>
      new LossyPath(this.time, random, conditions, hear);
    this.forth = beside?.forth ?? network(options.path, (bytes) => tell(receivers, bytes, 0));
    this.back =
      beside?.back ??
      network(options.back ?? options.path, (bytes) => tell(senders, bytes, this.receiverPlace));
  }

  start(): this {
    this.receiving.handle({ kind: 'time' });
    this.sending.handle({ kind: 'time' });
    return this;
  }

  /** Until both machines have come to an end that is no lingering, or `limitMs` have passed. */
  run(limitMs: Millis): this {
    this.time.runUntil(() => this.hasSent(...SEND_ENDS) && this.hasGot(...RECEIVE_ENDS), limitMs);
    return this;
  }

  hasSent(...kinds: SendOut['kind'][]): boolean {
    return this.sent.some(({ kind }) => kinds.includes(kind));
  }

  hasGot(...kinds: ReceiveOut['kind'][]): boolean {
    return this.got.some(({ kind }) => kinds.includes(kind));
  }

  /** Both ends are content and the bytes are those of the file. */
  get isExact(): boolean {
    return this.hasSent('finished') && this.hasGot('finished') && digest(this.file) === digest(this.received);
  }

  /** Bytes of the file per ms from the start to the sender's finish. */
  get goodput(): number {
    return this.#options.sizeBytes / ((this.finishedAt ?? Number.POSITIVE_INFINITY) - this.#startedAt);
  }

  #onSend(out: SendOut): void {
    if (out.kind === 'datagram' || out.kind === 'probePlace') {
      this.sentDatagrams++;
      const to = out.kind === 'datagram' ? this.#sendsTo : out.place;
      if (out.kind === 'probePlace') this.askedPlaces.push(to);
      if (to === this.receiverPlace) this.forth.send(out.bytes);
      return;
    }
    this.sent.push(out);
    if (out.kind === 'moved') this.#sendsTo = out.place;
    if (out.kind === 'finished') this.finishedAt = this.time.now();
    if (SEND_ENDS.includes(out.kind)) this.#leaves.dispose();
    if (out.kind === 'needBlock') this.#read(out.index, out.offset, out.length);
  }

  #read(index: number, offset: number, length: number): void {
    const bytes = this.file.subarray(offset, offset + length);
    this.time.plan(this.time.now() + (this.#options.readMs ?? 0), () =>
      this.sending.handle({ kind: 'block', index, bytes }),
    );
  }

  #onReceive(out: ReceiveOut): void {
    if (out.kind === 'datagram') {
      this.back.send(out.bytes);
      return;
    }
    this.got.push(out);
    if (out.kind === 'write') this.#write(out.index, out.offset, out.bytes);
  }

  #write(index: number, offset: number, bytes: Uint8Array): void {
    this.received.set(bytes, offset);
    this.mostUnwritten = Math.max(this.mostUnwritten, ++this.#unwritten);
    this.time.plan(this.time.now() + (this.#options.writeMs ?? 0), () => {
      this.#unwritten--;
      this.receiving.handle({ kind: 'written', index });
    });
  }
}

function newEnds(): Ends {
  return {
    senders: [],
    receivers: [],
    share: new PathShare(),
    sendPool: BufferPool.ofSealedBlocks(),
    receivePool: BufferPool.ofSealedBlocks(),
  };
}

const SEND_ENDS: SendOut['kind'][] = ['finished', 'stalled'];
const RECEIVE_ENDS: ReceiveOut['kind'][] = ['finished', 'stalled', 'failed'];

function tell(
  ends: readonly { handle(input: { kind: 'datagram'; bytes: Uint8Array; place: number }): void }[],
  bytes: Uint8Array,
  place: number,
): void {
  for (const end of ends) end.handle({ kind: 'datagram', bytes, place });
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
