// First looks at files, which end in time: a drive that has gone answers nothing, not even that it has gone.

import { dirname } from 'node:path';
import type { Millis } from '../../base/clock.ts';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';
import { LONGEST_READ_MS } from '../transfer/carrierParams.ts';

export class FileLooks {
  /**
   * Folders in which a look has taken too long and is not over. Nobody can take it back, and it holds one of the few threads by
   * which this process reads any file: so nothing more is asked there before it is answered.
   */
  readonly #silent = new Set<string>();
  readonly #patienceMs: Millis;

  constructor(patienceMs = LONGEST_READ_MS) {
    this.#patienceMs = patienceMs;
  }

  /**
   * What `look` finds at `path`. Fails with fileSlow where that takes too long, with engineGone as soon as nobody waits for it any
   * more, and as `look` does.
   */
  async at<T>(path: string, look: () => Promise<T>, abort?: Abort): Promise<T> {
    const folder = dirname(path);
    const slow = () => fail('fileSlow', { path, seconds: this.#patienceMs / 1_000 });
    if (this.#silent.has(folder)) throw slow();
    const end = Promise.withResolvers<never>();
    const late = setTimeout(() => {
      this.#silent.add(folder);
      end.reject(slow());
    }, this.#patienceMs);
    const onAbort = () => end.reject(fail('engineGone', {}));
    abort?.addEventListener('abort', onAbort);
    // Given up or not, it is over only then.
    const looking = look().finally(() => {
      clearTimeout(late);
      this.#silent.delete(folder);
    });
    try {
      return await Promise.race([looking, end.promise]);
    } finally {
      abort?.removeEventListener('abort', onAbort);
    }
  }
}
