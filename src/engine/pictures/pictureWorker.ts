// The worker that opens pictures. Told a path, it answers what is there; what a hostile picture does to it, it does to nobody else.

import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { type Drawing, drawingOf } from './drawing.ts';
import { HEADER_BYTES, MAX_DECODED_FILE_BYTES } from './params.ts';
import type { PictureDescription } from './pictureDescription.ts';
import { type PictureHeader, pictureHeaderOf } from './pictureHeader.ts';
import { stripMetadata } from './stripMetadata.ts';
import { orientationOf, uprightSize } from './upright.ts';

export interface PictureJob {
  readonly path: string;
  /** Where a copy without metadata goes if there is any. */
  readonly copyTo?: string;
  /** It was drawn before, or is not to be: now it is taken apart, and no more. */
  readonly isDrawn?: true;
}

/**
 * `none`: there is none in the file. `removed`: a copy without it was written. `kept`: nobody here can take it out of a file of
 * this kind or size. `notWritten`: the copy could not be, for the reason that the system gave.
 */
export type Metadata =
  | { readonly kind: 'none' | 'removed' | 'kept' }
  | { readonly kind: 'notWritten'; readonly detail: string };

export interface PictureAnswer {
  readonly description: PictureDescription | undefined;
  /** Set for a picture where a copy was asked for. */
  readonly metadata?: Metadata;
  /** Why nobody knows what is there: too much waits, it took too long, or it could not be read to the end. */
  readonly unseen?: 'busy' | 'slow' | 'broken';
  /** It was not drawn, as it had waited too long for that; another time it may be. */
  readonly isLate?: true;
  /** Not the last word: what its header says, before it is decoded, which not every picture lets a worker survive. */
  readonly isUndrawn?: true;
}

interface Start {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

const NOTHING: PictureAnswer = { description: undefined };
const UNREADABLE: PictureAnswer = { description: undefined, unseen: 'broken' };

parentPort?.on('message', async (job: PictureJob) => {
  const answer = await answerTo(job).catch(() => UNREADABLE);
  parentPort?.postMessage(answer);
});

async function answerTo({ path, copyTo, isDrawn }: PictureJob): Promise<PictureAnswer> {
  const start = await startOf(path);
  const header = pictureHeaderOf(start.bytes);
  if (header === undefined) return NOTHING;
  const metadata = copyTo === undefined ? {} : { metadata: await withoutMetadata(start, copyTo) };
  const undrawn = describe(start, header, undefined);
  if (isDrawn) return { description: undrawn, ...metadata };
  parentPort?.postMessage({ description: undrawn, ...metadata, isUndrawn: true } satisfies PictureAnswer);
  const drawing = start.isWhole ? await drawingOf(start.bytes, header).catch(() => undefined) : undefined;
  return { description: describe(start, header, drawing), ...metadata };
}

async function withoutMetadata({ bytes, isWhole }: Start, copyTo: string): Promise<Metadata> {
  const stripped = isWhole ? stripMetadata(bytes) : undefined;
  if (stripped === undefined) return { kind: 'kept' };
  if (stripped === bytes) return { kind: 'none' };
  try {
    await writeFile(copyTo, stripped, { flag: 'wx', mode: 0o600 });
    return { kind: 'removed' };
  } catch (error) {
    return { kind: 'notWritten', detail: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

/** What cannot be drawn still has a type and perhaps a size. */
function describe({ bytes }: Start, header: PictureHeader, drawing: Drawing | undefined): PictureDescription {
  const size = drawing ?? (header.size && uprightSize(header.size, orientationOf(bytes, header.mediaType)));
  return {
    mediaType: header.mediaType,
    width: size?.width,
    height: size?.height,
    placeholder: drawing?.placeholder,
    thumbnail: drawing?.thumbnail,
  };
}

/** The whole file where it is a picture that is small enough to decode, else its first bytes. */
async function startOf(path: string): Promise<Start> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await read(file, Math.min(size, HEADER_BYTES));
    const isWorthMore = size <= MAX_DECODED_FILE_BYTES && pictureHeaderOf(head) !== undefined;
    const bytes = isWorthMore && size > head.length ? await read(file, size) : head;
    return { bytes, isWhole: bytes.length === size };
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, 0);
  return bytes.subarray(0, bytesRead);
}
