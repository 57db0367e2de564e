// The file being sent: read block by block, hashed on the way, and never passed off as the file that was offered once it changed.

import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../contract/failure.ts';

/** What an offer was made for; kept with the transfer and compared whenever the file is opened again. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** Last change of the contents, ms since the epoch, with fractions. */
  readonly modifiedAt: number;
}

/** Reads of this many bytes make up the digest of what an earlier session has sent. */
const CATCH_UP_BYTES = 1024 * 1024;
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

/**
 * One session's view of the file. Reads run one after the other in the order they were asked for, which must be the order of
 * the file: each becomes part of the digest.
 */
export class SourceFile {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  readonly #spare: Buffer[] = [];
  #hashedBytes = 0;
  #reads = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(filePath: string, stamp: FileStamp, file: FileHandle) {
    this.path = filePath;
    this.stamp = stamp;
    this.#file = file;
  }

  /**
   * Opens the file that `stamp` was taken of, ready to read from `startAt` bytes on; what comes before is read for the digest
   * only. Fails with fileUnreadable, or fileChanged when the file is not the one offered.
   */
  static async open(filePath: string, stamp: FileStamp, startAt = 0): Promise<SourceFile> {
    const file = await open(filePath, 'r').catch((error) => {
      throw unreadable(filePath, error);
    });
    const source = new SourceFile(filePath, stamp, file);
    try {
      await source.#checkStamp();
      await source.#catchUp(startAt);
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** The bytes at `offset`, which follow those read before. Fails with fileChanged or fileUnreadable. */
  read(offset: number, length: number): Promise<Buffer> {
    return this.#inOrder(() => this.#read(offset, length));
  }

  /** Gives the buffer of a read back for another one; its bytes must not be used afterwards. */
  recycle(buffer: Buffer): void {
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
  }

  /** SHA-256 of the whole file in hexadecimal; once, after everything was read. Fails with fileChanged. */
  digest(): Promise<string> {
    return this.#inOrder(async () => {
      await this.#checkStamp();
      if (this.#hashedBytes !== this.stamp.sizeBytes)
        throw new Error('the digest of a file that was not read whole');
      return this.#hash.digest('hex');
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

  async #catchUp(startAt: number): Promise<void> {
    while (this.#hashedBytes < startAt) {
      const length = Math.min(CATCH_UP_BYTES, startAt - this.#hashedBytes);
      this.#spare[0] = await this.#read(this.#hashedBytes, length);
    }
    this.#spare.length = 0;
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    if (offset !== this.#hashedBytes) throw new Error(`read at ${offset}, but ${this.#hashedBytes} is next`);
    const buffer = this.#bufferFor(length);
    await this.#fill(buffer, offset);
    this.#hash.update(buffer);
    this.#hashedBytes += length;
    if (++this.#reads % READS_PER_CHECK === 0) await this.#checkStamp();
    return buffer;
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
