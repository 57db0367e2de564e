// The file being sent: read block by block, hashed on the way, and never passed off as the file that was offered once it changed.

import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Millis } from '../../base/clock.ts';
import { giveBack } from '../../base/giveBack.ts';
import { turns } from '../../base/turns.ts';
import { fail } from '../../contract/failure.ts';
import { blockCountOf, blockLength } from '../transfer/blocks.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import type { BlockNotes } from './blockNotes.ts';
import { withoutFirst } from './bufferRun.ts';
import { DiskThreads } from './diskThreads.ts';
import { DIGESTS_PER_TURN, digestOfBlock } from './fileDigest.ts';
import { otherTurn } from './otherTurn.ts';
import { alwaysQuiet, type Quiet } from './quiet.ts';

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
/** Blocks read by one call at most: half a MiB. To ask the system costs nearly as much as to read a block. */
const MAX_RUN_BLOCKS = 8;

/** The stamp of the file at `filePath`, for an offer. Fails with fileUnreadable or fileEmpty. */
export async function stampOf(filePath: string): Promise<FileStamp> {
  const found = await stat(filePath).catch((error) => {
    throw unreadable(filePath, error);
  });
  if (!found.isFile()) throw fail('fileUnreadable', { path: filePath, detail: 'not a file' });
  if (found.size === 0) throw fail('fileEmpty', { name: path.basename(filePath) });
  return { sizeBytes: found.size, modifiedAt: found.mtimeMs };
}

/** Added to by every session of a transfer in one engine. */
export interface ReadCounts {
  /** Bytes of blocks that were read and hashed though they had been: there is a note of them, or the receiver has them. */
  againBytes: number;
}

export interface Reading {
  readonly counts?: ReadCounts;
  /** Asked before blocks are read. */
  readonly quiet?: Quiet;
  /** Shared by all who ask people's own disks. */
  readonly threads?: DiskThreads;
}

interface Wanted {
  readonly offset: number;
  readonly length: number;
  readonly settle: (bytes: Buffer) => void;
}

interface Asked extends Wanted {
  readonly fail: (error: unknown) => void;
}

/**
 * One session's view of the file. Reads run one after the other, in the order they were asked for; those that wait and lie behind
 * each other are one.
 */
export class SourceFile {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly #file: FileHandle;
  readonly #notes: BlockNotes;
  readonly #counts: ReadCounts;
  readonly #quiet: Quiet;
  readonly #threads: DiskThreads;
  readonly #spare: Buffer[] = [];
  /** Reads that have not begun. */
  readonly #asked: Asked[] = [];
  #reads = 0;
  #isClosing = false;
  readonly #inTurn = turns();

  private constructor(
    filePath: string,
    stamp: FileStamp,
    file: FileHandle,
    notes: BlockNotes,
    { counts = { againBytes: 0 }, quiet = alwaysQuiet, threads = new DiskThreads() }: Reading,
  ) {
    this.path = filePath;
    this.stamp = stamp;
    this.#file = file;
    this.#notes = notes;
    this.#counts = counts;
    this.#quiet = quiet;
    this.#threads = threads;
  }

