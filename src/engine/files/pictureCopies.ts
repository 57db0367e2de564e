// Copies of pictures without their metadata: a file of the engine's own for each transfer, until that is over.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const COPY = /^([0-9a-f]{32})\.picture$/;

export class PictureCopies {
  readonly folder: string;

  /** A folder that is there, and nobody else's. */
  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(transferId: string): string {
    return join(this.folder, `${transferId}.picture`);
  }

  /** Harmless where there is none. What is still open and cannot go now (on Windows) goes when the next engine starts. */
  async remove(transferId: string): Promise<void> {
    await rm(this.pathOf(transferId), { force: true }).catch(() => undefined);
  }
}

/** The transfer that a file of this folder belongs to. */
export function transferIdOfCopy(name: string): string | undefined {
  return COPY.exec(name)?.[1];
}
