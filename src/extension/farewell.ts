// What a window still does when it goes.

import { setImmediate } from 'node:timers/promises';

interface Closing {
  /** Resolves when it is done. */
  close(): Promise<void>;
}

interface Going {
  /** From this call on, whoever waits for it hears that it is gone. */
  readonly engine: Closing;
  readonly drafts: Closing;
}

/**
 * Resolves when the engine has let go, and all that nobody sends any more is a draft on the disk. The editor disposes of what the
 * window has, its chats among them, before anything here goes on: what fails from now on is given to no page.
 */
export async function farewell({ engine, drafts }: Going): Promise<void> {
  const closed = engine.close();
  // Whoever waited for it has given back by then what they were to send.
  await setImmediate();
  await Promise.all([drafts.close(), closed]);
}
