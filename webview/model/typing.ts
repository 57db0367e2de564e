// When to tell the other person that I am writing: at once, then now and then while it goes on, and when it is over.

import type { Millis } from '../../src/base/clock.ts';

/** How often it is said while it goes on; the engine lets no more through. */
export const SAY_AGAIN_MS = 3_000;
/** Without a key for this long nobody is writing. */
export const IDLE_MS = 5_000;

export interface Typing {
  /** Undefined while nothing was said, or that it is over. */
  readonly saidAt: Millis | undefined;
}

export const NOT_TYPING: Typing = { saidAt: undefined };

/** The next state and what to say, if anything. `isWriting`: there is an unsent text and a key was just pressed. */
export function typingStep(
  { saidAt }: Typing,
  isWriting: boolean,
  now: Millis,
): { readonly next: Typing; readonly say: boolean | undefined } {
  if (!isWriting) return { next: NOT_TYPING, say: saidAt === undefined ? undefined : false };
  if (saidAt !== undefined && now - saidAt < SAY_AGAIN_MS) return { next: { saidAt }, say: undefined };
  return { next: { saidAt: now }, say: true };
}
