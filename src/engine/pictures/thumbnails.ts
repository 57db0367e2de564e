// The small pictures that stand for offers, one file each.

import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../base/logger.ts';
import type { Thumbnail } from './pictureDescription.ts';

const ENDINGS = ['png', 'jpg'] as const;

export class Thumbnails {
  readonly #folder: string;
  readonly #log: Logger;

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Answers its path. A chat without a thumbnail still works: a full disk is not the offer's problem. */
  async keep(transferId: string, thumbnail: Thumbnail | undefined): Promise<string | undefined> {
    if (thumbnail === undefined) return undefined;
    const path = this.#pathOf(transferId, thumbnail.mediaType === 'image/png' ? 'png' : 'jpg');
    try {
      await writeFile(path, thumbnail.bytes);
      return path;
    } catch (error) {
      this.#log.warn(`no thumbnail kept: ${error}`);
      return undefined;
    }
  }

  /** At once: what follows may be said to be gone. Where it cannot go now (on Windows, while it is looked at) the next engine does it (leftovers.ts). */
  remove(transferId: string): void {
    for (const ending of ENDINGS) {
      try {
        rmSync(this.#pathOf(transferId, ending), { force: true });
      } catch (error) {
        this.#log.warn(`a thumbnail stays until the next start: ${error}`);
      }
    }
  }

  #pathOf(transferId: string, ending: (typeof ENDINGS)[number]): string {
    return join(this.#folder, `${transferId}.${ending}`);
  }
}
