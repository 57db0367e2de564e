// A large file that is written past the system's cache: direct I/O (open(2), O_DIRECT). To fill pages of the cache, which nobody
// reads again, costs the processor several times what the disk needs, and whoever syncs a message meanwhile waits for them.

import { constants } from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import { BLOCK_BYTES } from '../transfer/params.ts';
import { PAGE_BUFFER_BYTES, type PageMemory } from './pageMemory.ts';

/** What is written at once at most: 512 KiB. A kill loses what is not written yet, and eight blocks make the asking cheap enough. */
export const MAX_WRITE_BLOCKS = PAGE_BUFFER_BYTES / BLOCK_BYTES;
/** Smaller ones are pictures that are looked at next: from the cache. */
const MIN_BYTES = 16 * 1024 * 1024;
/** What every such disk takes: offsets and lengths are multiples of it. */
const SECTOR_BYTES = 4_096;
/**
 * statfs(2): ext4 and XFS, which write in place, and with which it was measured. Btrfs would keep such writes uncompressed; what lies in
 * memory or on a network gains nothing.
 */
const FILE_SYSTEMS: ReadonlySet<number> = new Set([0xef53, 0x58465342]);

/** What is asked of a file that is being received; a FileHandle is one. */
export interface OpenFile {
  writev(buffers: readonly Uint8Array[], offset: number): Promise<{ readonly bytesWritten: number }>;
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  stat(): Promise<{ readonly size: number }>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A FileHandle, and a second one that writes whole blocks of the same file. What one has written the other reads, and a sync of one is for both:
 * direct writes are no more durable than others.
 */
export class DirectFile {
  readonly #file: FileHandle;
  readonly #direct: Pick<OpenFile, 'writev' | 'close'>;
  readonly #memory: PageMemory;
  /** The disk has refused to take what lies in that memory. */
  #isRefused = false;

  /** `direct` writes the same file from `memory`. */
  constructor(file: FileHandle, direct: Pick<OpenFile, 'writev' | 'close'>, memory: PageMemory) {
    this.#file = file;
    this.#direct = direct;
    this.#memory = memory;
  }

  /** `file` is open at `place`, to be `sizeBytes` long. As it is where direct writes are of no use, or not to be had. Takes it over. */
  static async around(
    file: FileHandle,
    place: string,
    sizeBytes: number,
    memory: PageMemory,
  ): Promise<OpenFile> {
    const direct = sizeBytes < MIN_BYTES ? undefined : await openDirect(file, place).catch(() => undefined);
    return direct === undefined ? file : new DirectFile(file, direct, memory);
  }

  async writev(buffers: readonly Uint8Array[], offset: number): Promise<{ readonly bytesWritten: number }> {
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const memory = this.#isDirect(offset, length) ? this.#memory.take() : undefined;
    if (memory === undefined) return this.#file.writev(buffers, offset);
    try {
      return await this.#direct.writev([gathered(buffers, memory)], offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
      this.#isRefused = true;
      return await this.#file.writev(buffers, offset);
    } finally {
      // Not before: nobody can take back a write that its caller has given up.
      this.#memory.giveBack(memory);
    }
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number) {
    return this.#file.read(buffer, offset, length, position);
  }

  stat() {
    return this.#file.stat();
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  datasync(): Promise<void> {
    return this.#file.datasync();
  }

  truncate(length: number): Promise<void> {
    return this.#file.truncate(length);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.#direct.close(), this.#file.close()]);
  }

  #isDirect(offset: number, length: number): boolean {
    const isWhole = offset % SECTOR_BYTES === 0 && length % SECTOR_BYTES === 0;
    return isWhole && length <= PAGE_BUFFER_BYTES && !this.#isRefused;
  }
}

/** Undefined where the system or the file system has no use for it. Rejects where it refuses. */
async function openDirect(file: FileHandle, place: string): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux' || !FILE_SYSTEMS.has((await statfs(place)).type)) return undefined;
  const direct = await open(place, constants.O_WRONLY | constants.O_DIRECT | constants.O_NOFOLLOW);
  if (await isSame(file, direct).catch(() => false)) return direct;
  await direct.close();
  return undefined;
}

/** Somebody else may have put another file there. */
async function isSame(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((file) => file.stat({ bigint: true })));
  return a?.ino === b?.ino && a?.dev === b?.dev;
}

function gathered(buffers: readonly Uint8Array[], into: Buffer): Buffer {
  let length = 0;
  for (const buffer of buffers) {
    into.set(buffer, length);
    length += buffer.length;
  }
  return into.subarray(0, length);
}
