// Where the files of accepted offers stand while they come, and what an engine before has left of them.

import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';
import { isPicture, MAX_PICTURE_PIXELS } from '../../contract/transfer.ts';
import { DiskCalls } from '../io/diskCalls.ts';
import type { DiskThreads } from '../io/diskThreads.ts';
import { fileStartNow } from '../io/fileStart.ts';
import { PageMemory } from '../io/pageMemory.ts';
import { PartialFile, type PartialFileOptions } from '../io/partialFile.ts';
import type { Quiet } from '../io/quiet.ts';
import { SaveFolder } from '../io/saveFolder.ts';
import { HEADER_BYTES } from '../pictures/params.ts';
import { pictureHeaderOf } from '../pictures/pictureHeader.ts';
import { guardedAsync } from '../store/storeGuard.ts';
import type { StoredTransfer, TransfersTable } from '../store/transfers.ts';
import { sweepPartials } from './leftovers.ts';
import { textOfRecord } from './transferRecords.ts';

/** At one start. */
const MAX_SWEPT_FOLDERS = 16;

export class ReceivedFiles implements Disposable {
  readonly #notesFolder: string;
  readonly #log: Logger;
  readonly #quiet: Quiet;
  readonly #disks: DiskCalls;
  readonly #memory = new PageMemory();
  #isDisposed = false;

  /** `notesFolder` is a folder of the engine's own, `quiet` is asked before blocks are written; `threads` are of all who ask people's disks. */
  constructor(notesFolder: string, log: Logger, quiet: Quiet, threads: DiskThreads) {
    this.#notesFolder = notesFolder;
    this.#log = log;
    this.#quiet = quiet;
    this.#disks = new DiskCalls(threads);
  }

  /** Makes `folder` where it is missing. `abort`: nobody waits for it any more. Failures: folderUnwritable, folderSlow, engineGone. */
  async expectWritable(folder: string, abort?: Abort): Promise<void> {
    try {
      await new SaveFolder(this.#disks, folder, abort).expectWritable();
    } catch (error) {
      if (error instanceof FailureError) throw error;
      const detail = (error as NodeJS.ErrnoException).code ?? String(error);
      throw fail('folderUnwritable', { path: folder, detail }, error);
    }
  }

  /**
   * Takes away what engines before have left of files that are over: from `folder`, and from where else the last of them were to go.
   * Where none is there nobody looks again. One after the other and none after a drive that does not answer: each such call holds one
   * of the few threads by which this process reads any file. Rejects for bugs alone.
   */
  sweep(folder: string, transfers: TransfersTable): Promise<void> {
    return guardedAsync(this.#log, async () => {
      const others = transfers.foldersOfOver().slice(0, MAX_SWEPT_FOLDERS);
      for (const each of new Set([folder, ...others])) {
        if (!(await this.#isSwept(new SaveFolder(this.#disks, each), transfers))) return;
      }
    });
  }

  /** Whether to go on with others. */
  async #isSwept(folder: SaveFolder, transfers: TransfersTable): Promise<boolean> {
    const isClean = await sweepPartials(folder, {
      get: (id) => (this.#isDisposed ? undefined : transfers.get(id)),
    });
    if (this.#isDisposed) return false;
    if (isClean) transfers.forgetFolder(folder.path);
    return !folder.isSilent;
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** `abort`: nobody waits for it any more. Failures: those of PartialFile.open. */
  open(transfer: StoredTransfer, abort?: Abort): Promise<PartialFile> {
    return PartialFile.open(this.#optionsOf(transfer), abort);
  }

  /** Goes on with what an engine before has left of it. Failures: those of PartialFile.open. */
  async goOn(transfer: StoredTransfer): Promise<PartialFile> {
    const partial = await this.open(transfer);
    const { contiguousBytes: thereBytes, readAgainBytes } = partial;
    const { id, name, sizeBytes } = transfer;
    const found = { record: 'found', transfer: id, thereBytes, sizeBytes, readAgainBytes } as const;
    this.#log.info(`${name}: ${textOfRecord(found)}`, found);
    return partial;
  }

  /** Where it stands already, whole and under its name, though nobody was told so yet. Failures: folderSlow. */
  saved(transfer: StoredTransfer): Promise<{ path: string; digest: string } | undefined> {
    return PartialFile.saved(this.#optionsOf(transfer));
  }

  /**
   * What is told of it once it is saved at `path`: a picture that by its own header is none, does not say how large it is, or is
   * larger than what may be drawn, is shown as a file. A bound against a hostile peer: until here its size was what its sender said.
   */
  shown(transfer: StoredTransfer, path: string): StoredTransfer {
    if (!isPicture(transfer.mediaType) || isDrawable(path)) return { ...transfer, path };
    this.#log.info(`${transfer.name}: shown as a file, not as a picture`);
    const { width: _width, height: _height, ...file } = transfer;
    return { ...file, path };
  }

  /** Takes away what is left of one that is over, its file under its own name excepted. Never rejects. */
  remove(transfer: StoredTransfer): Promise<void> {
    return PartialFile.remove(this.#optionsOf(transfer));
  }

  #optionsOf({ folder = '', name, id: transferId, sizeBytes }: StoredTransfer): PartialFileOptions {
    return {
      ...{ folder, name, transferId, sizeBytes, notesFolder: this.#notesFolder },
      ...{ disks: this.#disks, memory: this.#memory, quiet: this.#quiet },
    };
  }
}

/** In one go: nothing else may happen between a file's name and its word. One that cannot be read any more is not drawn. */
function isDrawable(path: string): boolean {
  try {
    const { mediaType = '', size } = pictureHeaderOf(fileStartNow(path, HEADER_BYTES)) ?? {};
    return isPicture(mediaType) && size !== undefined && size.width * size.height <= MAX_PICTURE_PIXELS;
  } catch {
    return false;
  }
}
