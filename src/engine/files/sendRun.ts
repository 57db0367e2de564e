// One offered file of mine over all its sessions: the receiver opens each with `ready`, and the sender answers with blocks, over the
// carrier that `ready` names.

import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { TokenBuckets } from '../../base/tokenBuckets.ts';
import { type Failure, FailureError, fail, failure } from '../../contract/failure.ts';
import { type CarrierKind, MAX_ATTEMPTS, type TransferState } from '../../contract/transfer.ts';
import type { Sending, Source } from '../carriers/carrier.ts';
import type { Carriers } from '../carriers/carriers.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import type { BlockNotes, NotesError } from '../io/blockNotes.ts';
import { DISK_IS_FULL } from '../io/diskIsFull.ts';
import type { ReadCounts } from '../io/sourceFile.ts';
import { steadyClock } from '../io/systemClock.ts';
import type { TransferFrame } from '../link/linkMessages.ts';
import type { StoredTransfer } from '../store/transfers.ts';
import { LONGEST_DISK_CALL_MS } from '../transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import { SentTally } from '../transfer/sentTally.ts';
import { openingSource } from './openingSource.ts';
import { RunProgress } from './runProgress.ts';
import type { SentFiles } from './sentFiles.ts';
import { WatchedReads } from './watchedReads.ts';

export type ReadyFrame = Extract<TransferFrame, { kind: 'ready' }>;

export interface SendRunEvents {
  onState(state: TransferState): void;
  onFailed(failure: Failure): void;
  /** Once, when nothing follows in this engine: what was sent and read more than once. */
  onEnded(again: AgainCounts): void;
}

/** Of SentTally and ReadCounts. */
export interface AgainCounts {
  readonly piecesAgainBytes: number;
  readonly blocksAgainBytes: number;
  readonly readAgainBytes: number;
}

/**
 * Each session opens the file anew. A receiver asks for a few in a row where carriers cannot be had or are compared, and else for about
 * one a second: only one that means harm waits.
 */
export const SESSION_RATE = { burst: 8, perSecond: 2 } as const;

interface Session {
  readonly name: string;
  readonly carrier: CarrierKind;
  readonly reads: WatchedReads;
  source?: Source;
  sending?: Sending;
}

export class SendRun implements Disposable {
  readonly #transfer: StoredTransfer;
  readonly #files: SentFiles;
  readonly #carriers: Carriers;
  readonly #events: SendRunEvents;
  readonly #clock: Clock;
  readonly #progress: RunProgress;
  readonly #sent: SentTally;
  readonly #read: ReadCounts = { againBytes: 0 };
  /** Resolves when all sessions so far have told what they have sent. */
  #counted = Promise.resolve();
  readonly #pace = new TokenBuckets(SESSION_RATE, 1);
  #notes: Promise<BlockNotes> | undefined;
  /** Resolves when the file of the session that ended last is closed. Never rejects. */
  #closed = Promise.resolve();
  #session: Session | undefined;
  /** For the newest session that was asked for too early. */
  #early: NodeJS.Timeout | undefined;
  #isOver = false;

  /** `clock` never goes back. */
  constructor(
    transfer: StoredTransfer,
    files: SentFiles,
    carriers: Carriers,
    events: SendRunEvents,
    clock: Clock = steadyClock,
  ) {
    this.#transfer = transfer;
    this.#files = files;
    this.#carriers = carriers;
    this.#events = events;
    this.#sent = new SentTally(transfer.sizeBytes);
    this.#clock = clock;
    this.#progress = new RunProgress((state) => events.onState(state), clock);
  }

