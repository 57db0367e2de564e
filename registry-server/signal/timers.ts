// Node's timers for the machines here; none of them keeps a process alive that has been asked to stop.

import type { Alarm } from '../../src/base/drive.ts';

export const timers: Alarm = {
  after(ms, ring) {
    const timer = setTimeout(ring, ms).unref();
    return () => clearTimeout(timer);
  },
  soon(ring) {
    const turn = setImmediate(ring).unref();
    return () => clearImmediate(turn);
  },
};
