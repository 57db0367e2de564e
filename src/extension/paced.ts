// Many calls, few runs: for work that follows a stream of changes.

import type { Disposable } from '../base/disposable.ts';

export interface Paced extends Disposable {
  /** Runs at once when the last run is long enough ago, else once when it is. */
  readonly soon: () => void;
}

export function paced(everyMs: number, run: () => void): Paced {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  const runNow = () => {
    asked = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (asked) runNow();
    }, everyMs);
    run();
  };
  return {
    soon() {
      if (timer === undefined) runNow();
      else asked = true;
    },
    dispose() {
      clearTimeout(timer);
      asked = false;
    },
  };
}
