// Disks of this process that are slow or full, without the engines having a hand in it.

import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

type Read = (buffers: readonly Uint8Array[], offset?: number) => Promise<{ bytesRead: number }>;
type Write = (buffers: readonly Uint8Array[], offset?: number) => Promise<{ bytesWritten: number }>;
type Change = (file: FileHandle, place: string) => void | Promise<void>;

/** Of files that are open. */
export function changeReads(file: FileHandle, change: (read: Read) => Read): void {
  file.readv = change(file.readv.bind(file) as Read) as typeof file.readv;
}

export function changeVectorWrites(file: FileHandle, change: (write: Write) => Write): void {
  file.writev = change(file.writev.bind(file) as Write) as typeof file.writev;
}

type Call = 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename';

/** Until disposed, whoever calls this gets `changed` of it. Imports of other files see it, too. */
function changeCall<Name extends Call>(
  name: Name,
  changed: (own: (typeof fs)[Name]) => (typeof fs)[Name],
): Disposable {
  const own = fs[name];
  fs[name] = changed(own);
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]: () => {
      fs[name] = own;
      syncBuiltinESMExports();
    },
  };
}

/** Until disposed, files whose path fits `places` are changed when they are opened. */
function changeFiles(places: RegExp, change: Change): Disposable {
  return changeCall('open', (open) => async (...args) => {
    const file = await open(...args);
    if (places.test(String(args[0]))) await change(file, String(args[0]));
    return file;
  });
}

/** Until disposed, nothing whose path fits `places` can be opened, as in a folder without permission. Root is refused, too. */
export function forbidden(places: RegExp): Disposable {
  return changeCall('open', (open) => async (...args) => {
    if (places.test(String(args[0]))) throw errorOf('EACCES');
    return open(...args);
  });
}

/** Until disposed, no file can have a longer name than this, as where a file system encrypts names. */
export function shortNames(longestBytes: number): Disposable {
  return changeCall('open', (open) => async (...args) => {
    if (Buffer.byteLength(path.basename(String(args[0]))) > longestBytes) throw errorOf('ENAMETOOLONG');
    return open(...args);
  });
}

/** Until disposed, folders whose path fits `places` cannot be made, not even where they are there: as Windows says of a drive's root. */
export function rootOfDrive(places: RegExp): Disposable {
  return changeCall('mkdir', (mkdir) => {
    const changed = async (...args: Parameters<typeof mkdir>) => {
      if (places.test(String(args[0]))) throw errorOf('EPERM');
      return mkdir(...args);
    };
    return changed as typeof mkdir;
  });
}

/** Until disposed, the system cannot tell the true path of anything: so says Windows of drives that are none to it, in memory or on some networks. */
export function unmountedDrive(): Disposable {
  return changeCall('realpath', (realpath) => (() => Promise.reject(errorOf('EISDIR'))) as typeof realpath);
}

/** Until disposed, files whose path fits `places` are not renamed the first `times` times, as where another program has them open. */
export function heldFor(times: number, places: RegExp, code = 'EPERM'): Disposable {
  let left = times;
  return changeCall('rename', (rename) => async (from, to) => {
    if (places.test(String(from)) && left-- > 0) throw errorOf(code);
    return rename(from, to);
  });
}

