// Waiting for what another process does in its own time: asked again and again, never longer than a deadline.

const PAUSE_MS = 50;

/** Resolves when `isSo` does with true; a rejection counts as false. Rejects after `deadlineMs`, naming `what`. */
export async function until(what: string, deadlineMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
