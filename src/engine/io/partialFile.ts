// The file being received: grows beside its place under a hidden name, and takes that place only when its digest is right.
// What came survives this process: another one goes on where this one was killed.

import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Range, RangeSet } from '../../base/rangeSet.ts';
import { fail } from '../../contract/failure.ts';
import { numberedFileName, SHORT_FILE_NAME_BYTES, safeFileName } from '../../contract/names.ts';
import type { Abort } from '../../contract/rpc.ts';
import { blockCountOf, blockLength, bytesBefore } from '../transfer/blocks.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import { BlockNotes, type NotesError, type NotesPlace } from './blockNotes.ts';
import { BlockWriter } from './blockWriter.ts';
import { DirectFile, type OpenFile } from './directFile.ts';
import type { DiskCalls } from './diskCalls.ts';
import { DISK_IS_FULL } from './diskIsFull.ts';
import { digestOfBlock } from './fileDigest.ts';
import { markForeign } from './foreignMark.ts';
import { GrowingSync } from './growingSync.ts';
import type { PageMemory } from './pageMemory.ts';
import { patientRename } from './patientRename.ts';
import type { Quiet } from './quiet.ts';
import { removeReservation, reserve } from './reservedName.ts';
import { SaveFolder } from './saveFolder.ts';

export interface PartialFileOptions extends NotesPlace {
  /** Made when it is missing. */
  readonly folder: string;
  /** What the sender calls the file; cleaned here. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Shared by all that is saved, as is `memory`. */
  readonly disks: DiskCalls;
  readonly memory: PageMemory;
  /** Asked before blocks are hashed or written. */
  readonly quiet: Quiet;
}

/** `a (2).png` up to this number: a bound for a folder that somebody fills with all of them. */
const MAX_NUMBERED_NAMES = 10_000;
/** Of the name in the hidden name, in characters, so that both fit SHORT_FILE_NAME_BYTES. */
const HIDDEN_NAME_LENGTH = 26;
const NO_LINK = constants.O_NOFOLLOW ?? 0;

export class PartialFile {
  readonly #options: PartialFileOptions;
  readonly #folder: SaveFolder;
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #notes: BlockNotes;
  readonly #writer: BlockWriter;
  readonly #sync: GrowingSync;
  /** Blocks that are in the file. */
  readonly #there = new RangeSet();
  #readAgainBytes = 0;
  #cameAgainBytes = 0;
  /** Of the whole file: begins when its last block is written, while the digest is on its way. */
  #lastSync: Promise<void> | undefined;
  #open = true;
  #isFinishing = false;
  /** Aborted once it is given up. */
  readonly #wish = new AbortController();

  private constructor(options: PartialFileOptions, file: OpenFile, notes: BlockNotes) {
    this.#options = options;
    this.#folder = folderOf(options);
    this.#path = hiddenPath(options);
    this.#file = file;
    this.#notes = notes;
    const writev: OpenFile['writev'] = (blocks, at) => this.#ask(() => file.writev(blocks, at));
    this.#writer = new BlockWriter({ writev }, notes, options.quiet);
    this.#sync = new GrowingSync(() => this.#ask(() => file.datasync()), notes);
  }

