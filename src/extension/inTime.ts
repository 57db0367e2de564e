// A promise with an end: whatever the other side does, the wait is over in time.

import { fail } from '../contract/failure.ts';

/** As `promise`, but rejects after `timeoutMs`: with the failure `engineGone`, or what `late` says. */
export async function inTime<T>(
  promise: Promise<T>,
  timeoutMs: number,
  late: () => Error = () => fail('engineGone', {}),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}
