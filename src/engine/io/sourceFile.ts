// The file being sent: read block by block, hashed on the way, and never passed off as the file that was offered once it changed.

import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../contract/failure.ts';
import { blockLength } from '../transfer/blocks.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import type { BlockNotes } from './blockNotes.ts';
import { digestOfBlock } from './fileDigest.ts';

/** What an offer was made for; kept with the transfer and compared whenever the file is opened again. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** Last change of the contents, ms since the epoch, with fractions. */
  readonly modifiedAt: number;
}

/** The stamp is compared after every so many reads: a system call each, so not after all. */
const READS_PER_CHECK = 64;
/** Buffers kept for further reads. */
const MAX_SPARE_BUFFERS = 32;

/** The stamp of the file at `filePath`, for an offer. Fails with fileUnreadable or fileEmpty. */
export async function stampOf(filePath: string): Promise<FileStamp> {
  const found = await stat(filePath).catch((error) => {
    throw unreadable(filePath, error);
  });
  if (!found.isFile()) throw fail('fileUnreadable', { path: filePath, detail: 'not a file' });
  if (found.size === 0) throw fail('fileEmpty', { name: path.basename(filePath) });
  return { sizeBytes: found.size, modifiedAt: found.mtimeMs };
}

/** One session's view of the file. Reads run one after the other, in the order they were asked for. */
export class SourceFile {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly #file: FileHandle;
  readonly #notes: BlockNotes;
  readonly #spare: Buffer[] = [];
  #reads = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(filePath: string, stamp: FileStamp, file: FileHandle, notes: BlockNotes) {
    this.path = filePath;
    this.stamp = stamp;
    this.#file = file;
    this.#notes = notes;
  }

  /**
   * Opens the file that `stamp` was taken of. `notes` are about this file, from sessions before, and stay open when this is
   * closed. Fails with fileUnreadable, or fileChanged when the file is not the one offered.
   */
  static async open(filePath: string, stamp: FileStamp, notes: BlockNotes): Promise<SourceFile> {
    const file = await open(filePath, 'r').catch((error) => {
      throw unreadable(filePath, error);
    });
    const source = new SourceFile(filePath, stamp, file, notes);
    try {
      await source.#checkStamp();
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** The block at `offset`. Fails with fileChanged or fileUnreadable. */
  read(offset: number, length: number): Promise<Buffer> {
    return this.#inOrder(() => this.#read(offset, length));
  }

  /** Gives the buffer of a read back for another one; its bytes must not be used afterwards. */
  recycle(buffer: Buffer): void {
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
  }

  /**
   * The digest of the whole file (fileDigest.ts), in hexadecimal. Blocks that nobody has noted are read now: none, unless notes
   * were lost. Fails with fileChanged or fileUnreadable.
   */
  digest(): Promise<string> {
    return this.#inOrder(async () => {
      const { sizeBytes } = this.stamp;
      for (let block = this.#notes.firstMissing; block !== undefined; block = this.#notes.firstMissing)
        this.recycle(await this.#read(block * BLOCK_BYTES, blockLength(sizeBytes, block)));
      await this.#checkStamp();
      const digest = await this.#notes.digest();
      if (digest === undefined) throw new Error('the digest of a file that was not read whole');
      return digest;
    });
  }

  /** Waits for the read that is running. Calling it again is harmless. */
  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#file.close();
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    // Whoever asked is told of the failure; the order of what follows does not depend on it.
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    const buffer = this.#bufferFor(length);
    await this.#fill(buffer, offset);
    await this.#compare(offset / BLOCK_BYTES, digestOfBlock(buffer));
    if (++this.#reads % READS_PER_CHECK === 0) await this.#checkStamp();
    return buffer;
  }

  /** A block that was sent before must be what it was: the receiver may have kept the old one. */
  async #compare(block: number, digest: Buffer): Promise<void> {
    if (this.#notes.has(block)) {
      if (!digest.equals(await this.#notes.digestOf(block))) throw this.#changed();
      return;
    }
    // `digest` tries once more, and tells.
    this.#notes.note(block, digest).catch(() => undefined);
  }

  #bufferFor(length: number): Buffer {
    const spare = this.#spare.pop();
    return spare !== undefined && spare.length === length ? spare : Buffer.allocUnsafeSlow(length);
  }

  async #fill(buffer: Buffer, offset: number): Promise<void> {
    for (let filled = 0; filled < buffer.length; ) {
      const { bytesRead } = await this.#file
        .read(buffer, filled, buffer.length - filled, offset + filled)
        .catch((error) => {
          throw unreadable(this.path, error);
        });
      if (bytesRead === 0) throw this.#changed();
      filled += bytesRead;
    }
  }

  async #checkStamp(): Promise<void> {
    const { size, mtimeMs } = await this.#file.stat();
    if (size !== this.stamp.sizeBytes || mtimeMs !== this.stamp.modifiedAt) throw this.#changed();
  }

  #changed(): Error {
    return fail('fileChanged', { name: path.basename(this.path) });
  }
}

function unreadable(filePath: string, error: NodeJS.ErrnoException): Error {
  return fail('fileUnreadable', { path: filePath, detail: error.code ?? error.message }, error);
}