/** Folders are listed like this. */
export function listedAs(list: (readdir: () => Promise<string[]>) => Promise<string[]>): Disposable {
  return changeCall('readdir', (readdir) => {
    return ((folder: string) => list(() => readdir(folder))) as typeof readdir;
  });
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

/** One write to each file fails: the first one behind `roomBytes`. */
export function failsOnce(places: RegExp, roomBytes: number): Disposable {
  return changeWrites(places, () => {
    let left = roomBytes;
    return async (bytes) => {
      const before = left;
      left -= bytes;
      if (before >= 0 && left < 0) throw noRoom();
    };
  });
}

/** Full for a moment: the write to each file that reaches beyond `roomBytes` ends there, and says so; the next one fails. */
export function fullForAMoment(places: RegExp, roomBytes: number): Disposable {
  return endWrites(places, () => {
    let told = 0;
    return (bytes, at) => {
      if (told === 0 && at + bytes <= roomBytes) return bytes;
      told++;
      if (told === 2) throw noRoom();
      return told === 1 ? roomBytes - at : bytes;
    };
  });
}

/** Takes half of what it is given at a time, and says so. */
export function halfHeartedDisk(places: RegExp): Disposable {
  return endWrites(places, () => (bytes) => Math.ceil(bytes / 2));
}

/** Each block of 64 KiB takes `delayMs`, and so does whatever is less. */
export function slowDisk(places: RegExp, delayMs: number): Disposable {
  const takes = (bytes: number) => delayMs * Math.ceil(bytes / 65_536);
  return changeWrites(places, () => (bytes) => new Promise((resolve) => setTimeout(resolve, takes(bytes))));
}

/** As `slowDisk`, for whoever reads. */
export function slowSource(places: RegExp, delayMs: number): Disposable {
  return changeFiles(places, (file) => {
    changeReads(file, (read) => async (buffers, offset) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs * buffers.length));
      return read(buffers, offset);
    });
  });
}

/** A disk that falls asleep: the first read at `from` or behind takes `wakesMs`, each time such a file is opened. */
export function sleepingSource(places: RegExp, wakesMs: number, from: number): Disposable {
  return changeFiles(places, (file) => {
    let sleeps = true;
    changeReads(file, (read) => async (buffers, offset) => {
      if (sleeps && (offset ?? 0) >= from) {
        sleeps = false;
        await new Promise((resolve) => setTimeout(resolve, wakesMs));
      }
      return read(buffers, offset);
    });
  });
}

/** A disk that falls asleep, and wakes up only to open a file: that takes `wakesMs`, each time. */
export function slowToOpen(places: RegExp, wakesMs: number): Disposable {
  return changeFiles(places, () => new Promise((resolve) => setTimeout(resolve, wakesMs)));
}

/** A drive that has gone, until disposed: nothing that is asked about such files is answered before `wake` is called. */
export function silentDisk(places: RegExp): Disposable & { readonly asked: readonly string[]; wake(): void } {
  const { stat, open, realpath } = fs;
  const { promise: awake, resolve: wake } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const silently =
    <In extends unknown[], Out>(ask: (...input: In) => Promise<Out>) =>
    async (...input: In) => {
      const place = String(input[0]);
      if (places.test(place)) {
        asked.push(place);
        await awake;
      }
      return ask(...input);
    };
  fs.stat = silently(stat) as typeof stat;
  fs.open = silently(open);
  fs.realpath = silently(realpath) as typeof realpath;
  syncBuiltinESMExports();
  return {
    ...{ asked, wake },
    [Symbol.dispose]: () => {
      Object.assign(fs, { stat, open, realpath });
      syncBuiltinESMExports();
    },
  };
}

type AnyCall = (...input: unknown[]) => Promise<unknown>;
const OF_PLACES = ['access', 'mkdir', 'open', 'readdir', 'rename', 'rm', 'stat', 'statfs'] as const;
const OF_FILES = ['datasync', 'read', 'sync', 'write', 'writev'] as const;

/**
 * A drive that goes when it is told to, until disposed: of what is asked about such places from then on, and of files that are open
 * there, nothing is answered before `wake` is called.
 */
export function fallingSilent(places: RegExp): Disposable & {
  readonly asked: readonly string[];
  sleep(only?: string): void;
  wake(): void;
} {
  const known = fs as unknown as Record<string, AnyCall>;
  const before = { ...known };
  const asked: string[] = [];
  let awake: PromiseWithResolvers<void> | undefined;
  let sleeping: string | undefined;
  const silently =
    (name: string, call: AnyCall, place?: string): AnyCall =>
    async (...input) => {
      const isThere = places.test(place ?? String(input[0])) && (sleeping ?? name) === name;
      if (isThere && awake !== undefined) {
        asked.push(name);
        await awake.promise;
      }
      const answer = await call(...input);
      if (name === 'open' && places.test(String(input[0])))
        silenceFile(answer as FileHandle, String(input[0]));
      return answer;
    };
  const silenceFile = (file: FileHandle, place: string) => {
    const calls = file as unknown as Record<string, AnyCall>;
    for (const name of OF_FILES) calls[name] = silently(name, (calls[name] as AnyCall).bind(file), place);
  };
  for (const name of OF_PLACES) known[name] = silently(name, before[name] as AnyCall);
  syncBuiltinESMExports();
  const wake = () => {
    awake?.resolve();
    awake = undefined;
  };
  return {
    asked,
    /** `only`: nothing but calls of this name. */
    sleep: (only) => {
      awake ??= Promise.withResolvers<void>();
      sleeping = only;
    },
    wake,
    [Symbol.dispose]: () => {
      wake();
      for (const name of OF_PLACES) known[name] = before[name] as AnyCall;
      syncBuiltinESMExports();
    },
  };
}

