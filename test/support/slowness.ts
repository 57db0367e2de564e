// How busy a machine is with other things: what a test that holds a time must allow for.

const WORK_MS = 50;

/** Beyond this factor a machine is no place to hold a time on, and none is forgiven. */
const MOST = 5;

/** How many times longer than on an idle machine some work of this process takes right now; from 1 to 5. */
export function slowness(): number {
  const start = performance.now();
  const before = process.threadCpuUsage();
  let cpuMs = 0;
  while (cpuMs < WORK_MS) {
    const { user, system } = process.threadCpuUsage(before);
    cpuMs = (user + system) / 1_000;
  }
  return Math.min(MOST, Math.max(1, (performance.now() - start) / cpuMs));
}
