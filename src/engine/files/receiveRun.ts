// One accepted file of theirs over all its sessions: opens a session on each link, goes to another carrier or tries again when nothing
// comes, and gives the file its name once its digest is right.

import { randomBytes } from 'node:crypto';
import type { Disposable } from '../../base/disposable.ts';
import { UnderWay } from '../../base/underWay.ts';
import { type Failure, FailureError, fail, failure } from '../../contract/failure.ts';
import {
  type CarrierKind,
  MAX_ATTEMPTS,
  type Transfer,
  type TransferState,
} from '../../contract/transfer.ts';
import { MAX_HAVE_RANGES } from '../../wire/linkFrames.ts';
import { type Destination, ForgedBlockError, type Receiving } from '../carriers/carrier.ts';
import { type Carriers, firstCarrierOf } from '../carriers/carriers.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import { Drive } from '../io/drive.ts';
import type { PartialFile } from '../io/partialFile.ts';
import { steadyClock } from '../io/systemClock.ts';
import { blockCountOf } from '../transfer/blocks.ts';
import { CarrierChoice } from '../transfer/carrierChoice.ts';
import type { ChoiceIn, ChoiceOut } from '../transfer/choiceIo.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import { RunProgress } from './runProgress.ts';

/** After the last byte the sender has only its digest to say, or that it reads for it. */
const DIGEST_MS = 30_000;

export interface ReceiveRunEvents {
  /** A session begins at this byte. */
  onSession(carrier: CarrierKind, attempt: number, fromBytes: number): void;
  onState(state: TransferState): void;
  onSaved(path: string, sha256: string): void;
  /** Saved, and the sender has heard what it needs: nothing follows. */
  onOver(): void;
  onFailed(failure: Failure): void;
}

interface Session {
  readonly name: string;
  /** Undefined while it waits for blocks of the session before that are on their way to the disk. */
  receiving?: Receiving;
  isOpen: boolean;
}

type Choice = Drive<ChoiceIn, ChoiceOut>;

export class ReceiveRun implements Disposable {
  readonly #transfer: Transfer;
  readonly #partial: PartialFile;
  readonly #carriers: Carriers;
  readonly #events: ReceiveRunEvents;
  readonly #progress: RunProgress;
  /** Blocks that the disk has not taken yet, of this session and those before. */
  readonly #writing = new UnderWay();
  /** The session that was ended last may still hand blocks over. */
  #leaving: Promise<void> | undefined;
  #choice: Choice | undefined;
  #session: Session | undefined;
  #digest: string | undefined;
  #isWhole = false;
  #isOver = false;
  #isSaved = false;
  #isGivenUp = false;
  #unfinishedBytes = 0;
  #digestTimer: NodeJS.Timeout | undefined;

  constructor(transfer: Transfer, partial: PartialFile, carriers: Carriers, events: ReceiveRunEvents) {
    this.#transfer = transfer;
    this.#partial = partial;
    this.#carriers = carriers;
    this.#events = events;
    this.#progress = new RunProgress((state) => events.onState(state), steadyClock);
  }

  /** Blocks that the sender has sent although they were on the disk, in bytes. */
  get cameAgainBytes(): number {
    return this.#partial.cameAgainBytes;
  }

  /** What came of blocks that were not whole when their session ended, in bytes. */
  get unfinishedBytes(): number {
    return this.#unfinishedBytes;
  }

