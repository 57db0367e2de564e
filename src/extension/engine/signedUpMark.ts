// Remembers that a name was chosen, so that a window starts the engine by itself from then on.

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A file beside the engine's folder, not the editor's global state: that may live with the editor's page on another machine,
 * while the engine's database is here.
 */
export class SignedUpMark {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'signed-up');
  }

  async isSet(): Promise<boolean> {
    return stat(this.#file).then(
      () => true,
      () => false,
    );
  }

  async set(signedUp: boolean): Promise<void> {
    if (!signedUp) return rm(this.#file, { force: true });
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(this.#file, '');
  }
}
