// A promise with an end: whatever the other side does, the wait is over in time.

import { fail } from '../contract/failure.ts';

/** As `promise`, but rejects with the failure `engineGone` after `timeoutMs`. */
export async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail('engineGone', {})), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
