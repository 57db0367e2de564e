// What the process of a webview's page holds: its scripts' heap and its documents' nodes.

import type { CDPSession, Locator, Page } from 'playwright-core';

export interface Held {
  readonly heapBytes: number;
  /** Those that are in no document any more and are still held count, too. */
  readonly nodes: number;
}

/** Each call collects what was let go of first. `inside`: anything in the webview's document. */
export async function heldBy(page: Page, inside: Locator): Promise<() => Promise<Held>> {
  const session = await sessionOf(page, inside);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    return { heapBytes: usedSize, nodes };
  };
}

/** A frame of another process has a session of its own, one of the same process shares the page's. */
async function sessionOf(page: Page, inside: Locator): Promise<CDPSession> {
  const element = await inside.elementHandle();
  const frame = await element?.ownerFrame();
  if (frame == null) throw new Error('it is in no page any more');
  const context = page.context();
  return context.newCDPSession(frame).catch(() => context.newCDPSession(page));
}
