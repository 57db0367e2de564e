// The worker that opens pictures. Told a path, it answers what is there; what a hostile picture does to it, it does to nobody else.

import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { drawingOf } from './drawing.ts';
import { HEADER_BYTES, MAX_DECODED_FILE_BYTES } from './params.ts';
import type { PictureDescription } from './pictureDescription.ts';
import { pictureHeaderOf } from './pictureHeader.ts';

export interface PictureJob {
  readonly path: string;
}

export interface PictureAnswer {
  readonly description: PictureDescription | undefined;
}

parentPort?.on('message', async ({ path }: PictureJob) => {
  const description = await describe(path).catch(() => undefined);
  parentPort?.postMessage({ description } satisfies PictureAnswer);
});

async function describe(path: string): Promise<PictureDescription | undefined> {
  const { bytes, isWhole } = await startOf(path);
  const header = pictureHeaderOf(bytes);
  if (header === undefined) return undefined;
  // What cannot be drawn still has a type and perhaps a size.
  const drawing = isWhole ? await drawingOf(bytes, header).catch(() => undefined) : undefined;
  return {
    mediaType: header.mediaType,
    width: drawing?.width ?? header.size?.width,
    height: drawing?.height ?? header.size?.height,
    placeholder: drawing?.placeholder,
    thumbnail: drawing?.thumbnail,
  };
}

/** The whole file where it is small enough to decode, else its first bytes. */
async function startOf(path: string): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const isWhole = size <= MAX_DECODED_FILE_BYTES;
    const bytes = Buffer.alloc(isWhole ? size : HEADER_BYTES);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, bytesRead), isWhole };
  } finally {
    await file.close();
  }
}
