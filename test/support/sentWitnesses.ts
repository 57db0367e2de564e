// Engines' processes that write down how many blocks they have sent (sentWitness.ts), so that it is known of killed ones, too.

import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Surroundings } from './headlessEngine.ts';

/** Names the file to the process. */
export const WITNESS_VARIABLE = 'HAMTA_TEST_WITNESS';
/** Runs in the process before the engine does. */
const WITNESS = new URL('./sentWitness.ts', import.meta.url).href;
const COUNT_BYTES = 4;

export function encodeWitness(blocks: number): Buffer {
  const bytes = Buffer.alloc(COUNT_BYTES);
  bytes.writeUInt32BE(blocks);
  return bytes;
}

export class SentWitnesses {
  readonly #folder: string;
  #processes = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<SentWitnesses> {
    await mkdir(folder);
    return new SentWitnesses(folder);
  }

  /** For one more process. */
  next(): Surroundings {
    const file = path.join(this.#folder, String(++this.#processes));
    return { preloads: [WITNESS], env: { [WITNESS_VARIABLE]: file } };
  }

  /** Blocks of which anything has left, of all processes and files, counted anew in each session. A burst may be missing. */
  async blocks(): Promise<number> {
    const files = await readdir(this.#folder);
    const counts = await Promise.all(files.map((file) => readFile(path.join(this.#folder, file))));
    return counts.reduce((sum, bytes) => sum + (bytes.length < COUNT_BYTES ? 0 : bytes.readUInt32BE(0)), 0);
  }
}
