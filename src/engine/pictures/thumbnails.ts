// The small pictures that stand for offers, one file each.

import { rm, writeFile } from 'node:fs/promises';
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

  /** Never rejects: what cannot go now (on Windows, while it is looked at) goes when the next engine starts (leftovers.ts). */
  async remove(transferId: string): Promise<void> {
    const paths = ENDINGS.map((ending) => this.#pathOf(transferId, ending));
    await Promise.allSettled(paths.map((path) => rm(path, { force: true })));
  }

  #pathOf(transferId: string, ending: (typeof ENDINGS)[number]): string {
    return join(this.#folder, `${transferId}.${ending}`);
  }
}
