// Files of mine that are read whole for their digests, as nobody has noted their blocks. Many may ask for one of what I share: it is
// read for one of them, and the others are told what that one has found.

/** Told after each part that was read. */
export type OnRead = () => void;

interface Reading {
  readonly digest: Promise<string>;
  readonly onRead: Set<OnRead>;
}

export class CommonDigests {
  /** By what the file was when it was offered: its path and its stamp. */
  readonly #readings = new Map<string, Reading>();

  /** What is found for another one, or as `read` ends: where the other one has failed, its link may be gone, and the file still there. */
  async of(file: string, onRead: OnRead, read: (onRead: OnRead) => Promise<string>): Promise<string> {
    for (let other = this.#readings.get(file); other !== undefined; other = this.#readings.get(file)) {
      other.onRead.add(onRead);
      const digest = await other.digest.catch(() => undefined);
      if (digest !== undefined) return digest;
    }
    const heard = new Set([onRead]);
    const digest = read(() => {
      for (const each of heard) each();
    }).finally(() => this.#readings.delete(file));
    this.#readings.set(file, { digest, onRead: heard });
    return digest;
  }
}
