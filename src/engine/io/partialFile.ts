// The file being received: grows beside its place under a hidden name, and takes that place only when its digest is right.

import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../contract/failure.ts';
import { numberedFileName, safeFileName } from '../../contract/names.ts';

export interface PartialFileOptions {
  /** Made when it is missing. */
  readonly folder: string;
  /** What the sender calls the file; cleaned here. */
  readonly name: string;
  readonly transferId: string;
  readonly sizeBytes: number;
}

/** Writes under way at a time; more do not make a disk faster. */
const MAX_WRITES = 4;
/** `a (2).png` up to this number: a bound for a folder that somebody fills with all of them. */
const MAX_NUMBERED_NAMES = 10_000;
/** Of the name in the hidden name, in characters, so that both fit the 255 bytes of most file systems. */
const HIDDEN_NAME_LENGTH = 40;
const DISK_IS_FULL = new Set(['ENOSPC', 'EDQUOT']);

export class PartialFile {
  readonly #options: PartialFileOptions;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  /** Came before what belongs in front of them; at most the receive window of them. By offset. */
  readonly #ahead = new Map<number, Uint8Array>();
  readonly #queue: (() => void)[] = [];
  #writes = 0;
  #hashedBytes = 0;
  #open = true;

  private constructor(options: PartialFileOptions, partialPath: string, file: FileHandle) {
    this.#options = options;
    this.#path = partialPath;
    this.#file = file;
  }

  /** Fails with folderUnwritable, or diskFull when the disk says that the file does not fit. */
  static async create(options: PartialFileOptions): Promise<PartialFile> {
    const partialPath = path.join(options.folder, hiddenName(options));
    try {
      await mkdir(options.folder, { recursive: true });
      if (await isTooLarge(options)) throw fail('diskFull', { path: options.folder });
      // Left behind by an engine that was killed: the name holds the transfer's id, so nobody else's.
      await rm(partialPath, { force: true });
      return new PartialFile(options, partialPath, await open(partialPath, 'wx+', 0o600));
    } catch (error) {
      throw failureOf(options, error);
    }
  }

  /** Takes away what an engine before has left of a transfer that is over now. */
  static async remove(options: PartialFileOptions): Promise<void> {
    await rm(path.join(options.folder, hiddenName(options)), { force: true }).catch(() => undefined);
  }

  /** How much of the file is there without a gap, in bytes: where another session may begin. */
  get contiguousBytes(): number {
    return this.#hashedBytes;
  }

  /**
   * Writes a verified block; blocks may come in any order and more than once. Fails with diskFull or folderUnwritable; after
   * `discard` nothing is written. The bytes must stay as they are: those that come early are kept for the digest.
   */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset < this.#hashedBytes || this.#ahead.has(offset)) return;
    await this.#turn();
    try {
      if (this.#open) await this.#writeWhole(offset, bytes);
    } catch (error) {
      throw failureOf(this.#options, error);
    } finally {
      this.#writes--;
      this.#queue.shift()?.();
    }
    if (this.#open) this.#hashInOrder(offset, bytes);
  }

  /**
   * When everything is written: compares the digest (hexadecimal), makes the file durable and gives it the first free name.
   * Answers its path. Fails with digestMismatch, diskFull or folderUnwritable, and then nothing is left behind.
   */
  async finish(expectedSha256: string): Promise<string> {
    try {
      if (!this.#isExactly(expectedSha256)) throw fail('digestMismatch', { name: this.#options.name });
      await this.#file.sync();
      await this.#close();
      return await this.#takePlace();
    } catch (error) {
      await this.discard();
      throw failureOf(this.#options, error);
    }
  }

  /** Leaves nothing behind. Calling it again is harmless. */
  async discard(): Promise<void> {
    await this.#close();
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  /** Until one of the few writes may start; in order of asking. */
  async #turn(): Promise<void> {
    this.#writes++;
    if (this.#writes > MAX_WRITES) await new Promise<void>((start) => this.#queue.push(start));
  }

  async #writeWhole(offset: number, bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const length = bytes.length - written;
      const { bytesWritten } = await this.#file.write(bytes, written, length, offset + written);
      written += bytesWritten;
    }
  }

  #hashInOrder(offset: number, bytes: Uint8Array): void {
    if (offset >= this.#hashedBytes) this.#ahead.set(offset, bytes);
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
      this.#hash.update(next);
      this.#hashedBytes += next.length;
    }
  }

  #takeNext(): Uint8Array | undefined {
    const next = this.#ahead.get(this.#hashedBytes);
    this.#ahead.delete(this.#hashedBytes);
    return next;
  }

  #isExactly(expectedSha256: string): boolean {
    return (
      this.#hashedBytes === this.#options.sizeBytes &&
      this.#hash.digest('hex') === expectedSha256.toLowerCase()
    );
  }

  async #takePlace(): Promise<string> {
    const place = await this.#reserveName();
    try {
      await rename(this.#path, place);
    } catch (error) {
      await rm(place, { force: true });
      throw error;
    }
    await syncFolder(this.#options.folder);
    return place;
  }

  /** An empty file of our own under the first free name: nobody else can take the name between the look and the rename. */
  async #reserveName(): Promise<string> {
    const name = safeFileName(this.#options.name);
    for (let number = 1; number <= MAX_NUMBERED_NAMES; number++) {
      const place = path.join(this.#options.folder, number === 1 ? name : numberedFileName(name, number));
      const reserved = await open(place, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return undefined;
          throw error;
        },
      );
      if (reserved === undefined) continue;
      await reserved.close();
      return place;
    }
    throw fail('folderUnwritable', { path: this.#options.folder, detail: `too many files called ${name}` });
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#ahead.clear();
    await this.#file.close();
  }
}

function hiddenName({ name, transferId }: PartialFileOptions): string {
  const start = [...safeFileName(name)].slice(0, HIDDEN_NAME_LENGTH).join('');
  return `.${start}.${safeFileName(transferId)}.part`;
}

/** The transfer that a file of this name is a part of; undefined for any other file. */
export function transferIdOfPartial(fileName: string): string | undefined {
  return /^\..*\.([0-9a-f]{32})\.part$/s.exec(fileName)?.[1];
}

/** Not every file system tells how much room there is; then the writes will. */
async function isTooLarge({ folder, sizeBytes }: PartialFileOptions): Promise<boolean> {
  const room = await statfs(folder).catch(() => undefined);
  return room !== undefined && room.blocks > 0 && room.bavail * room.bsize < sizeBytes;
}

/** Makes the new name durable, where folders can be synced (not on Windows). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** The failure that stands for an error of the file system; anything else is passed on as it is. */
function failureOf({ folder }: PartialFileOptions, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== 'string') return error;
  if (DISK_IS_FULL.has(code)) return fail('diskFull', { path: folder }, error);
  return fail('folderUnwritable', { path: folder, detail: code }, error);
}
