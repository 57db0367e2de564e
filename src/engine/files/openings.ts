// Files of theirs that are being opened: at my person's yes to an offer, and with each link for what was accepted before. A drive may take
// its time: the offer can be over by then, and so can the engine.

import type { Disposable } from '../../base/disposable.ts';
import { type Failure, FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Abort } from '../../contract/rpc.ts';
import { isFinal } from '../../contract/transfer.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import type { StoredTransfer } from '../store/transfers.ts';
import type { ReceivedFiles } from './receivedFiles.ts';
import type { TransferRuns } from './transferRuns.ts';
import type { TransferStates } from './transferStates.ts';

export interface OpeningEvents {
  /** It stood under its name already. */
  onSaved(id: string, path: string, sha256: string): void;
  /** One that was accepted before. */
  onFailed(id: string, failure: Failure): void;
}

export class Openings implements Disposable {
  readonly #states: TransferStates;
  readonly #runs: TransferRuns;
  readonly #files: ReceivedFiles;
  readonly #linkOf: (peer: Fingerprint) => LiveLink | undefined;
  readonly #events: OpeningEvents;
  /** Ids of those that go on. */
  readonly #opening = new Set<string>();
  #isDisposed = false;

  constructor(
    parts: {
      readonly states: TransferStates;
      readonly runs: TransferRuns;
      readonly files: ReceivedFiles;
      readonly linkOf: (peer: Fingerprint) => LiveLink | undefined;
    },
    events: OpeningEvents,
  ) {
    this.#states = parts.states;
    this.#runs = parts.runs;
    this.#files = parts.files;
    this.#linkOf = parts.linkOf;
    this.#events = events;
  }

  /** My yes to an offer, in the folder that it names. Failures: those of ReceivedFiles.open. */
  async accept(transfer: StoredTransfer, abort: Abort): Promise<void> {
    const run = this.#runs.newReceiving(transfer, await this.#files.open(transfer, abort));
    try {
      if (this.#isDisposed || !this.#sayYes(transfer)) return run.giveUp();
    } catch (error) {
      // Before this is told: the offer stands, and its file may be opened again at once.
      await run.giveUp();
      throw error;
    }
    this.#runs.keep(transfer.id, run);
    const link = this.#linkOf(transfer.peer);
    if (link !== undefined) run.start(link);
  }

  /** Goes on with an accepted file, after a lost link or a restart of the engine. */
  async goOn(transfer: StoredTransfer, link: LiveLink): Promise<void> {
    const known = this.#runs.receiving(transfer.id);
    if (known !== undefined) return known.start(link);
    // For a link before this one.
    if (this.#opening.has(transfer.id)) return;
    this.#opening.add(transfer.id);
    try {
      const saved = await this.#files.saved(transfer);
      if (saved !== undefined) return this.#events.onSaved(transfer.id, saved.path, saved.digest);
      const run = this.#runs.newReceiving(transfer, await this.#files.goOn(transfer));
      if (this.#isDisposed) return run.dispose();
      if (isFinal(this.#states.known(transfer.id).state)) return run.giveUp();
      this.#runs.keep(transfer.id, run);
      const now = this.#linkOf(link.peer);
      if (now !== undefined) run.start(now);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#events.onFailed(transfer.id, error.failure);
    } finally {
      this.#opening.delete(transfer.id);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** False where it was answered or taken back while its file was opened. */
  #sayYes({ id, folder }: StoredTransfer): boolean {
    const transfer = this.#states.known(id);
    if (transfer.state.kind !== 'offered') return false;
    const yes = { kind: 'answer', transferId: id, accepted: true } as const;
    const taken = { ...transfer, ...(folder === undefined ? {} : { folder }) };
    this.#states.say(taken, yes, { kind: 'waiting' });
    return true;
  }
}
