// What is known of the blocks of one file on its way: the SHA-256 of each, in a file of the engine's own, so that an engine that
// was killed knows them when it is back. Both ends keep one: the sender never hashes a block twice, the
// receiver proves with it what is on its disk.
//
//   0    8  "hamta-b1"
//   8    8  size of the file, in bytes
//  16    4  the blocks before this one are on the disk for good
//  20    2  length of the name
//  22    .  the name that the file was about to take, UTF-8; empty before
// 504    8  of a file being sent: the time of its last change of any kind when what is noted was read, ms since the epoch, a double
// 512   32  SHA-256 of block 0, of block 1 ...; all zero where nothing is known
//
// Big-endian. No record crosses a disk's sector: after a power cut each is there or is zero.

import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Millis } from '../../base/clock.ts';
import { RangeSet } from '../../base/rangeSet.ts';
import { blockCountOf } from '../transfer/blocks.ts';
import { BLOCK_DIGEST_BYTES, FileDigest } from './fileDigest.ts';
import { PendingNotes } from './pendingNotes.ts';

const MAGIC = Buffer.from('hamta-b1');
const SIZE_AT = 8;
const DURABLE_AT = 16;
const NAME_LENGTH_AT = 20;
const NAME_AT = 22;
const CHANGED_AT = 504;
const HEADER_BYTES = 512;
/** Digests in one read: those of 128 MiB. */
const DIGESTS_PER_READ = 2048;
/** Notes that nobody waits for are written in lots of so many: those of 4 MiB. */
const LATER_NOTES = 64;
const UNKNOWN = Buffer.alloc(BLOCK_DIGEST_BYTES);

/** Where the notes of a transfer are kept. */
export interface NotesPlace {
  /** A folder of the engine's own; made when it is missing. */
  readonly notesFolder: string;
  readonly transferId: string;
}

/** The system's error, and where it was: the files may be on another disk. */
export interface NotesError extends NodeJS.ErrnoException {
  readonly notesFolder: string;
}

/** Whatever it rejects with is a NotesError. */
export class BlockNotes {
  readonly #place: NotesPlace;
  readonly #file: FileHandle;
  readonly #blockCount: number;
  readonly #header: Buffer;
  readonly #noted = new RangeSet();
  #compared: { readonly changedAt: Millis; readonly blocks: number } = { changedAt: 0, blocks: 0 };
  /** Not written yet; a handful, as long as the disk works. Those that wait are newer than those that are being written. */
  #waiting = new PendingNotes();
  #underWay = new PendingNotes();
  #writing: Promise<void> = Promise.resolve();
  /** The write that has not begun, and still takes notes. */
  #next: Promise<void> | undefined;

  private constructor(place: NotesPlace, file: FileHandle, sizeBytes: number, header: Buffer) {
    this.#place = place;
    this.#file = file;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#header = header;
  }

