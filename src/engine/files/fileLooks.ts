// First looks at files, which end in time.

import { dirname } from 'node:path';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';
import { DiskCalls } from '../io/diskCalls.ts';
import type { DiskThreads } from '../io/diskThreads.ts';
import { LONGEST_DISK_CALL_MS } from '../transfer/carrierParams.ts';

export class FileLooks {
  readonly #calls: DiskCalls;

  /** `threads`: shared by all who ask people's own disks. */
  constructor(threads: DiskThreads) {
    this.#calls = new DiskCalls(threads);
  }

  /**
   * What `look` finds at `path`. Fails with fileSlow where that takes too long, with engineGone as soon as nobody waits for it any
   * more, and as `look` does.
   */
  at<T>(path: string, look: () => Promise<T>, abort?: Abort): Promise<T> {
    const slow = () => fail('fileSlow', { path, seconds: LONGEST_DISK_CALL_MS / 1_000 });
    return this.#calls.ask(dirname(path), look, { slow, patienceMs: LONGEST_DISK_CALL_MS, abort });
  }
}