/** Takes everything, and finds out that there is no room when it is to make it durable. */
export function lyingDisk(places: RegExp): Disposable {
  return changeFiles(places, (file) => {
    file.sync = () => Promise.reject(noRoom());
  });
}

/** Takes everything, says once that some of it is lost, and from then on that all is well: as Linux does. */
export function forgetfulDisk(places: RegExp): Disposable {
  let hasSaid = false;
  return changeFiles(places, (file) => {
    const datasync = file.datasync.bind(file);
    file.datasync = () => {
      if (hasSaid) return datasync();
      hasSaid = true;
      return Promise.reject(errorOf('EIO'));
    };
  });
}

/** How many buffers each read of the file at `place` had. */
export function countReads(place: string): Disposable & { readonly counts: readonly number[] } {
  const counts: number[] = [];
  const changed = changeFiles(/./, (file, opened) => {
    changeReads(file, (read) => (buffers, offset) => {
      if (opened === place) counts.push(buffers.length);
      return read(buffers, offset);
    });
  });
  return { counts, [Symbol.dispose]: () => changed[Symbol.dispose]() };
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
        changeReads(file, (read) => async (...args) => {
          const result = await read(...args);
          this.#count(result.bytesRead);
          return result;
        });
      }),
      changeFiles(to, (file) => {
        changeVectorWrites(file, (write) => async (...args) => {
          const result = await write(...args);
          this.#count(-result.bytesWritten);
          return result;
        });
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

/** Writes of one buffer and of several; `meanwhile` is told their bytes. */
function changeWrites(places: RegExp, meanwhileOf: () => (bytes: number) => Promise<void>): Disposable {
  return changeFiles(places, (file) => {
    const write = file.write.bind(file) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
    const meanwhile = meanwhileOf();
    const changed = async (...args: unknown[]) => {
      await meanwhile((args[0] as Uint8Array).length);
      return write(...args);
    };
    file.write = changed as typeof file.write;
    changeVectorWrites(file, (writev) => async (buffers, offset) => {
      await meanwhile(buffers.reduce((sum, { length }) => sum + length, 0));
      return writev(buffers, offset);
    });
  });
}

/** Until disposed, open files whose path fits `places` are not known any more from `forget` on, as where a server has begun anew. */
export function forgettingDrive(places: RegExp): Disposable & { forget(): void } {
  let isForgotten = false;
  const changes = changeFiles(places, (file) => {
    const [stat, close] = [file.stat.bind(file), file.close.bind(file)];
    const expectKnown = (call: string) => {
      if (isForgotten) throw errorOf('ESTALE', `stale file handle, ${call}`);
    };
    const changed = async () => {
      expectKnown('fstat');
      return stat();
    };
    file.stat = changed as typeof file.stat;
    file.close = async () => {
      await close();
      expectKnown('close');
    };
  });
  return {
    forget() {
      isForgotten = true;
    },
    [Symbol.dispose]: () => changes[Symbol.dispose](),
  };
}

/** Writes of one buffer take as many of `bytes` at `at` as is answered. */
function endWrites(places: RegExp, takenOf: () => (bytes: number, at: number) => number): Disposable {
  return changeFiles(places, (file) => {
    const write = file.write.bind(file);
    const taken = takenOf();
    const changed = async (buffer: Uint8Array, from: number, bytes: number, at: number) =>
      write(buffer, from, taken(bytes, at), at);
    file.write = changed as typeof file.write;
  });
}

function noRoom(): Error {
  return errorOf('ENOSPC', 'no space left on device');
}

function errorOf(code: string, text = 'injected'): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}
