// The engine's drives run on the steady clock and on Node's timers.

import type { Clock } from '../../base/clock.ts';
import { type Alarm, Drive as BaseDrive } from '../../base/drive.ts';
import type { Machine } from '../../base/machine.ts';
import { steadyClock } from './systemClock.ts';

const nodeTimers: Alarm = {
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
  soon(ring) {
    const turn = setImmediate(ring);
    return () => clearImmediate(turn);
  },
};

export class Drive<In, Out> extends BaseDrive<In, Out> {
  constructor(
    machine: Machine<In, Out>,
    timePassed: In,
    carryOut: (out: Out) => void,
    clock: Clock = steadyClock,
    alarm: Alarm = nodeTimers,
  ) {
    super(machine, timePassed, carryOut, clock, alarm);
  }
}