  /**
   * Goes on with what an engine before has left of this transfer, as far as it can be proved, else begins anew. Fails with
   * folderUnwritable, folderSlow, or diskFull when the disk says that the rest does not fit; with engineGone after `abort`. What a
   * drive does too late is taken back. The notes may be on another disk: a failure of it names their folder, here and later.
   */
  static async open(options: PartialFileOptions, abort?: Abort): Promise<PartialFile> {
    try {
      const folder = folderOf(options, abort);
      // Beside each other: somebody waits.
      const room = folder.make();
      room.catch(() => undefined);
      const notes = await BlockNotes.open(options, options.sizeBytes);
      return await PartialFile.#openWith(options, folder, notes, room).catch(async (error) => {
        await notes.close();
        // The offer stands, and may be declined, or taken into another folder.
        if (notes.isBlank) await BlockNotes.remove(options);
        throw error;
      });
    } catch (error) {
      throw failureOf(options, error);
    }
  }

  /**
   * Where the file already stands, whole and under its name: an engine before was killed after it had named it, and before it
   * could say so. Undefined in all other cases. Fails with folderSlow.
   */
  static async saved(options: PartialFileOptions): Promise<{ path: string; digest: string } | undefined> {
    const notes = await BlockNotes.open(options, options.sizeBytes).catch(() => undefined);
    const folder = folderOf(options);
    try {
      const place = path.join(options.folder, notes?.name ?? '');
      if (!notes?.name || (await folder.sizeOf(hiddenPath(options))) !== undefined) return undefined;
      if ((await folder.sizeOf(place)) !== options.sizeBytes) return undefined;
      const digest = await notes.digest().catch(() => undefined);
      return digest === undefined ? undefined : { path: place, digest };
    } finally {
      await notes?.close();
    }
  }

  /**
   * Takes away what is left of a transfer that is over, its file under its own name excepted: from a drive that does not answer as
   * soon as it does, and that is not waited for. Never rejects.
   */
  static async remove(options: PartialFileOptions): Promise<void> {
    await folderOf(options).remove(hiddenPath(options));
    await BlockNotes.remove(options);
  }

  /** How much of the file is there without a gap, in bytes: where another session may begin. */
  get contiguousBytes(): number {
    return bytesBefore(this.#options.sizeBytes, this.#there.firstMissing());
  }

  /** Blocks that are there behind the first gap. */
  get haveBlocks(): Range[] {
    const first = this.#there.firstMissing();
    return this.#there.ranges.filter(({ start }) => start > first);
  }

  /** Read when it was opened, to prove what was there. */
  get readAgainBytes(): number {
    return this.#readAgainBytes;
  }

  /** Handed in although it was there. */
  get cameAgainBytes(): number {
    return this.#cameAgainBytes;
  }

  /**
   * Writes a verified block; blocks may come in any order and more than once. Fails with diskFull, folderUnwritable or
   * folderSlow; after `close` nothing is written.
   */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const block = offset / BLOCK_BYTES;
    if (this.#there.has(block)) this.#cameAgainBytes += bytes.length;
    if (!this.#open || this.#there.has(block)) return;
    try {
      await this.#writer.write(block, bytes);
      if (!this.#open) return;
      this.#there.add(block);
      this.#syncWhenDue();
    } catch (error) {
      if (this.#open) throw failureOf(this.#options, error);
    }
  }

  /**
   * When everything is written: compares the digest (hexadecimal), makes the file durable and gives it the first free name.
   * Answers its path. Fails with digestMismatch, diskFull, folderUnwritable or folderSlow, with engineGone after `discard`, and then nothing
   * is left behind. The notes stay until `remove`, for an engine that is killed before it could say that the file is there.
   */
  async finish(expectedDigest: string): Promise<string> {
    this.#isFinishing = true;
    try {
      if (!(await this.#isExactly(expectedDigest)))
        throw fail('digestMismatch', { name: this.#options.name });
      await this.#sync.settled();
      this.#syncWhole();
      await this.#lastSync;
      // Its folder may have another name by now; once the file is closed, nobody could empty it there.
      await this.#ask(() => stat(this.#path));
      // Windows does not like to rename what is open.
      await this.#ask(() => this.#file.close());
      const place = await this.#takePlace();
      await this.#close();
      return place;
    } catch (error) {
      this.#isFinishing = false;
      await this.discard();
      throw failureOf(this.#options, error);
    }
  }

  /** Lets go of the file; what came stays for another time. A file that is being finished is finished. */
  async close(): Promise<void> {
    if (!this.#isFinishing) await this.#close();
  }

  /**
   * Leaves nothing behind, unless the file has its name already; where its folder has another name by now, an empty file under the hidden
   * one. Calling it again is harmless.
   */
  async discard(): Promise<void> {
    this.#wish.abort();
    if (this.#isFinishing) return;
    await this.#close(() => this.#folder.surely(() => this.#file.truncate(0)));
    await PartialFile.remove(this.#options);
  }

  static async #openWith(
    options: PartialFileOptions,
    folder: SaveFolder,
    notes: BlockNotes,
    room: Promise<number>,
  ): Promise<PartialFile> {
    const freeBytes = await room;
    await removeReservation(folder, notes.name);
    const closeLate = async (file: OpenFile | undefined) => file?.close();
    const before =
      notes.count === 0
        ? undefined
        : await folder.ask<OpenFile | undefined>(() => openBefore(options), closeLate);
    const isFull = freeBytes < options.sizeBytes - (before === undefined ? 0 : notes.count * BLOCK_BYTES);
    if (isFull) await before?.close();
    if (isFull) throw fail('diskFull', { path: options.folder });
    if (before !== undefined) return new PartialFile(options, before, notes).#prove();
    if (!notes.isBlank) await notes.reset();
    const removeLate = async (file: OpenFile | undefined) => {
      await file?.close();
      await rm(hiddenPath(options), { force: true });
    };
    return new PartialFile(options, await folder.ask(() => openAnew(options), removeLate), notes);
  }

  /**
   * What was synced is there. The rest is read and compared: notes go ahead of what they are about, and after a power cut the
   * disk has what it likes.
   */
  async #prove(): Promise<this> {
    try {
      const durable = await this.#durableBlocks();
      this.#there.add(0, Math.min(durable, blockCountOf(this.#options.sizeBytes)));
      const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
      for (const block of this.#notes.notedFrom(durable)) {
        if (await this.#isThere(block, buffer)) this.#there.add(block);
      }
      return this;
    } catch (error) {
      await this.#closeFile();
      throw error;
    }
  }

  /** None where somebody has cut the file. */
  async #durableBlocks(): Promise<number> {
    const { durableBlocks } = this.#notes;
    const { size } = await this.#ask(() => this.#file.stat());
    if (size >= bytesBefore(this.#options.sizeBytes, durableBlocks)) return durableBlocks;
    await this.#notes.markDurable(0);
    return 0;
  }

  async #isThere(block: number, buffer: Buffer): Promise<boolean> {
    const length = blockLength(this.#options.sizeBytes, block);
    const { bytesRead } = await this.#ask(() => this.#file.read(buffer, 0, length, block * BLOCK_BYTES));
    this.#readAgainBytes += bytesRead;
    if (bytesRead < length) return false;
    return digestOfBlock(buffer.subarray(0, length)).equals(await this.#notes.digestOf(block));
  }

  #syncWhenDue(): void {
    const blocks = this.#there.firstMissing();
    if (blocks === blockCountOf(this.#options.sizeBytes)) this.#syncWhole();
    else this.#sync.reach(blocks);
  }

  /** `finish` hears of failures. */
  #syncWhole(): void {
    this.#lastSync ??= this.#ask(() => this.#file.sync());
    this.#lastSync.catch(() => undefined);
  }

  async #isExactly(expectedDigest: string): Promise<boolean> {
    if (this.contiguousBytes < this.#options.sizeBytes) return false;
    return (await this.#notes.digest()) === expectedDigest.toLowerCase();
  }

  async #takePlace(): Promise<string> {
    const place = await this.#reserveName().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENAMETOOLONG') throw error;
      return this.#reserveName(SHORT_FILE_NAME_BYTES);
    });
    // Late, it would be a file that nobody was told of.
    const takeBack = () => rm(place, { force: true });
    try {
      await patientRename(this.#path, place, {
        abort: this.#wish.signal,
        rename: (from, to) => this.#ask(() => rename(from, to), takeBack),
      });
      await this.#ask(() => this.#folder.sync(), takeBack);
    } catch (error) {
      await this.#ask(takeBack).catch(() => undefined);
      throw error;
    }
    return place;
  }

  /** An empty file of our own under the first free name: nobody else can take the name between the look and the rename. */
  async #reserveName(longest?: number): Promise<string> {
    const name = safeFileName(this.#options.name, undefined, longest);
    for (let number = 1; number <= MAX_NUMBERED_NAMES; number++) {
      const free = number === 1 ? name : numberedFileName(name, number, longest);
      if (await this.#reserve(free)) return path.join(this.#options.folder, free);
    }
    throw fail('folderUnwritable', { path: this.#options.folder, detail: 'namesTaken' });
  }

  /** Noted before it is done: whoever comes after a kill takes the empty file away, or finds the whole one. */
  async #reserve(name: string): Promise<boolean> {
    const place = path.join(this.#options.folder, name);
    if ((await this.#folder.sizeOf(place)) !== undefined) return false;
    await this.#notes.markName(name);
    return this.#ask(
      () => reserve(place),
      async (isOurs) => (isOurs ? rm(place, { force: true }) : undefined),
    );
  }

  /** `last` is done to the file before. */
  async #close(last?: () => Promise<void>): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#writer.close();
    await last?.();
    await this.#closeFile();
    await this.#notes.close();
  }

  /** A drive that does not answer is not waited for: the file is closed when it does. */
  async #closeFile(): Promise<void> {
    await Promise.allSettled([this.#sync.settled(), this.#lastSync]);
    await this.#folder.surely(() => this.#file.close(), this.#unsyncedBytes);
  }

  #ask<T>(call: () => Promise<T>, undo?: (late: T | undefined) => Promise<unknown>): Promise<T> {
    return this.#folder.ask(call, undo, this.#unsyncedBytes);
  }

  get #unsyncedBytes(): number {
    const durableBytes = bytesBefore(this.#options.sizeBytes, this.#notes.durableBlocks);
    return Math.max(0, this.contiguousBytes - durableBytes);
  }
}

function folderOf({ disks, folder }: PartialFileOptions, abort?: Abort): SaveFolder {
  return new SaveFolder(disks, folder, abort);
}

function hiddenPath({ folder, name, transferId }: PartialFileOptions): string {
  const start = [...safeFileName(name)].slice(0, HIDDEN_NAME_LENGTH).join('');
  return path.join(folder, `.${start}.${safeFileName(transferId)}.part`);
}

/** The transfer that a file of this name is a part of; undefined for any other file. */
export function transferIdOfPartial(fileName: string): string | undefined {
  return /^\..*\.([0-9a-f]{32})\.part$/s.exec(fileName)?.[1];
}

/** The file that an engine before has begun; undefined when it is gone. */
async function openBefore(options: PartialFileOptions): Promise<OpenFile | undefined> {
  const place = hiddenPath(options);
  const file = await open(place, constants.O_RDWR | NO_LINK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined;
    throw error;
  });
  return file && DirectFile.around(file, place, options.sizeBytes, options.memory);
}

/** Without notes, what is there is worth nothing; the name holds the transfer's id, so it is nobody else's. */
async function openAnew(options: PartialFileOptions): Promise<OpenFile> {
  const place = hiddenPath(options);
  const make = () => open(place, 'wx+', 0o600);
  const file = await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    await rm(place, { force: true });
    return make();
  });
  await markForeign(place);
  return DirectFile.around(file, place, options.sizeBytes, options.memory);
}

/** The failure that stands for an error of the file system, of the disk that it is about; anything else is passed on as it is. */
function failureOf({ folder }: PartialFileOptions, error: unknown): unknown {
  const { code, notesFolder: place = folder } = error as Partial<NotesError>;
  if (typeof code !== 'string') return error;
  if (DISK_IS_FULL.has(code)) return fail('diskFull', { path: place }, error);
  return fail('folderUnwritable', { path: place, detail: code }, error);
}