  /** Those of an engine before, or new ones where there are none for a file of this size. */
  static open(place: NotesPlace, sizeBytes: number): Promise<BlockNotes> {
    return inFolderOf(place, BlockNotes.#open(place, sizeBytes));
  }

  static async #open(place: NotesPlace, sizeBytes: number): Promise<BlockNotes> {
    const file = await openOrMake(place);
    try {
      const known = Buffer.alloc(HEADER_BYTES);
      const { bytesRead } = await file.read(known, 0, HEADER_BYTES, 0);
      if (bytesRead === 0) return await new BlockNotes(place, file, sizeBytes, newHeader(sizeBytes)).#begin();
      const isKnown = known.subarray(0, DURABLE_AT).equals(newHeader(sizeBytes).subarray(0, DURABLE_AT));
      const notes = new BlockNotes(place, file, sizeBytes, isKnown ? known : newHeader(sizeBytes));
      await (isKnown ? notes.#load() : notes.reset());
      return notes;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of a transfer that is over. Never rejects. */
  static async remove(place: NotesPlace): Promise<void> {
    await rm(pathOf(place), { force: true }).catch(() => undefined);
  }

  /** How many blocks there are notes of. */
  get count(): number {
    return this.#noted.size;
  }

  /** Nothing was ever noted. */
  get isBlank(): boolean {
    return this.count === 0 && this.durableBlocks === 0 && this.name === '';
  }

  /** All blocks before this one survive a power cut. */
  get durableBlocks(): number {
    return this.#header.readUInt32BE(DURABLE_AT);
  }

  /** What `markName` was told last; '' before. */
  get name(): string {
    return this.#header.toString('utf8', NAME_AT, NAME_AT + this.#header.readUInt16BE(NAME_LENGTH_AT));
  }

  /** What `markChanged` was told last; 0 before. */
  get changedAt(): Millis {
    return this.#header.readDoubleBE(CHANGED_AT);
  }

  /** The first block without a note; undefined when there is none. */
  get firstMissing(): number | undefined {
    const first = this.#noted.firstMissing();
    return first < this.#blockCount ? first : undefined;
  }

  has(block: number): boolean {
    return this.#noted.has(block);
  }

  /** Those with a note, from `first` on, in order. */
  *notedFrom(first: number): Generator<number> {
    for (const { start, end } of this.#noted.ranges) {
      for (let block = Math.max(start, first); block < end; block++) yield block;
    }
  }

  async digestOf(block: number): Promise<Uint8Array> {
    const pending = this.#waiting.digestOf(block) ?? this.#underWay.digestOf(block);
    if (pending !== undefined) return pending;
    const digest = Buffer.alloc(BLOCK_DIGEST_BYTES);
    await this.#ask(this.#file.read(digest, 0, BLOCK_DIGEST_BYTES, offsetOf(block)));
    return digest;
  }

  /** Resolves once the note survives the end of this process. Those that come together are written together. */
  note(block: number, digest: Uint8Array): Promise<void> {
    this.#waiting.add(block, digest);
    this.#noted.add(block);
    return this.#soon();
  }

  /** The same for whoever can do without the note if this process ends soon; `flush` writes it, too, and tells of failures. */
  noteLater(block: number, digest: Uint8Array): void {
    this.#waiting.add(block, digest);
    this.#noted.add(block);
    if (this.#waiting.count >= LATER_NOTES) this.#soon().catch(() => undefined);
  }

  /** Resolves once all notes so far survive the end of this process; what failed before is tried once more. */
  flush(): Promise<void> {
    return this.#waiting.count + this.#underWay.count > 0 ? this.#soon() : this.#writing;
  }

  /** Everything before `blocks` is on the disk for good; the caller has synced it. */
  async markDurable(blocks: number): Promise<void> {
    await this.flush();
    await this.#ask(this.#file.datasync());
    this.#header.writeUInt32BE(blocks, DURABLE_AT);
    await this.#write(this.#header, 0);
  }

  /** The file is about to take this name, at most 255 bytes. */
  async markName(name: string): Promise<void> {
    this.#header.writeUInt16BE(this.#header.write(name, NAME_AT), NAME_LENGTH_AT);
    await this.#write(this.#header, 0);
  }

  /** The file is as it was changed at this time, with fractions. */
  async markChanged(changedAt: Millis): Promise<void> {
    this.#header.writeDoubleBE(changedAt, CHANGED_AT);
    await this.#write(this.#header, 0);
  }

  /** All blocks before `blocks` are as noted in the file as it was changed at this time. Known to this engine alone. */
  markCompared(changedAt: Millis, blocks: number): void {
    this.#compared = { changedAt, blocks };
  }

  /** What `markCompared` was told last of this time; 0 before. */
  comparedAt(changedAt: Millis): number {
    return this.#compared.changedAt === changedAt ? this.#compared.blocks : 0;
  }

  /** Forgets everything. */
  async reset(): Promise<void> {
    this.#noted.clear();
    this.#waiting.clear();
    this.#header.fill(0, DURABLE_AT);
    await this.#ask(this.#file.truncate(0));
    await this.#begin();
  }

  /** The digest of the whole file (fileDigest.ts); undefined while a block is missing. */
  async digest(): Promise<string | undefined> {
    if (this.firstMissing !== undefined) return undefined;
    await this.flush();
    const digest = new FileDigest();
    for await (const { digests } of this.#chunks()) digest.add(digests);
    return digest.end();
  }

  /** Waits for what is being written or was to be written later. Calling it again is harmless. */
  async close(): Promise<void> {
    await this.flush().catch(() => undefined);
    await this.#ask(this.#file.close());
  }

  async #begin(): Promise<this> {
    await this.#write(this.#header, 0);
    return this;
  }

  async #load(): Promise<void> {
    for await (const { first, digests } of this.#chunks()) {
      for (let at = 0; at < digests.length; at += BLOCK_DIGEST_BYTES) {
        if (UNKNOWN.compare(digests, at, at + BLOCK_DIGEST_BYTES) !== 0)
          this.#noted.add(first + at / BLOCK_DIGEST_BYTES);
      }
    }
  }

  /** All digests in order, as far as the file goes; the buffer is used again. */
  async *#chunks(): AsyncGenerator<{ first: number; digests: Buffer }> {
    const buffer = Buffer.allocUnsafe(BLOCK_DIGEST_BYTES * Math.min(DIGESTS_PER_READ, this.#blockCount));
    for (let first = 0; first < this.#blockCount; first += DIGESTS_PER_READ) {
      const wanted = BLOCK_DIGEST_BYTES * Math.min(DIGESTS_PER_READ, this.#blockCount - first);
      const { bytesRead } = await this.#ask(this.#file.read(buffer, 0, wanted, offsetOf(first)));
      yield { first, digests: buffer.subarray(0, bytesRead - (bytesRead % BLOCK_DIGEST_BYTES)) };
      if (bytesRead < wanted) return;
    }
  }

  #soon(): Promise<void> {
    if (this.#next === undefined) {
      const begin = () => {
        this.#next = undefined;
        return this.#writePending();
      };
      this.#next = this.#writing.then(begin, begin);
      this.#writing = this.#next;
    }
    return this.#next;
  }

  async #writePending(): Promise<void> {
    [this.#waiting, this.#underWay] = [this.#underWay, this.#waiting];
    try {
      for (const { first, digests } of this.#underWay.runs()) await this.#write(digests, offsetOf(first));
    } catch (error) {
      this.#underWay.addAll(this.#waiting);
      [this.#waiting, this.#underWay] = [this.#underWay, this.#waiting];
      throw error;
    } finally {
      this.#underWay.clear();
    }
  }

  async #write(bytes: Uint8Array, offset: number): Promise<void> {
    // A disk that becomes full in the middle ends a write early, and says no to the next one.
    for (let done = 0; done < bytes.length; ) {
      const writing = this.#file.write(bytes, done, bytes.length - done, offset + done);
      done += (await this.#ask(writing)).bytesWritten;
    }
  }

  #ask<T>(call: Promise<T>): Promise<T> {
    return inFolderOf(this.#place, call);
  }
}

/** The transfer that notes of this file name are about. */
export function transferIdOfNotes(fileName: string): string | undefined {
  return /^([0-9a-f]{32})\.blocks$/.exec(fileName)?.[1];
}

/** As `call` ends; its error says where that was. */
async function inFolderOf<T>({ notesFolder }: NotesPlace, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw Object.assign(error as Error, { notesFolder });
  }
}

function pathOf({ notesFolder, transferId }: NotesPlace): string {
  return path.join(notesFolder, `${transferId}.blocks`);
}

function offsetOf(block: number): number {
  return HEADER_BYTES + block * BLOCK_DIGEST_BYTES;
}

function newHeader(sizeBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeBigUInt64BE(BigInt(sizeBytes), SIZE_AT);
  return header;
}

/** Mostly there are none, but their folder is there: what is likely is tried first, for each try is a turn of the loop. */
async function openOrMake(place: NotesPlace): Promise<FileHandle> {
  const make = () => open(pathOf(place), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    return await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(place.notesFolder, { recursive: true, mode: 0o700 });
    return make();
  }
}
