// The threads by which this process asks disks: four (libuv), for an editor's extensions, too, which share them with the engine. Nobody can take
// one back from a drive that has gone, so few are lent to people's own folders.

/** One is left to everything else. */
export const MOST_THREADS = 3;
/** In one folder: one is left to others. Which of these are of the same drive, nobody can ask without waiting for it. */
export const MOST_THREADS_IN_FOLDER = 2;

interface Waiting {
  readonly folder: string;
  readonly begin: () => void;
}

export class DiskThreads {
  /** The folder of each that is lent. */
  readonly #lent: string[] = [];
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];

  /** As `call` ends, which works in `folder` and asks for no other thread. It begins when one can be had: at once, if one can be. */
  lend<T>(folder: string, call: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push({ folder, begin: () => resolve(this.#during(folder, call)) });
      this.#lendFree();
    });
  }

  async #during<T>(folder: string, call: () => Promise<T>): Promise<T> {
    this.#lent.push(folder);
    try {
      return await call();
    } finally {
      this.#lent.splice(this.#lent.indexOf(folder), 1);
      this.#lendFree();
    }
  }

  #lendFree(): void {
    const next = this.#waiting.findIndex(({ folder }) => this.#isFree(folder));
    if (next < 0) return;
    const [waiting] = this.#waiting.splice(next, 1);
    waiting?.begin();
    this.#lendFree();
  }

  #isFree(folder: string): boolean {
    const there = this.#lent.filter((each) => each === folder).length;
    return this.#lent.length < MOST_THREADS && there < MOST_THREADS_IN_FOLDER;
  }
}
