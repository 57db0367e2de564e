// What somebody has sent while there was no engine. It stays in the composer, and in the draft that is kept, until it goes.

import { useLayoutEffect, useState } from 'preact/hooks';
import type { Writing } from '../../model/writing.ts';

interface Waiting {
  readonly writing: Writing;
  readonly written: string;
}

/**
 * Whether this waits to be sent, and what to call to have it wait. Other words, or another message that they answer or change,
 * are not what was sent, and where no engine comes any more, it is to be sent anew: from then on nothing waits.
 */
export function useWaitingToSend(
  writing: Writing,
  written: string,
  isStopped: boolean,
): [boolean, () => void] {
  const [waiting, setWaiting] = useState<Waiting | undefined>(undefined);
  const isWaiting = !isStopped && waiting?.writing === writing && waiting.written === written;
  useLayoutEffect(() => {
    if (!isWaiting) setWaiting(undefined);
  }, [isWaiting]);
  return [isWaiting, () => setWaiting({ writing, written })];
}
