// One accepted file of theirs over all its sessions: opens a session on each link, tries again when nothing comes, and
// gives the file its name once its digest is right.

import { randomBytes } from 'node:crypto';
import type { Disposable } from '../base/disposable.ts';
import { type Failure, FailureError, fail, failure } from '../contract/failure.ts';
import { MAX_ATTEMPTS, type Transfer, type TransferState } from '../contract/transfer.ts';
import { MAX_HAVE_RANGES } from '../wire/linkFrames.ts';
import type { PartialFile } from './io/partialFile.ts';
import { largestDatagramTo } from './io/paths.ts';
import { steadyClock } from './io/systemClock.ts';
import type { LiveLink } from './liveLink.ts';
import { ProgressMeter } from './progressMeter.ts';
import { ReceiveSession } from './receiveSession.ts';
import { BLOCK_BYTES } from './transfer/params.ts';
import { sessionKeysOf } from './transfer/sessionKeys.ts';
import type { TransferRoads } from './transferRoads.ts';

/** After the last byte the sender has only its digest to say. */
const DIGEST_MS = 30_000;

export interface ReceiveRunEvents {
  onState(state: TransferState): void;
  onSaved(path: string, sha256: string): void;
  /** Saved, and the sender has heard what it needs: nothing follows. */
  onOver(): void;
  onFailed(failure: Failure): void;
}

export class ReceiveRun implements Disposable {
  readonly #transfer: Transfer;
  readonly #partial: PartialFile;
  readonly #roads: TransferRoads;
  readonly #events: ReceiveRunEvents;
  #link: LiveLink | undefined;
  #session: { readonly name: string; readonly run: ReceiveSession; isOpen: boolean } | undefined;
  #meter = new ProgressMeter(0, 0);
  #attempt = 0;
  #bytes = 0;
  #bytesAtAttempt = 0;
  #digest: string | undefined;
  #isWhole = false;
  #isOver = false;
  #isSaved = false;
  #digestTimer: NodeJS.Timeout | undefined;

  constructor(transfer: Transfer, partial: PartialFile, roads: TransferRoads, events: ReceiveRunEvents) {
    this.#transfer = transfer;
    this.#partial = partial;
    this.#roads = roads;
    this.#events = events;
  }

  /** Blocks that the sender has sent although they were on the disk, in bytes. */
  get cameAgainBytes(): number {
    return this.#partial.cameAgainBytes;
  }

  /** A link is up: goes on from what is there. */
  start(link: LiveLink): void {
    this.#link = link;
    this.#attempt = 0;
    this.#try();
  }

  /** The link is gone. What is there stays for the next one. */
  pause(): void {
    this.#link = undefined;
    this.#endSession();
    if (!this.#isOver) this.#events.onState({ kind: 'waiting' });
  }

  onDigest(session: string, sha256: string): void {
    if (this.#session?.name !== session) return;
    this.#digest = sha256;
    this.#finishWhenWhole();
  }

  /** Lets go. What is there stays for the next engine. */
  dispose(): void {
    this.#isOver = true;
    this.#endSession();
    void this.#partial.close();
  }

  /** Ends it; what came is thrown away. Harmless once the file is saved. */
  giveUp(): void {
    this.#isOver = true;
    this.#endSession();
    void this.#partial.discard();
  }

  #try(): void {
    const link = this.#link;
    if (link === undefined || this.#isOver) return;
    this.#endSession();
    this.#attempt++;
    this.#bytes = this.#partial.contiguousBytes;
    this.#bytesAtAttempt = this.#bytes;
    this.#meter = new ProgressMeter(this.#bytes, steadyClock.now());
    this.#showProgress();
    this.#open(link, randomBytes(8).toString('hex'));
  }

  #open(link: LiveLink, session: string): void {
    const { id: transferId, sizeBytes } = this.#transfer;
    // The last block comes again when everything is there: the session is what brings the digest.
    const firstBlock = Math.min(
      Math.floor(this.#bytes / BLOCK_BYTES),
      Math.ceil(sizeBytes / BLOCK_BYTES) - 1,
    );
    const have = this.#partial.haveBlocks.slice(0, MAX_HAVE_RANGES);
    const keys = sessionKeysOf({ secret: link.channel.secret, transferId, session });
    const datagramBytes = largestDatagramTo(link.channel.remoteHost);
    const run = new ReceiveSession(
      { keys, sizeBytes, firstBlock, have, datagramBytes },
      this.#partial,
      this.#roads,
      {
        onProgress: (bytes) => this.#progress(bytes),
        onFinished: () => this.#whole(),
        onClosed: () => this.#quiet(),
        onStalled: () => this.#again(),
        onFailed: (error) => this.#fail(error),
      },
    );
    this.#session = { name: session, run, isOpen: true };
    link.handle({ kind: 'transfer', frame: { kind: 'ready', transferId, session, firstBlock, have } });
  }

  #progress(bytes: number): void {
    this.#bytes = bytes;
    if (this.#meter.advance(bytes, steadyClock.now())) this.#showProgress();
  }

  #showProgress(): void {
    const { bytesPerSecond } = this.#meter;
    this.#events.onState({
      kind: 'running',
      bytes: this.#bytes,
      bytesPerSecond,
      attempt: Math.max(1, this.#attempt),
    });
  }

  /** Nothing came for too long. A try that got something does not count as a failed one. */
  #again(): void {
    if (this.#bytes > this.#bytesAtAttempt) this.#attempt = 0;
    if (this.#attempt < MAX_ATTEMPTS) return this.#try();
    this.#fail(fail('transferStalled', { name: this.#transfer.name, attempts: MAX_ATTEMPTS }));
  }

  #whole(): void {
    this.#isWhole = true;
    this.#events.onState({ kind: 'checking' });
    this.#digestTimer = setTimeout(() => this.#again(), DIGEST_MS);
    this.#finishWhenWhole();
  }

  #finishWhenWhole(): void {
    const digest = this.#digest;
    if (digest === undefined || !this.#isWhole || this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#digestTimer);
    this.#partial.finish(digest).then(
      (path) => this.#saved(path, digest),
      (error) => this.#events.onFailed(this.#failureOf(error)),
    );
  }

  #saved(path: string, digest: string): void {
    this.#isSaved = true;
    this.#events.onSaved(path, digest);
    if (this.#session?.isOpen !== true) this.#events.onOver();
  }

  /** The session answers no more duplicates. */
  #quiet(): void {
    if (this.#session !== undefined) this.#session.isOpen = false;
    if (this.#isSaved) this.#events.onOver();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.giveUp();
    this.#events.onFailed(this.#failureOf(error));
  }

  #failureOf(error: unknown): Failure {
    return error instanceof FailureError
      ? error.failure
      : failure('digestMismatch', { name: this.#transfer.name });
  }

  #endSession(): void {
    clearTimeout(this.#digestTimer);
    this.#session?.run.dispose();
    this.#session = undefined;
    this.#digest = undefined;
    this.#isWhole = false;
  }
}
