// How long a carrier is waited for, from one session and one thing that is heard to the next, in virtual time.

import assert from 'node:assert/strict';
import {
  READING_BELIEVED_MS,
  READING_MS,
  SILENT_MS,
  TRY_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { BOTH, ChoiceTrial, MB } from './choiceTrial.ts';

const HOUR_MS = 3_600_000;
/** A day after the clock's beginning. */
const LATER = { startAt: 86_400_000 };

const carriersOf = ({ opened }: ChoiceTrial) => opened.map(([, carrier]) => carrier);
const attemptsOf = ({ opened }: ChoiceTrial) => opened.map(([, carrier, attempt]) => `${carrier} ${attempt}`);

describe('the patience with a carrier', () => {
  it('believes that the source is read from the start on, and anew with each block that was missing', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, LATER);
    trial.isSourceStuck = true;
    trial.run(READING_BELIEVED_MS);
    assert.deepEqual(carriersOf(trial), ['tls']);
    trial.tell({ kind: 'block', bytes: BLOCK_BYTES });
    trial.tell({ kind: 'written' });
    trial.run(READING_BELIEVED_MS);
    assert.equal(trial.waits, (2 * READING_BELIEVED_MS) / READING_MS);
    assert.deepEqual(carriersOf(trial), ['tls']);
  });

  it('counts no try while the source is read', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, LATER);
    trial.isSourceStuck = true;
    trial.run(3 * TRY_MS);
    trial.isSourceStuck = false;
    trial.run(2_000);
    assert.deepEqual(attemptsOf(trial), ['tls 1', 'udp 1']);
  });

  it('takes no time of the source for the time between two blocks of a thin line', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { missingBytes: 10 * MB });
    for (let round = 0; round < 3; round++) {
      trial.isSourceStuck = true;
      trial.run(8_000);
      trial.isSourceStuck = false;
      trial.run(20);
    }
    trial.world.tls = 0;
    trial.run(2_000);
    assert.deepEqual(carriersOf(trial), ['tls', 'udp']);
  });

  it('leaves a connection that breaks at once, also where another one broke before that one carried', () => {
    const trial = new ChoiceTrial({ tls: 'refused', udp: 5 * MB }, { missingBytes: 100 * MB });
    assert.deepEqual(carriersOf(trial), ['tls', 'udp']);
    trial.run(500);
    trial.world.tls = 5 * MB;
    trial.tell({ kind: 'lost' });
    assert.deepEqual(carriersOf(trial), ['tls', 'udp', 'tls']);
  });

  it('waits for the word about a file of which all is there, whatever still comes of it', () => {
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 90 * MB }, { missingBytes: 3 * MB }).run(5_000);
    assert.equal(trial.end, 'whole');
    trial.tell({ kind: 'lost' });
    for (let ms = 0; ms < 25_000; ms += 10) {
      trial.now += 10;
      trial.tell({ kind: 'time' });
      trial.tell({ kind: 'block', bytes: 1, cameAgain: true });
      trial.tell({ kind: 'written' });
    }
    assert.deepEqual(carriersOf(trial), ['tls']);
    assert.equal(trial.machine.deadline(), undefined);
  });

  it('is over where it has given up: nothing opens any more', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }).run(60_000);
    assert.equal(trial.end, 'gaveUp');
    const { length } = trial.opened;
    for (const kind of ['lost', 'unanswered', 'start', 'time'] as const) trial.tell({ kind });
    assert.deepEqual([trial.opened.length, trial.machine.deadline()], [length, undefined]);
  });
});

describe('a carrier whose timer is late', () => {
  /** Some blocks have come, and then the timer rings so many ms late. */
  function late(ms: number): ChoiceTrial {
    const rates = new CarrierRates();
    // Not worth a trial.
    rates.note('udp', 1, LATER.startAt);
    const options = { ...LATER, rates, missingBytes: 100 * MB };
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, options).run(500);
    for (const carrier of BOTH) trial.world[carrier] = 0;
    return ring(trial, ms);
  }

  function ring(trial: ChoiceTrial, lateMs: number): ChoiceTrial {
    trial.now = (trial.machine.deadline() ?? trial.now) + lateMs;
    trial.tell({ kind: 'time' });
    return trial;
  }

  it('has 100 ms for what is in its socket, once', () => {
    const trial = late(50);
    assert.equal(trial.machine.deadline(), trial.now + 100);
    assert.deepEqual(carriersOf(trial), ['tls']);
    assert.deepEqual(
      carriersOf(ring(trial, 50)),
      ['tls', 'udp'],
      'a process that is late all the time goes on',
    );
  });

  it('has it again after something was heard', () => {
    const trial = late(50);
    trial.tell({ kind: 'block', bytes: BLOCK_BYTES });
    trial.tell({ kind: 'written' });
    assert.deepEqual(carriersOf(ring(trial, 50)), ['tls']);
  });

  it('has all its time after a sleep, also where it was late before', () => {
    const trial = ring(late(50), HOUR_MS);
    assert.deepEqual(carriersOf(trial), ['tls']);
    assert.ok((trial.machine.deadline() ?? 0) >= trial.now + SILENT_MS);
    assert.deepEqual(carriersOf(ring(trial, 0)), ['tls', 'udp']);
  });

  it('has no try end because of a sleep, and the source is believed as before', () => {
    const tried = new ChoiceTrial({ tls: 0, udp: 0 }, LATER).run(TRY_MS - 1_000);
    ring(tried, HOUR_MS).run(500);
    assert.deepEqual([...new Set(tried.opened.map(([, , attempt]) => attempt))], [1]);
    const reading = new ChoiceTrial({ tls: 0, udp: 0 }, LATER);
    reading.isSourceStuck = true;
    reading.run(READING_BELIEVED_MS / 2);
    ring(reading, HOUR_MS).run(READING_BELIEVED_MS / 2 - TRY_MS);
    assert.deepEqual(carriersOf(reading), ['tls']);
  });
});

describe('the first carrier', () => {
  it('is begun with, though it fell silent a while ago, where nobody knows the other one to be alive', () => {
    const rates = new CarrierRates();
    rates.noteSilent('tls', 0);
    assert.equal(new ChoiceTrial({ tls: 0, udp: 0 }, { rates }).carrier, 'tls');
    rates.noteSilent('udp', 0);
    assert.equal(new ChoiceTrial({ tls: 0, udp: 0 }, { rates }).carrier, 'tls');
  });

  it('is that of the link alone where there is no other', () => {
    const rates = new CarrierRates();
    rates.noteSilent('udp', 0);
    rates.note('tls', MB, 0);
    assert.equal(new ChoiceTrial({ tls: 0, udp: 0 }, { rates, carriers: ['udp'] }).carrier, 'udp');
  });
});
