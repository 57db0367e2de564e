// A sender whose process was not run for a while, or whose computer slept: what is in its socket by then is read first.

import assert from 'node:assert/strict';
import {
  BLOCK_BYTES,
  FIRST_LIMIT_BLOCKS,
  LATE_MS,
  SLEPT_MS,
  STALL_MS,
} from '../../../src/engine/transfer/params.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import type { SendIn, SendOut } from '../../../src/engine/transfer/transferIo.ts';
import { encodeAck } from '../../../src/wire/ackDatagram.ts';
import { decodeData } from '../../../src/wire/dataDatagram.ts';
import { DatagramKind } from '../../../src/wire/datagramEnvelope.ts';
import { KEYS } from './transferPair.ts';

const SLEEP_MS = 60_000;
/** What may be sent before the receiver has said how far, in blocks. */
const LIMIT = FIRST_LIMIT_BLOCKS;

function machineWithFlight(): SendMachine {
  const machine = new SendMachine({ keys: KEYS, sizeBytes: 20_000, firstBlock: 0 });
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

  it('probes with two datagrams while nothing was ever answered: the line may be thin', () => {
    const machine = machineWithFlight();
    assert.deepEqual(kindsAt(machine, machine.deadline() ?? 0), ['datagram', 'datagram']);
  });

  it('probes with more where something was, then with less and with short ones, and gives up in the end', () => {
    const machine = new SendMachine({ keys: KEYS, sizeBytes: 20_000, firstBlock: 0 });
    const sent: number[] = [];
    const tell = (input: SendIn, now: number) => {
      machine.handle(input, now);
      for (let out = machine.poll(); out !== undefined; out = machine.poll())
        if (out.kind === 'datagram') sent.push(out.bytes.length);
      return sent.splice(0);
    };
    tell({ kind: 'time' }, 0);
    const { length } = tell({ kind: 'block', index: 0, bytes: Buffer.alloc(20_000) }, 0);
    const word = { verifiedBlocks: 0, blockLimit: 1, delayMs: 0, echo: 0n, damaged: [] };
    const ack = encodeAck(
      { ...word, ranges: [{ start: 0, end: 1 }] },
      { key: KEYS.ack, token: KEYS.token, number: 0 },
    );
    assert.deepEqual(tell({ kind: 'datagram', bytes: ack }, 20), []);
    const probes: number[][] = [];
    for (let at = machine.deadline(); at !== undefined; at = machine.deadline())
      probes.push(tell({ kind: 'time' }, at));
    const piece = probes[0]?.[0] ?? 0;
    assert.ok(length > 8 && piece > 1_200);
    assert.deepEqual(probes.slice(0, 3), [
      Array<number>(8).fill(piece),
      [piece, piece, 1_200, 1_200, 1_200],
      [piece, piece, 1_200, 1_200, 1_200],
    ]);
    assert.deepEqual(probes.at(-1), []);
  });

  it('probes all the same where its timers are late again and again', () => {
    const machine = machineWithFlight();
    assert.deepEqual(kindsAt(machine, (machine.deadline() ?? 0) + LATE_MS + 1), []);
    assert.ok(kindsAt(machine, (machine.deadline() ?? 0) + LATE_MS + 1).length > 0);
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

  it('has ten seconds from when it sends, where its disk took longer than that before', () => {
    const machine = new SendMachine({ keys: KEYS, sizeBytes: 20_000, firstBlock: 0 });
    kindsAt(machine, 0);
    machine.handle({ kind: 'block', index: 0, bytes: Buffer.alloc(20_000) }, SLEEP_MS);
    poll(machine);
    const ended = runTo(machine, SLEEP_MS + 2 * STALL_MS);
    assert.ok(ended >= SLEEP_MS + STALL_MS, `${ended - SLEEP_MS} ms after it sent`);
    assert.equal(machine.deadline(), undefined);
  });

  it('asks for news with one piece beyond the limit, where all before it was verified', () => {
    const machine = new SendMachine({
      keys: KEYS,
      sizeBytes: 20 * BLOCK_BYTES,
      firstBlock: 0,
    });
    const pieces: { readonly block: number; readonly offset: number }[] = [];
    const send = (now: number) => {
      for (let out = machine.poll(); out !== undefined; out = machine.poll()) {
        if (out.kind === 'datagram' && out.bytes[0] === DatagramKind.data) pieces.push(decodeData(out.bytes));
        if (out.kind === 'needBlock')
          machine.handle({ kind: 'block', index: out.index, bytes: Buffer.alloc(out.length) }, now);
      }
    };
    let acks = 0;
    const hear = (verifiedBlocks: number, now: number) => {
      const ranges = [{ start: 0, end: pieces.length }];
      const ack = { verifiedBlocks, blockLimit: LIMIT, delayMs: 0, echo: 0n, ranges, damaged: [] };
      const seal = { key: KEYS.ack, token: KEYS.token, number: acks++ };
      machine.handle({ kind: 'datagram', bytes: encodeAck(ack, seal) }, now);
      send(now);
    };
    machine.handle({ kind: 'time' }, 0);
    send(0);
    let now = 0;
    for (; now < 100; now++) hear(0, now);
    assert.equal(pieces.at(-1)?.block, LIMIT - 1);
    hear(LIMIT, now);
    const { length } = pieces;
    const probeAt = machine.deadline() ?? 0;
    machine.handle({ kind: 'time' }, probeAt);
    send(probeAt);
    assert.deepEqual(
      pieces.slice(length).map(({ block, offset }) => [block, offset]),
      [[LIMIT, 0]],
    );
  });
});
