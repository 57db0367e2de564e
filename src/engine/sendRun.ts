// One offered file of mine over all its sessions: the receiver opens each with `ready`, and the sender answers with blocks, over the
// carrier that `ready` names.

import type { Disposable } from '../base/disposable.ts';
import { type Failure, FailureError, failure } from '../contract/failure.ts';
import { type CarrierKind, MAX_ATTEMPTS, type TransferState } from '../contract/transfer.ts';
import type { Carriers } from './carriers/carriers.ts';
import { BlockNotes, type NotesPlace } from './io/blockNotes.ts';
import { SourceFile } from './io/sourceFile.ts';
import { steadyClock } from './io/systemClock.ts';
import type { TransferFrame } from './link/linkMessages.ts';
import type { LiveLink } from './liveLink.ts';
import { ProgressMeter } from './progressMeter.ts';
import type { StoredTransfer } from './store/transfers.ts';
import { BLOCK_BYTES } from './transfer/params.ts';

export type ReadyFrame = Extract<TransferFrame, { kind: 'ready' }>;

export interface SendRunEvents {
  onState(state: TransferState): void;
  onFailed(failure: Failure): void;
}

export class SendRun implements Disposable {
  readonly #transfer: StoredTransfer;
  readonly #notesPlace: NotesPlace;
  readonly #carriers: Carriers;
  readonly #events: SendRunEvents;
  #notes: Promise<BlockNotes> | undefined;
  #session: { readonly name: string; readonly carrier: CarrierKind; run?: Disposable } | undefined;
  #meter = new ProgressMeter(0, 0);
  #attempt = 0;
  /** The one that brought the last bytes. */
  #carrier: CarrierKind | undefined;
  #isOver = false;

  /** `notesFolder` is a folder of the engine's own. */
  constructor(transfer: StoredTransfer, notesFolder: string, carriers: Carriers, events: SendRunEvents) {
    this.#transfer = transfer;
    this.#notesPlace = { notesFolder, transferId: transfer.id };
    this.#carriers = carriers;
    this.#events = events;
  }

  /** The receiver opens a session; an earlier one ends. */
  start(link: LiveLink, ready: ReadyFrame): void {
    const startAt = ready.firstBlock * BLOCK_BYTES;
    if (this.#isOver || startAt >= this.#transfer.sizeBytes) return;
    this.#endSession();
    const attempt = Math.min(ready.attempt ?? this.#attempt + 1, MAX_ATTEMPTS);
    // Another carrier is no reason to forget how fast it was.
    if (attempt !== this.#attempt) this.#meter = new ProgressMeter(startAt, steadyClock.now());
    this.#attempt = attempt;
    this.#showProgress(startAt);
    this.#session = { name: ready.session, carrier: ready.carrier ?? 'udp' };
    void this.#open(link, ready);
  }

  /** The link is gone: the receiver will say where to go on. */
  pause(): void {
    this.#endSession();
    this.#attempt = 0;
    this.#carrier = undefined;
    if (!this.#isOver) this.#events.onState({ kind: 'waiting' });
  }

  /** Lets go. What is known of the file's blocks stays for the next engine. */
  dispose(): void {
    this.#isOver = true;
    this.#endSession();
    void this.#closeNotes();
  }

  /** Ends it: nothing follows. */
  giveUp(): void {
    this.dispose();
    void this.#closeNotes().then(() => BlockNotes.remove(this.#notesPlace));
  }

  async #open(link: LiveLink, { transferId, session, firstBlock, have = [] }: ReadyFrame): Promise<void> {
    try {
      const { path = '', copyPath = path, sizeBytes, sourceModifiedAtMs: modifiedAt = 0 } = this.#transfer;
      this.#notes ??= BlockNotes.open(this.#notesPlace, sizeBytes);
      const source = await SourceFile.open(copyPath, { sizeBytes, modifiedAt }, await this.#notes);
      // Another session, or the end, may have come while the file was opened.
      if (this.#session?.name !== session) return await source.close();
      const { carrier } = this.#session;
      const missing = { sizeBytes, firstBlock, have };
      this.#session.run = this.#carriers.of(carrier).send({ link, transferId, session }, missing, source, {
        onProgress: (bytes) => this.#progress(bytes, carrier),
        onDigest: (sha256) =>
          link.handle({ kind: 'transfer', frame: { kind: 'digest', transferId, session, sha256 } }),
        onFinished: () => this.#finished(session),
        // The receiver sees it, too, and opens another session or gives up.
        onStalled: () => undefined,
        onFailed: (error) => this.#fail(error),
      });
    } catch (error) {
      if (this.#session?.name === session) this.#fail(error);
    }
  }

  #progress(bytes: number, carrier: CarrierKind): void {
    this.#carrier = carrier;
    if (this.#meter.advance(bytes, steadyClock.now())) this.#showProgress(bytes);
  }

  #showProgress(bytes: number): void {
    const { bytesPerSecond } = this.#meter;
    this.#events.onState({
      kind: 'running',
      bytes,
      bytesPerSecond,
      attempt: Math.max(1, this.#attempt),
      ...(this.#carrier === undefined ? {} : { carrier: this.#carrier }),
    });
  }

  #finished(session: string): void {
    if (this.#session?.name === session) this.#events.onState({ kind: 'checking' });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.giveUp();
    const { name, path = '' } = this.#transfer;
    const detail = error instanceof Error ? error.message : name;
    this.#events.onFailed(
      error instanceof FailureError ? error.failure : failure('fileUnreadable', { path, detail }),
    );
  }

  #endSession(): void {
    this.#session?.run?.dispose();
    this.#session = undefined;
  }

  async #closeNotes(): Promise<void> {
    const notes = await this.#notes?.catch(() => undefined);
    await notes?.close();
  }
}
