// A timer as something to let go of.

import { type Disposable, toDisposable } from '../base/disposable.ts';

export function after(ms: number, work: () => void): Disposable {
  const timer = setTimeout(work, ms);
  return toDisposable(() => clearTimeout(timer));
}
