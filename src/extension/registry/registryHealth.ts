// Asks registries how they are: until one says that it is healthy, it and its store, or whether there is one at all.

import { setTimeout as wait } from 'node:timers/promises';

const ASK_AGAIN_MS = 100;
/** An answer that takes longer is asked for again. */
const ANSWER_MS = 2_000;

/** `url` is that of its `/healthz`. Resolves at the first 200, however long that takes; rejects when `signal` aborts. */
export async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  while (!(await isHealthy(url, signal))) await wait(ASK_AGAIN_MS, undefined, { signal });
}

/** Rejects when `signal` aborts. */
export async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** Whether it is a registry that answers at `url`, whoever started it: it lists names. In bounded time; never rejects. */
export async function isRegistry(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`${url}/v1/peers?limit=1`, { redirect: 'manual', signal });
    const page = (await answer.json()) as { readonly peers?: unknown };
    return answer.status === 200 && Array.isArray(page.peers);
  } catch {
    return false;
  }
}