  /** A link is up: goes on from what is there. */
  start(link: LiveLink): void {
    this.#leaveLink();
    if (this.#isOver) return;
    const machine = new CarrierChoice({
      carriers: this.#carriers.kindsWith(link, firstCarrierOf(this.#transfer)),
      sizeBytes: this.#transfer.sizeBytes,
      missingBytes: this.#missingBytes,
      rates: this.#carriers.ratesWith(link.peer),
    });
    this.#choice = new Drive<ChoiceIn, ChoiceOut>(machine, { kind: 'time' }, (out) => this.#obey(out, link));
    this.#choice.handle({ kind: 'start' });
  }

  /** The link is gone. What is there stays for the next one. */
  pause(): void {
    this.#leaveLink();
    if (!this.#isOver) this.#events.onState({ kind: 'waiting' });
  }

  onDigest(session: string, sha256: string): void {
    if (this.#session?.name !== session) return;
    this.#digest = sha256;
    this.#finishWhenWhole();
  }

  /** The sender waits for its own disk. */
  onReading(session: string): void {
    if (this.#session?.name === session && !this.#isOver) this.#choice?.handle({ kind: 'reading' });
  }

  /** Lets go. What is there stays for the next engine. */
  dispose(): void {
    this.#isOver = true;
    this.#leaveLink();
    void this.#close();
  }

  /** Never rejects. */
  async #close(): Promise<void> {
    await this.#leaving;
    await this.#partial.close().catch(() => undefined);
  }

  /** Ends it without a word; what came is thrown away. Harmless once the file is saved. Resolves as #throwAway does. */
  giveUp(): Promise<void> {
    this.#isGivenUp = true;
    return this.#throwAway();
  }

  /** Resolves once the disk has its room back, as far as it gives it. Never rejects. */
  #throwAway(): Promise<void> {
    this.#isOver = true;
    this.#leaveLink();
    return this.#partial.discard().catch(() => undefined);
  }

  get #missingBytes(): number {
    const { sizeBytes } = this.#transfer;
    const behindGap = this.#partial.haveBlocks.reduce((sum, { start, end }) => sum + end - start, 0);
    return sizeBytes - this.#partial.contiguousBytes - behindGap * BLOCK_BYTES;
  }

  #obey(out: ChoiceOut, link: LiveLink): void {
    if (out.kind === 'open') this.#begin(link, out.carrier, out.attempt);
    else if (out.kind === 'doubt') link.handle({ kind: 'probe' });
    else if (out.kind === 'wait') this.#waitForSource();
    else if (this.#writing.count > 0) void this.#startWhenWritten(link);
    else this.#fail(fail('transferStalled', { name: this.#transfer.name, attempts: MAX_ATTEMPTS }));
  }

  #waitForSource(): void {
    this.#session?.receiving?.hearReading();
    if (this.#isWhole) this.#awaitDigest();
  }

  /** No carrier is to blame: it is the disk here that takes nothing, and each of its calls ends. */
  async #startWhenWritten(link: LiveLink): Promise<void> {
    const choice = this.#choice;
    this.#endSession();
    await this.#leaving;
    await this.#writing.settled();
    if (this.#choice === choice) this.start(link);
  }

  #begin(link: LiveLink, carrier: CarrierKind, attempt: number): void {
    this.#endSession();
    this.#progress.begin(this.#partial.contiguousBytes, attempt);
    const session = { name: randomBytes(8).toString('hex'), isOpen: true };
    this.#session = session;
    if (this.#leaving === undefined && this.#writing.count === 0) this.#open(link, session, carrier);
    else void this.#openWhenWritten(link, session, carrier);
  }

  /** What came is on the disk before the sender is told what is missing, or it would come twice. */
  async #openWhenWritten(link: LiveLink, session: Session, carrier: CarrierKind): Promise<void> {
    await this.#leaving;
    await this.#writing.settled();
    if (this.#session === session) this.#open(link, session, carrier);
  }

  #open(link: LiveLink, session: Session, carrier: CarrierKind): void {
    const { id: transferId, sizeBytes } = this.#transfer;
    // The last block comes again when everything is there: the session is what brings the digest.
    const firstBlock = Math.min(
      Math.floor(this.#partial.contiguousBytes / BLOCK_BYTES),
      blockCountOf(sizeBytes) - 1,
    );
    const have = this.#partial.haveBlocks.slice(0, MAX_HAVE_RANGES);
    session.receiving = this.#carriers
      .of(carrier)
      .receive(
        { link, transferId, session: session.name },
        { sizeBytes, firstBlock, have },
        this.#destinationOf(carrier, session),
        {
          onBegun: () => this.#choice?.handle({ kind: 'begun' }),
          onConnected: () => this.#choice?.handle({ kind: 'connected' }),
          onPart: (bytes) => this.#choice?.handle({ kind: 'part', bytes }),
          onProgress: (bytes) => this.#progress.advance(bytes),
          onFinished: () => this.#cameWhole(),
          onClosed: () => this.#sessionClosed(),
          onStalled: () => this.#choice?.handle({ kind: 'lost' }),
          onLost: () => this.#choice?.handle({ kind: 'lost' }),
          onFailed: (error) => this.#fail(error),
        },
      );
    const { attempt } = this.#progress;
    this.#events.onSession(carrier, attempt, firstBlock * BLOCK_BYTES);
    const where = { transferId, session: session.name, firstBlock, have };
    link.handle({
      kind: 'transfer',
      frame: { kind: 'ready', ...where, carrier, attempt },
    });
  }

  /** The disk, watched: what is on its way to it belongs to no session. */
  #destinationOf(carrier: CarrierKind, session: Session): Destination {
    const choice = this.#choice;
    const write = async (offset: number, bytes: Uint8Array, judge: Choice | undefined) => {
      this.#writing.begin();
      try {
        await this.#partial.write(offset, bytes);
      } catch (error) {
        // Its session may be over: nobody else hears of it then.
        this.#fail(error);
        throw error;
      } finally {
        this.#writing.end();
      }
      judge?.handle({ kind: 'written' });
    };
    return {
      write: (offset, bytes) => {
        // What is handed over at the end says nothing of the carrier that comes next.
        const judge = this.#session === session ? choice : undefined;
        this.#progress.cameBy(carrier);
        const againBefore = this.cameAgainBytes;
        const writing = write(offset, bytes, judge);
        const cameAgain = this.cameAgainBytes > againBefore;
        // Last: it may end this session, and the next one waits for what is being written.
        judge?.handle({ kind: 'block', bytes: bytes.length, cameAgain });
        return writing;
      },
    };
  }

