// The small pictures that stand for offers, one file each.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../base/logger.ts';
import type { Thumbnail } from './pictureDescription.ts';

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
    const ending = thumbnail.mediaType === 'image/png' ? 'png' : 'jpg';
    const path = join(this.#folder, `${transferId}.${ending}`);
    try {
      await writeFile(path, thumbnail.bytes);
      return path;
    } catch (error) {
      this.#log.warn(`no thumbnail kept: ${error}`);
      return undefined;
    }
  }
}
