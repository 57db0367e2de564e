// A sender whose process was not run for a while, or whose computer slept: what is in its socket by then is read first.

import assert from 'node:assert/strict';
import { LATE_MS, SLEPT_MS, STALL_MS } from '../../../src/engine/transfer/params.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import type { SendOut } from '../../../src/engine/transfer/transferIo.ts';
import { KEYS } from './transferPair.ts';

const SLEEP_MS = 60_000;

function machineWithFlight(): SendMachine {
  const machine = new SendMachine({ keys: KEYS, sizeBytes: 20_000, firstBlock: 0, rttHintMs: 20 });
  kindsAt(machine, 0);
  machine.handle({ kind: 'block', index: 0, bytes: Buffer.alloc(20_000) }, 0);
  poll(machine);
  return machine;
}

function poll(machine: SendMachine): SendOut['kind'][] {
  const kinds: SendOut['kind'][] = [];
  for (let out = machine.poll(); out !== undefined; out = machine.poll()) kinds.push(out.kind);
  return kinds;
}

/** What it does when its timer fires at `now`. */
function kindsAt(machine: SendMachine, now: number): SendOut['kind'][] {
  machine.handle({ kind: 'time' }, now);
  return poll(machine);
}

/** All its timers, each in time, until `limit`. Answers when the last one fired. */
function runTo(machine: SendMachine, limit: number): number {
  let last = 0;
  for (let at = machine.deadline(); at !== undefined && at < limit; at = machine.deadline()) {
    last = at;
    kindsAt(machine, at);
  }
  return last;
}

describe('a sender that hears nothing', () => {
  it('probes when its timer fires in time, and a millisecond later when it fires late', () => {
    const inTime = machineWithFlight();
    assert.ok(kindsAt(inTime, (inTime.deadline() ?? 0) + LATE_MS - 1).length > 0);
    const late = machineWithFlight();
    const woke = (late.deadline() ?? 0) + LATE_MS + 1;
    assert.deepEqual(kindsAt(late, woke), []);
    assert.equal(late.deadline(), woke + 1);
    assert.ok(kindsAt(late, woke + 1).length > 0, 'what nobody has read by then is asked for');
  });

  it('waits for ten seconds more when its computer slept in between', () => {
    const machine = machineWithFlight();
    runTo(machine, STALL_MS - 1_000);
    const woke = (machine.deadline() ?? 0) + SLEEP_MS;
    assert.ok(SLEEP_MS > SLEPT_MS);
    assert.deepEqual(kindsAt(machine, woke), []);
    runTo(machine, woke + STALL_MS - 1_000);
    assert.notEqual(machine.deadline(), undefined, 'it is not over');
    const ended = runTo(machine, woke + 2 * STALL_MS);
    assert.equal(machine.deadline(), undefined);
    assert.ok(ended >= woke + STALL_MS, `${ended - woke} ms after it woke up`);
  });
});