  #cameWhole(): void {
    this.#isWhole = true;
    this.#choice?.handle({ kind: 'whole' });
    this.#events.onState({ kind: 'checking' });
    this.#awaitDigest();
    this.#finishWhenWhole();
  }

  #awaitDigest(): void {
    clearTimeout(this.#digestTimer);
    this.#digestTimer = setTimeout(() => this.#choice?.handle({ kind: 'unanswered' }), DIGEST_MS);
  }

  #finishWhenWhole(): void {
    const digest = this.#digest;
    if (digest === undefined || !this.#isWhole || this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#digestTimer);
    this.#partial.finish(digest).then(
      (path) => this.#saved(path, digest),
      (error) => {
        if (!this.#isGivenUp) this.#events.onFailed(this.#failureOf(error));
      },
    );
  }

  #saved(path: string, digest: string): void {
    this.#isSaved = true;
    this.#events.onSaved(path, digest);
    if (this.#session?.isOpen !== true) this.#events.onOver();
  }

  /** The session answers no more duplicates. */
  #sessionClosed(): void {
    if (this.#session !== undefined) this.#session.isOpen = false;
    if (this.#isSaved) this.#events.onOver();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    // A full disk may have no room for that word before.
    void this.#throwAway().then(() => this.#events.onFailed(this.#failureOf(error)));
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof FailureError) return error.failure;
    if (error instanceof ForgedBlockError) return failure('digestMismatch', { name: this.#transfer.name });
    const detail = error instanceof Error ? error.message : String(error);
    return failure('receiveFailed', { name: this.#transfer.name, detail });
  }

  #leaveLink(): void {
    this.#choice?.dispose();
    this.#choice = undefined;
    this.#progress.leaveLink();
    this.#endSession();
  }

  #endSession(): void {
    clearTimeout(this.#digestTimer);
    const receiving = this.#session?.receiving;
    this.#session = undefined;
    this.#digest = undefined;
    this.#isWhole = false;
    if (receiving !== undefined) this.#leave(receiving);
  }

  #leave(receiving: Receiving): void {
    receiving.dispose();
    const leaving = receiving.ended.then((unfinishedBytes) => {
      this.#unfinishedBytes += unfinishedBytes;
      if (this.#leaving === leaving) this.#leaving = undefined;
    });
    this.#leaving = leaving;
  }
}
