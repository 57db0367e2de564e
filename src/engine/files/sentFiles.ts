// Files of mine that are offered, and read for whoever has accepted them.

import type { Clock } from '../../base/clock.ts';
import type { Source } from '../carriers/carrier.ts';
import { BlockNotes, type NotesPlace } from '../io/blockNotes.ts';
import type { DiskThreads } from '../io/diskThreads.ts';
import type { Quiet } from '../io/quiet.ts';
import { type ReadCounts, SourceFile } from '../io/sourceFile.ts';
import { steadyClock } from '../io/systemClock.ts';
import type { StoredTransfer } from '../store/transfers.ts';
import { CommonDigests } from './commonDigests.ts';
import { FileLooks } from './fileLooks.ts';

export class SentFiles {
  /** Before they are offered. */
  readonly looks: FileLooks;
  readonly #notesFolder: string;
  readonly #quiet: Quiet;
  readonly #threads: DiskThreads;
  readonly #digests: CommonDigests;

  /**
   * `notesFolder` is a folder of the engine's own, `quiet` is asked before blocks are read; `threads` are of all who ask people's disks;
   * `clock` never goes back.
   */
  constructor(notesFolder: string, quiet: Quiet, threads: DiskThreads, clock: Clock = steadyClock) {
    this.#notesFolder = notesFolder;
    this.#quiet = quiet;
    this.#threads = threads;
    this.looks = new FileLooks(threads);
    this.#digests = new CommonDigests(clock);
  }

  /** What is known of its blocks, from sessions before. Failures: those of BlockNotes.open. */
  notesOf(transfer: StoredTransfer): Promise<BlockNotes> {
    return BlockNotes.open(this.#notesPlaceOf(transfer), transfer.sizeBytes);
  }

  removeNotes(transfer: StoredTransfer): Promise<void> {
    return BlockNotes.remove(this.#notesPlaceOf(transfer));
  }

  /** Failures: those of SourceFile.open. */
  open(transfer: StoredTransfer, notes: BlockNotes, counts: ReadCounts): Promise<SourceFile> {
    const { sizeBytes, sourceModifiedAtMs: modifiedAt = 0 } = transfer;
    const reading = { counts, quiet: this.#quiet, threads: this.#threads };
    return SourceFile.open(placeOf(transfer), { sizeBytes, modifiedAt }, notes, reading);
  }

  /** `source` of it. Of a file whose blocks were all read its notes tell the digest; any other is read whole, for all its receivers at once. */
  withCommonDigest(source: Source, transfer: StoredTransfer, notes: BlockNotes): Source {
    const { sizeBytes, sourceModifiedAtMs } = transfer;
    const file = `${sizeBytes} ${sourceModifiedAtMs} ${placeOf(transfer)}`;
    const digest: Source['digest'] = (onRead = () => undefined) =>
      notes.firstMissing === undefined
        ? source.digest(onRead)
        : this.#digests.of(file, onRead, (onReadByAny) => source.digest(onReadByAny));
    return { ...source, digest };
  }

  #notesPlaceOf({ id: transferId }: StoredTransfer): NotesPlace {
    return { notesFolder: this.#notesFolder, transferId };
  }
}

/** A picture is read from its copy without metadata. */
function placeOf({ path = '', copyPath = path }: StoredTransfer): string {
  return copyPath;
}
