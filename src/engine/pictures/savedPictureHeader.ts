// The header of a picture that has just been saved, read in one go: nothing else may happen between a file's name and its word.

import { closeSync, openSync, readSync } from 'node:fs';
import { type PictureHeader, pictureHeaderOf } from './pictureHeader.ts';

/** By the first `length` bytes of the file at `path`; undefined where it is no picture, or cannot be read any more. */
export function savedPictureHeader(path: string, length: number): PictureHeader | undefined {
  try {
    return pictureHeaderOf(startOf(path, length));
  } catch {
    return undefined;
  }
}

function startOf(path: string, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}
