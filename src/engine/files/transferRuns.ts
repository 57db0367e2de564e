// The runs that move bytes at this moment, one for each transfer at most, and what goes with them when a transfer is over.

import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import type { Failure } from '../../contract/failure.ts';
import type { TransferState } from '../../contract/transfer.ts';
import { type Carriers, firstCarrierOf } from '../carriers/carriers.ts';
import type { PartialFile } from '../io/partialFile.ts';
import type { StoredTransfer } from '../store/transfers.ts';
import type { PictureCopies } from './pictureCopies.ts';
import type { ReceivedFiles } from './receivedFiles.ts';
import { ReceiveRun } from './receiveRun.ts';
import { SendRun } from './sendRun.ts';
import type { SentFiles } from './sentFiles.ts';
import { type TransferRecord, textOfRecord } from './transferRecords.ts';

/** They come from timers and sockets: nobody is there to hear what they throw. */
export interface TransferRunEvents {
  onState(id: string, state: TransferState): void;
  onSaved(id: string, path: string, sha256: string): void;
  onFailed(id: string, failure: Failure): void;
}

export class TransferRuns implements Disposable {
  readonly #carriers: Carriers;
  readonly #files: ReceivedFiles;
  readonly #sentFiles: SentFiles;
  readonly #copies: PictureCopies;
  readonly #log: Logger;
  readonly #events: TransferRunEvents;
  readonly #receiving = new Map<string, ReceiveRun>();
  readonly #sending = new Map<string, SendRun>();

  constructor(
    parts: {
      readonly carriers: Carriers;
      readonly files: ReceivedFiles;
      readonly sentFiles: SentFiles;
      readonly copies: PictureCopies;
      readonly log: Logger;
    },
    events: TransferRunEvents,
  ) {
    this.#carriers = parts.carriers;
    this.#files = parts.files;
    this.#sentFiles = parts.sentFiles;
    this.#copies = parts.copies;
    this.#log = parts.log;
    this.#events = events;
  }

  /** It was offered. */
  expect(transfer: StoredTransfer): void {
    this.#carriers.of(firstCarrierOf(transfer)).expect?.();
  }

  receiving(id: string): ReceiveRun | undefined {
    return this.#receiving.get(id);
  }

  /** It is whoever asked's until it is kept. */
  newReceiving(transfer: StoredTransfer, partial: PartialFile): ReceiveRun {
    const { id, name } = transfer;
    const run = new ReceiveRun(transfer, partial, this.#carriers, {
      onSession: (carrier, attempt, fromBytes) =>
        this.#log.info(`${name}: over ${carrier} from byte ${fromBytes}, try ${attempt}`),
      onState: (state) => this.#events.onState(id, state),
      onSaved: (path, sha256) => {
        const { cameAgainBytes, unfinishedBytes } = run;
        this.#tell(name, { record: 'saved', transfer: id, cameAgainBytes, unfinishedBytes });
        this.#events.onSaved(id, path, sha256);
      },
      onOver: () => this.#receiving.delete(id),
      onFailed: (failure) => this.#events.onFailed(id, failure),
    });
    return run;
  }

  keep(id: string, run: ReceiveRun): void {
    this.#receiving.set(id, run);
  }

  /** What came stays for another run. */
  letGo(id: string): void {
    this.#receiving.get(id)?.dispose();
    this.#receiving.delete(id);
  }

  sending(transfer: StoredTransfer): SendRun {
    const { id, name } = transfer;
    const run =
      this.#sending.get(id) ??
      new SendRun(transfer, this.#sentFiles, this.#carriers, {
        onState: (state) => this.#events.onState(id, state),
        onFailed: (failure) => this.#events.onFailed(id, failure),
        onEnded: (again) => this.#tell(name, { record: 'sent', transfer: id, ...again }),
      });
    this.#sending.set(id, run);
    return run;
  }

  pause(id: string): void {
    this.#receiving.get(id)?.pause();
    this.#sending.get(id)?.pause();
  }

  /** It is over: nothing stays of it but a file under its own name. */
  end(transfer: StoredTransfer): void {
    const { id, direction, folder, copyPath } = transfer;
    if (copyPath !== undefined) void this.#copies.remove(id);
    const run = this.#receiving.get(id) ?? this.#sending.get(id);
    this.#receiving.delete(id);
    this.#sending.delete(id);
    if (run !== undefined) void run.giveUp();
    else if (direction === 'send') void this.#sentFiles.removeNotes(transfer);
    else if (folder !== undefined) void this.#files.remove(transfer);
  }

  dispose(): void {
    for (const run of [...this.#receiving.values(), ...this.#sending.values()]) run.dispose();
    this.#receiving.clear();
    this.#sending.clear();
  }

  #tell(name: string, record: TransferRecord): void {
    this.#log.info(`${name}: ${textOfRecord(record)}`, record);
  }
}