  /** The receiver opens a session; an earlier one ends. One that is open already stays as it is. */
  start(link: LiveLink, ready: ReadyFrame): void {
    const isOutside = ready.firstBlock * BLOCK_BYTES >= this.#transfer.sizeBytes;
    if (this.#isOver || isOutside || ready.session === this.#session?.name) return;
    clearTimeout(this.#early);
    const now = this.#clock.now();
    const waitMs = this.#pace.waitMs(this.#transfer.id, 1, now);
    if (waitMs > 0) {
      this.#early = setTimeout(() => this.start(link, ready), waitMs);
      return;
    }
    this.#pace.take(this.#transfer.id, 1, now);
    this.#begin(link, ready);
  }

  /** The link is gone: the receiver will say where to go on. */
  pause(): void {
    this.#endSession();
    this.#progress.leaveLink();
    if (!this.#isOver) this.#events.onState({ kind: 'waiting' });
  }

  /** Lets go. What is known of the file's blocks stays for the next engine. */
  dispose(): void {
    this.#endSession();
    if (!this.#isOver) void this.#tellCounts();
    this.#isOver = true;
    void this.#closeNotes();
  }

  /** Ends it: nothing follows. */
  giveUp(): void {
    this.dispose();
    void this.#closeNotes().then(() => this.#files.removeNotes(this.#transfer));
  }

  #begin(link: LiveLink, ready: ReadyFrame): void {
    const startAt = ready.firstBlock * BLOCK_BYTES;
    this.#endSession();
    this.#progress.begin(startAt, Math.min(ready.attempt ?? this.#progress.attempt + 1, MAX_ATTEMPTS));
    const reads = this.#watchReads(link, ready);
    this.#session = { name: ready.session, carrier: ready.carrier ?? 'udp', reads };
    void this.#open(link, ready, this.#session);
  }

  async #open(link: LiveLink, ready: ReadyFrame, session: Session): Promise<void> {
    const { transferId, firstBlock, have = [] } = ready;
    try {
      this.#notes ??= this.#files.notesOf(this.#transfer);
      const notes = await this.#notes;
      // Another session, or the end, may have come meanwhile.
      if (this.#session !== session) return;
      const { name, carrier, reads } = session;
      const closed = this.#closed;
      // One file after the other, or all sessions that somebody asks for would read for the digest at once, each the same.
      const open = async () => {
        await closed;
        if (this.#session !== session) throw new Error('a session that is over');
        return this.#files.open(this.#transfer, notes, this.#read);
      };
      // A disk that has to wake up for it keeps nobody from meeting: a connection that waits for its session is shown out.
      const opening = reads.during(firstBlock * BLOCK_BYTES, open);
      const { sizeBytes } = this.#transfer;
      const missing = { sizeBytes, firstBlock, have };
      session.source = this.#files.withCommonDigest(openingSource(opening), this.#transfer, notes);
      session.sending = this.#carriers
        .of(carrier)
        .send({ link, transferId, session: name }, missing, reads.of(session.source, sizeBytes), {
          onProgress: (bytes) => this.#arrived(bytes, session),
          onDigest: (sha256) =>
            link.handle({ kind: 'transfer', frame: { kind: 'digest', transferId, session: name, sha256 } }),
          onFinished: () => this.#finished(session),
          // The receiver sees it, too, and opens another session or gives up; where it sleeps, the link finds that out.
          onStalled: () => link.handle({ kind: 'probe' }),
          onFailed: (error) => this.#fail(error),
        });
      this.#count(session.sending);
      await opening;
    } catch (error) {
      if (this.#session === session) this.#fail(error);
    }
  }

  #watchReads(link: LiveLink, { transferId, session, firstBlock }: ReadyFrame): WatchedReads {
    const { path = '' } = this.#transfer;
    const frame = { kind: 'reading', transferId, session } as const;
    const onReading = () => link.handle({ kind: 'transfer', frame });
    const onTooLong = () => this.#fail(fail('fileSlow', { path, seconds: LONGEST_DISK_CALL_MS / 1_000 }));
    return new WatchedReads(firstBlock * BLOCK_BYTES, { onReading, onTooLong }, this.#clock);
  }

  #arrived(bytes: number, { carrier, reads }: Session): void {
    reads.verified(bytes);
    this.#progress.cameBy(carrier);
    this.#progress.advance(bytes);
  }

  #finished(session: Session): void {
    if (this.#session === session) this.#events.onState({ kind: 'checking' });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.giveUp();
    this.#events.onFailed(this.#failureOf(error));
  }

  /** A picture is read from a copy, of which its person knows nothing. */
  #failureOf(error: unknown): Failure {
    const { name, path = '' } = this.#transfer;
    if (!(error instanceof FailureError)) {
      const { code, notesFolder } = error as Partial<NotesError>;
      if (notesFolder !== undefined && DISK_IS_FULL.has(code))
        return failure('diskFull', { path: notesFolder });
      const detail = error instanceof Error ? error.message : String(error);
      return failure('sendFailed', { name, detail });
    }
    const { failure: known } = error;
    return known.code === 'fileUnreadable' ? failure('fileUnreadable', { ...known.details, path }) : known;
  }

  #endSession(): void {
    clearTimeout(this.#early);
    this.#session?.reads.dispose();
    this.#session?.sending?.dispose();
    // Its carrier does so, too, but says nothing of it.
    const closing = this.#session?.source?.close();
    if (closing !== undefined) this.#closed = closing;
    this.#session = undefined;
  }

  /** They end in the order in which they began. */
  #count({ ended }: Sending): void {
    this.#counted = this.#counted.then(async () => this.#sent.add(await ended));
  }

  async #tellCounts(): Promise<void> {
    await this.#counted;
    const { piecesAgainBytes, blocksAgainBytes } = this.#sent;
    this.#events.onEnded({ piecesAgainBytes, blocksAgainBytes, readAgainBytes: this.#read.againBytes });
  }

  /** Never rejects: nobody waits for it, and notes that could not be written are made again. */
  async #closeNotes(): Promise<void> {
    await this.#notes?.then((notes) => notes.close()).catch(() => undefined);
  }
}