  /**
   * Opens the file that `stamp` was taken of. `notes` are about this file, from sessions before, and stay open when this is
   * closed. Fails with fileUnreadable, or fileChanged when the file is not the one offered.
   */
  static async open(
    filePath: string,
    stamp: FileStamp,
    notes: BlockNotes,
    reading: Reading = {},
  ): Promise<SourceFile> {
    const { threads = new DiskThreads() } = reading;
    const file = await threads.lend(path.dirname(filePath), () => openUnchanged(filePath, stamp));
    const source = new SourceFile(filePath, stamp, file, notes, { ...reading, threads });
    try {
      const changedAt = await source.#checkStamp();
      if (notes.count === 0) await notes.markChanged(changedAt);
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** The block at `offset`. Fails with fileChanged or fileUnreadable; rejects when it was closed before the read began. */
  read(offset: number, length: number): Promise<Buffer> {
    return new Promise((settle, fail) => {
      this.#asked.push({ offset, length, settle, fail });
      if (this.#asked.length === 1) void this.#inTurn(() => this.#readAsked());
    });
  }

  /** Gives the buffer of a read back for another one; its bytes must not be used afterwards. */
  recycle(buffer: Buffer): void {
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
  }

  /**
   * The digest of the whole file (fileDigest.ts), in hexadecimal. Blocks that nobody has noted are read now: none, unless notes
   * were lost. `onRead` is told after each group of them; they stay noted, so whoever comes after `close` goes on behind them. Where
   * anything of the file was changed since the first note, if only its name, all of it is read once more, in the same way.
   * Fails with fileChanged or fileUnreadable; rejects when it was closed before all were read.
   */
  digest(onRead: () => void = () => undefined): Promise<string> {
    return this.#inTurn(async () => {
      for (let block = this.#notes.firstMissing; block !== undefined; block = this.#notes.firstMissing)
        await this.#readForDigest(block, (next) => !this.#notes.has(next), onRead);
      await this.#proveNotes(onRead);
      const digest = await this.#notes.digest();
      if (digest === undefined) throw new Error('the digest of a file that was not read whole');
      return digest;
    });
  }

  /**
   * Waits for the read that is running, and keeps what it told; none begins any more. Calling it again is harmless. Never rejects: a mount
   * that has gone says so once more, and nothing was written to it.
   */
  close(): Promise<void> {
    this.#isClosing = true;
    return this.#inTurn(async () => {
      await this.#notes.flush().catch(() => undefined);
      for (const spare of this.#spare.splice(0)) giveBack(spare);
      await this.#lend(() => this.#file.close()).catch(() => undefined);
    });
  }

  async #readAsked(): Promise<void> {
    while (this.#asked.length > 0) {
      await this.#quiet();
      const run = this.#nextRun();
      try {
        this.#expectOpen();
        await this.#readRun(run);
      } catch (error) {
        for (const { fail } of run) fail(error);
      }
      this.#asked.splice(0, run.length);
    }
  }

