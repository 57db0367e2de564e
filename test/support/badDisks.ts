// Disks of this process that are slow or full, without the engines having a hand in it.

import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Change = (file: FileHandle, place: string) => void;

/** Until disposed, files whose path fits `places` are changed when they are opened. */
function changeFiles(places: RegExp, change: Change): Disposable {
  const { open } = fs;
  fs.open = async (...args) => {
    const file = await open(...args);
    if (places.test(String(args[0]))) change(file, String(args[0]));
    return file;
  };
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]: () => {
      fs.open = open;
      syncBuiltinESMExports();
    },
  };
}

/** Writes to each file fail once it has taken `roomBytes`. */
export function fullDisk(places: RegExp, roomBytes: number): Disposable {
  return changeWrites(places, () => {
    let left = roomBytes;
    return async (bytes) => {
      left -= bytes;
      if (left < 0) throw noRoom();
    };
  });
}

/** Each write takes `delayMs` longer. */
export function slowDisk(places: RegExp, delayMs: number): Disposable {
  return changeWrites(places, () => () => new Promise((resolve) => setTimeout(resolve, delayMs)));
}

/** Takes everything, and finds out that there is no room when it is to make it durable. */
export function lyingDisk(places: RegExp): Disposable {
  return changeFiles(places, (file) => {
    file.sync = () => Promise.reject(noRoom());
  });
}

/** Counts what is read from some files and written to others. */
export class DiskCounter implements Disposable {
  /** The most that was read and not written yet. */
  peakBytes = 0;
  readonly #changes: Disposable[];
  #heldBytes = 0;

  constructor(from: RegExp, to: RegExp) {
    this.#changes = [
      changeFiles(from, (file) => {
        const read = file.read.bind(file) as (...args: unknown[]) => Promise<{ bytesRead: number }>;
        const counted = async (...args: unknown[]) => {
          const result = await read(...args);
          this.#count(result.bytesRead);
          return result;
        };
        file.read = counted as typeof file.read;
      }),
      changeFiles(to, (file) => {
        const write = writeOf(file);
        const counted = async (...args: unknown[]) => {
          const result = await write(...args);
          this.#count(-result.bytesWritten);
          return result;
        };
        file.write = counted as typeof file.write;
      }),
    ];
  }

  [Symbol.dispose](): void {
    for (const change of this.#changes.reverse()) change[Symbol.dispose]();
  }

  #count(bytes: number): void {
    this.#heldBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.#heldBytes);
  }
}

function changeWrites(places: RegExp, meanwhileOf: () => (bytes: number) => Promise<void>): Disposable {
  return changeFiles(places, (file) => {
    const write = writeOf(file);
    const meanwhile = meanwhileOf();
    const changed = async (...args: unknown[]) => {
      await meanwhile((args[0] as Uint8Array).length);
      return write(...args);
    };
    file.write = changed as typeof file.write;
  });
}

function writeOf(file: FileHandle) {
  return file.write.bind(file) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
}

function noRoom(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}
