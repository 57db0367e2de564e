// What is asked of disks, which ends in time: a drive that has gone answers nothing, not even that it has gone.

import type { Millis } from '../../base/clock.ts';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';
import { SLEPT_MS } from '../transfer/params.ts';
import { DiskThreads } from './diskThreads.ts';
import { steadyClock } from './systemClock.ts';

export interface DiskWait<T> {
  /** What it fails with when it takes too long. */
  readonly slow: () => Error;
  readonly patienceMs: Millis;
  /** Nobody waits for it any more: it fails with engineGone at once. */
  readonly abort?: Abort | undefined;
  /**
   * Takes back what a call that was given up has done all the same; `late` is undefined where that has failed. It would take back
   * the next one's work, too: so nothing else is asked of the folder before.
   */
  readonly undo?: (late: T | undefined) => Promise<unknown>;
}

interface Silence {
  calls: number;
  readonly end: PromiseWithResolvers<void>;
}

export class DiskCalls {
  /**
   * Folders in which a call has taken too long and is not over. Nobody can take it back, and it holds a thread (diskThreads.ts): so
   * nothing more is asked there before it is answered.
   */
  readonly #silent = new Map<string, Silence>();
  readonly #threads: DiskThreads;

  /** `threads`: shared by all who ask people's own disks. */
  constructor(threads = new DiskThreads()) {
    this.#threads = threads;
  }

  /** As `call` ends, which works in `folder` alone; or as `wait` says. */
  async ask<T>(folder: string, call: () => Promise<T>, wait: DiskWait<T>): Promise<T> {
    const { slow, patienceMs, abort, undo } = wait;
    if (this.isSilent(folder)) throw slow();
    if (abort?.aborted) throw fail('engineGone', {});
    const end = Promise.withResolvers<never>();
    let silence: Silence | undefined;
    let isGivenUp = false;
    const giveUp = (why: Error, isSilent: boolean) => {
      isGivenUp = true;
      if (isSilent) silence ??= this.#fallSilent(folder);
      end.reject(why);
    };
    const stopWaiting = afterAwake(patienceMs, () => giveUp(slow(), true));
    const onAbort = () => giveUp(fail('engineGone', {}), undo !== undefined);
    abort?.addEventListener('abort', onAbort);
    const calling = this.#threads.lend(folder, async () => {
      if (isGivenUp) throw slow();
      return call();
    });
    const over = async (value?: T) => {
      stopWaiting();
      if (isGivenUp) await undo?.(value).catch(() => undefined);
      if (silence !== undefined) this.#hearAgain(folder, silence);
    };
    // Given up or not, it is over only then.
    void calling.then(over, () => over());
    try {
      return await Promise.race([calling, end.promise]);
    } finally {
      abort?.removeEventListener('abort', onAbort);
    }
  }

  /** Whether anything that was given up there is not answered yet. */
  isSilent(folder: string): boolean {
    return this.#silent.has(folder);
  }

  /** Resolves when nothing that was given up there is left to be answered. */
  async answered(folder: string): Promise<void> {
    await this.#silent.get(folder)?.end.promise;
  }

  #fallSilent(folder: string): Silence {
    const silence = this.#silent.get(folder) ?? { calls: 0, end: Promise.withResolvers<void>() };
    silence.calls++;
    this.#silent.set(folder, silence);
    return silence;
  }

  #hearAgain(folder: string, silence: Silence): void {
    if (--silence.calls > 0) return;
    this.#silent.delete(folder);
    silence.end.resolve();
  }
}

/**
 * Runs `onTime` after `ms`; answers what takes that back. After a sleep of the computer they begin anew, as the disk has worked no longer than
 * before it: macOS and Windows count the sleep.
 */
function afterAwake(ms: Millis, onTime: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const due = steadyClock.now() + ms;
    timer = setTimeout(() => (steadyClock.now() - due > SLEPT_MS ? wait() : onTime()), ms);
  };
  wait();
  return () => clearTimeout(timer);
}