  /** The first of those that wait, and what lies behind it. */
  #nextRun(): Asked[] {
    const [first] = this.#asked;
    let end = first?.offset ?? 0;
    const isNext = ({ offset, length }: Asked) => {
      const isBehind = offset === end;
      end = offset + length;
      return isBehind;
    };
    const most = this.#asked.slice(0, MAX_RUN_BLOCKS);
    const length = most.findIndex((asked) => !isNext(asked));
    return length < 0 ? most : most.slice(0, length);
  }

  /** Each is told as soon as it was looked at, so that it can leave while the next is hashed: over TLS in the same turn. */
  async #readRun(run: readonly Wanted[]): Promise<void> {
    const buffers = run.map(({ length }) => this.#bufferFor(length));
    await this.#fill(buffers, run[0]?.offset ?? 0);
    for (const [i, { offset, settle }] of run.entries()) {
      if (i > 0 && i % DIGESTS_PER_TURN === 0) await otherTurn();
      const buffer = buffers[i] as Buffer;
      await this.#look(offset, buffer);
      settle(buffer);
    }
  }

  /**
   * A program that changes a file can put the time of that back, but not the time of a change of any kind (ctime; ChangeTime of NTFS). That
   * one is another after a rename, too: so the bytes are looked at, once, as there are file systems on which it is always another.
   */
  async #proveNotes(onRead: () => void): Promise<void> {
    const changedAt = await this.#checkStamp();
    if (changedAt === this.#notes.changedAt) return;
    const blockCount = blockCountOf(this.stamp.sizeBytes);
    for (let block = this.#notes.comparedAt(changedAt); block < blockCount; block += MAX_RUN_BLOCKS) {
      await this.#readForDigest(block, () => true, onRead);
      this.#notes.markCompared(changedAt, block + MAX_RUN_BLOCKS);
    }
    await this.#checkStamp();
    await this.#notes.markChanged(changedAt);
  }

  /** A group from `first` on, as far as `isWanted`. No session was asked for them, or they were read in one before. */
  async #readForDigest(
    first: number,
    isWanted: (block: number) => boolean,
    onRead: () => void,
  ): Promise<void> {
    await this.#quiet();
    this.#expectOpen();
    const { sizeBytes } = this.stamp;
    const settle = (buffer: Buffer) => this.recycle(buffer);
    const run: Wanted[] = [];
    const end = Math.min(first + MAX_RUN_BLOCKS, blockCountOf(sizeBytes));
    for (let block = first; block < end && isWanted(block); block++) {
      const length = blockLength(sizeBytes, block);
      // The receiver has it from a session whose notes are lost. Those with a note are counted when they are compared.
      if (!this.#notes.has(block)) this.#counts.againBytes += length;
      run.push({ offset: block * BLOCK_BYTES, length, settle });
    }
    await this.#readRun(run);
    onRead();
  }

  async #look(offset: number, buffer: Buffer): Promise<void> {
    const block = offset / BLOCK_BYTES;
    if (this.#notes.has(block)) this.#counts.againBytes += buffer.length;
    await this.#compare(block, digestOfBlock(buffer));
    if (++this.#reads % READS_PER_CHECK === 0) await this.#checkStamp();
  }

  /** A block that was sent before must be what it was: the receiver may have kept the old one. */
  async #compare(block: number, digest: Buffer): Promise<void> {
    if (this.#notes.has(block)) {
      if (!digest.equals(await this.#notes.digestOf(block))) throw changed(this.path);
      return;
    }
    // `digest` writes it, and tells when that fails.
    this.#notes.noteLater(block, digest);
  }

  /** Nobody waits any more for what has not begun. */
  #expectOpen(): void {
    if (this.#isClosing) throw new Error('a read of a file that is closed');
  }

  #bufferFor(length: number): Buffer {
    const spare = this.#spare.pop();
    return spare !== undefined && spare.length === length ? spare : Buffer.allocUnsafeSlow(length);
  }

  /** Reads may end early. */
  async #fill(buffers: Buffer[], offset: number): Promise<void> {
    for (let left = buffers, at = offset; left.length > 0; ) {
      const { bytesRead } = await this.#ask(() => this.#file.readv(left, at));
      if (bytesRead === 0) throw changed(this.path);
      left = withoutFirst(left, bytesRead);
      at += bytesRead;
    }
  }

  /** The time of its last change of any kind. */
  async #checkStamp(): Promise<Millis> {
    const found = await this.#ask(() => this.#file.stat());
    if (!isStampOf(found, this.stamp)) throw changed(this.path);
    return found.ctimeMs;
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await this.#lend(call);
    } catch (error) {
      throw unreadable(this.path, error as NodeJS.ErrnoException);
    }
  }

  #lend<T>(call: () => Promise<T>): Promise<T> {
    return this.#threads.lend(path.dirname(this.path), call);
  }
}

/** A pipe in its place is not opened: that would wait until somebody writes to it. */
async function openUnchanged(filePath: string, stamp: FileStamp): Promise<FileHandle> {
  const refuse = (error: NodeJS.ErrnoException) => {
    throw unreadable(filePath, error);
  };
  if (!isStampOf(await stat(filePath).catch(refuse), stamp)) throw changed(filePath);
  return open(filePath, 'r').catch(refuse);
}

function isStampOf({ size, mtimeMs }: Stats, { sizeBytes, modifiedAt }: FileStamp): boolean {
  return size === sizeBytes && mtimeMs === modifiedAt;
}

function changed(filePath: string): Error {
  return fail('fileChanged', { name: path.basename(filePath) });
}

function unreadable(filePath: string, error: NodeJS.ErrnoException): Error {
  return fail('fileUnreadable', { path: filePath, detail: error.code ?? error.message }, error);
}
