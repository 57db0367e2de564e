// Which carrier a transfer takes, in virtual time.

import assert from 'node:assert/strict';
import type { CarrierKind } from '../../../src/contract/transfer.ts';
import {
  DIGEST_BLOCK_MS,
  MAX_SWITCHES,
  READING_BELIEVED_MS,
  READING_MS,
  REMEMBER_MS,
  TRY_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { BOTH, ChoiceTrial, GIB, MB, STEP_MS, type World } from './choiceTrial.ts';

describe('the choice of a carrier', () => {
  it('begins with the first one and stays where nothing is wrong', () => {
    const trial = new ChoiceTrial({ tls: 100 * MB, udp: 100 * MB }, { missingBytes: 300 * MB }).run(60_000);
    assert.equal(trial.end, 'whole');
    assert.deepEqual(trial.opened, [[0, 'tls', 1]]);
  });

  for (const first of BOTH) {
    const carriers = [first, ...BOTH.filter((other) => other !== first)];
    const other = carriers[1] as CarrierKind;

    it(`leaves ${first} within two seconds when nothing comes over it`, () => {
      const world = { tls: 50 * MB, udp: 50 * MB, [first]: 0 };
      const trial = new ChoiceTrial(world, { carriers, missingBytes: 100 * MB }).run(60_000);
      assert.equal(trial.end, 'whole');
      assert.deepEqual(
        trial.opened.map(([, carrier]) => carrier),
        [first, other],
      );
      assert.ok((trial.opened[1]?.[0] ?? 0) < 2_000);
    });

    it(`leaves ${first} at once when it cannot be had`, () => {
      const world: World = { tls: 50 * MB, udp: 50 * MB, [first]: 'refused' };
      const trial = new ChoiceTrial(world, { carriers, missingBytes: 100 * MB }).run(60_000);
      assert.equal(trial.end, 'whole');
      assert.deepEqual(trial.opened, [
        [0, first, 1],
        [0, other, 1],
      ]);
    });

    it(`leaves ${first} within two seconds when it falls silent in the middle, and does not look back`, () => {
      const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { carriers, missingBytes: 150 * MB }).run(
        1_000,
      );
      trial.world[first] = 0;
      trial.run(60_000);
      assert.equal(trial.end, 'whole');
      assert.deepEqual(
        trial.opened.map(([, carrier]) => carrier),
        [first, other],
      );
      assert.ok((trial.opened[1]?.[0] ?? 0) < 3_000);
    });
  }

  it('leaves a connection over a long path the time to be made', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 50 * MB }, { missingBytes: 100 * MB }).run(1_500);
    trial.world.tls = 50 * MB;
    trial.run(60_000);
    assert.equal(trial.end, 'whole');
    assert.deepEqual(trial.opened, [[0, 'tls', 1]]);
  });

  it('counts a try only when no carrier brings anything, and ends after three of them', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }).run(60_000);
    assert.equal(trial.end, 'gaveUp');
    assert.ok(trial.now >= 3 * TRY_MS && trial.now < 3 * TRY_MS + 100, `after ${trial.now} ms`);
    assert.deepEqual([...new Set(trial.opened.map(([, , attempt]) => attempt))], [1, 2, 3]);
    for (const attempt of [1, 2, 3]) {
      const tried = trial.opened.filter(([, , number]) => number === attempt).map(([, carrier]) => carrier);
      assert.deepEqual([...new Set(tried)].sort(), ['tls', 'udp'], `try ${attempt}`);
    }
    assert.ok(trial.opened.length <= 12, `${trial.opened.length} sessions`);
  });

  it('doubts the link when a try is over, and not before', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }).run(TRY_MS);
    assert.deepEqual(trial.doubts, []);
    trial.run(3 * TRY_MS);
    assert.equal(trial.doubts.length, 3);
    const alive = new ChoiceTrial({ tls: 0, udp: 5 * MB }, { missingBytes: 300 * MB }).run(120_000);
    assert.deepEqual([alive.end, alive.doubts], ['whole', []]);
  });

  it('does not change without end where both cannot be had', () => {
    const trial = new ChoiceTrial({ tls: 'refused', udp: 'refused' }).run(60_000);
    assert.equal(trial.end, 'gaveUp');
    assert.ok(trial.now >= 3 * TRY_MS);
    assert.ok(trial.opened.length <= MAX_SWITCHES, `${trial.opened.length} sessions`);
  });

  it('goes on with whatever comes back, in whichever try', () => {
    for (const at of [3_000, 15_000, 24_000]) {
      const trial = new ChoiceTrial({ tls: 0, udp: 'refused' }, { missingBytes: 10 * MB }).run(at);
      trial.world.udp = 5 * MB;
      trial.run(60_000);
      assert.equal(trial.end, 'whole', `back after ${at} ms`);
    }
  });

  it('gives a thin line the time that a block needs', () => {
    const thin = BLOCK_BYTES / 3;
    const trial = new ChoiceTrial({ tls: thin, udp: thin }, { missingBytes: 30 * BLOCK_BYTES }).run(300_000);
    assert.equal(trial.end, 'whole');
    assert.ok(trial.opened.length <= 8, `${trial.opened.length} sessions`);
  });

  it('does not blame a carrier for a disk that is behind', () => {
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 100 * MB }).run(500);
    trial.isDiskStuck = true;
    trial.run(STEP_MS);
    trial.world.tls = 0;
    trial.run(5_000);
    assert.equal(trial.opened.length, 1);
  });

  it('does not blame a carrier for a source that takes its time, at the start or in the middle', () => {
    for (const at of [0, 1_000]) {
      const rates = new CarrierRates();
      const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 150 * MB, rates }).run(
        at,
      );
      trial.isSourceStuck = true;
      trial.run(100_000);
      assert.equal(trial.waits, 100_000 / READING_MS, 'the session is told to wait, too');
      trial.isSourceStuck = false;
      trial.run(60_000);
      assert.deepEqual(trial.opened, [[0, 'tls', 1]]);
      assert.equal(trial.end, 'whole');
      assert.equal(rates.isSilent('tls', trial.now), false);
    }
  });

  it('leaves a carrier within two seconds of the word that the source is read', () => {
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 150 * MB }).run(1_000);
    trial.isSourceStuck = true;
    trial.run(30_000);
    trial.isSourceStuck = false;
    trial.world.tls = 0;
    trial.run(2_000);
    assert.deepEqual(
      trial.opened.map(([, carrier, attempt]) => [carrier, attempt]),
      [
        ['tls', 1],
        ['udp', 1],
      ],
    );
  });

  it('takes no rate of a source for that of a carrier', () => {
    const rates = new CarrierRates();
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 90 * MB }, { missingBytes: GIB, rates });
    for (let round = 0; round < 20; round++) {
      for (const isStuck of [false, true]) {
        trial.isSourceStuck = isStuck;
        trial.run(500);
      }
    }
    assert.deepEqual([trial.opened.length, rates.rateOf('tls', trial.now)], [1, undefined]);
  });

  it('does not believe for ever that a source is read', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 });
    trial.isSourceStuck = true;
    trial.run(READING_BELIEVED_MS + 3 * TRY_MS + 1_000);
    assert.equal(trial.end, 'gaveUp');
    assert.equal(trial.waits, READING_BELIEVED_MS / READING_MS + 1);
  });

  it('does not blame a carrier for a computer that slept', () => {
    for (const rate of [0, 50 * MB]) {
      const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 150 * MB }).run(500);
      trial.now += 3_600_000;
      trial.world.tls = rate;
      trial.run(1_000);
      assert.equal(trial.opened.length, 1);
    }
  });

  it('reads what came before it blames a carrier, where its process did not run', () => {
    const rates = new CarrierRates();
    rates.note('udp', MB, 0);
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 200 * MB, rates }).run(500);
    trial.now += 1_500;
    // Timers come first in a loop.
    trial.tell({ kind: 'time' });
    assert.equal(trial.opened.length, 1);
    trial.run(500);
    assert.equal(trial.opened.length, 1);
    trial.world.tls = 0;
    trial.now += 1_500;
    trial.tell({ kind: 'time' });
    trial.run(200);
    assert.equal(trial.carrier, 'udp', 'and not longer than that');
  });

  it('tries the other one for a second where much is left, and keeps the faster', () => {
    const kept = new ChoiceTrial({ tls: 20 * MB, udp: 10 * MB }, { missingBytes: 200 * MB }).run(60_000);
    assert.deepEqual(
      kept.opened.map(([, carrier]) => carrier),
      ['tls', 'udp', 'tls'],
    );
    const changed = new ChoiceTrial({ tls: 10 * MB, udp: 20 * MB }, { missingBytes: 200 * MB }).run(60_000);
    assert.deepEqual(
      changed.opened.map(([, carrier]) => carrier),
      ['tls', 'udp'],
    );
    assert.ok((changed.opened[1]?.[0] ?? 0) < 1_500);
    assert.deepEqual([kept.end, changed.end], ['whole', 'whole']);
  });

  it('does not try the other one where little is left', () => {
    const trial = new ChoiceTrial({ tls: 20 * MB, udp: 90 * MB }, { missingBytes: 70 * MB }).run(60_000);
    assert.deepEqual(
      trial.opened.map(([, carrier]) => carrier),
      ['tls'],
    );
  });

  it('does not try a carrier that was not clearly faster with this peer, for ten minutes', () => {
    const rates = new CarrierRates();
    rates.note('udp', 25 * MB, 0);
    const world = { tls: 20 * MB, udp: 90 * MB };
    const soon = new ChoiceTrial(world, { rates, missingBytes: 200 * MB }).run(60_000);
    assert.deepEqual(
      soon.opened.map(([, carrier]) => carrier),
      ['tls'],
    );
    const later = new ChoiceTrial(world, { rates, missingBytes: 200 * MB, startAt: REMEMBER_MS + 1 }).run(
      60_000,
    );
    assert.deepEqual(
      later.opened.map(([, carrier]) => carrier),
      ['tls', 'udp'],
    );
  });

  for (const outMs of [1_500, 3_000, 8_000])
    it(`goes back to datagrams, which are much faster, after a network that was gone for ${outMs} ms`, () => {
      const world = { tls: MB / 5, udp: 5 * MB };
      const options = {
        carriers: ['udp', 'tls'] as CarrierKind[],
        missingBytes: 20 * MB,
        rates: new CarrierRates(),
      };
      const trial = new ChoiceTrial({ ...world }, options).run(1_000);
      for (const carrier of BOTH) trial.world[carrier] = 0;
      trial.run(outMs);
      Object.assign(trial.world, world);
      trial.run(15_000);
      assert.equal(trial.end, 'whole');
      const next = new ChoiceTrial(world, { ...options, startAt: trial.now }).run(5_000);
      assert.deepEqual(next.opened, [[trial.now, 'udp', 1]]);
    });

  it('keeps what it has measured of the carrier that it leaves for one that had fallen silent', () => {
    const trial = new ChoiceTrial(
      { tls: 40_000, udp: 5 * MB },
      { carriers: ['udp', 'tls'], missingBytes: 50 * MB },
    );
    trial.run(500).world.udp = 0;
    trial.run(8_000).world.udp = 5 * MB;
    assert.ok((trial.rates.rateOf('tls', trial.now) ?? 0) > 0);
    trial.tell({ kind: 'lost' });
    trial.run(500);
    assert.deepEqual([trial.carrier, (trial.rates.rateOf('tls', trial.now) ?? 0) > 0], ['udp', true]);
  });

  it('has one trial, and then none for as long as it is known, where it carries nothing any more', () => {
    const world = { tls: 5 * MB, udp: 10 * MB };
    const options = {
      carriers: ['udp', 'tls'] as CarrierKind[],
      missingBytes: 60 * MB,
      rates: new CarrierRates(),
    };
    const trial = new ChoiceTrial(world, options).run(1_000);
    trial.world.udp = 0;
    trial.run(20_000);
    const next = new ChoiceTrial(world, { ...options, startAt: trial.now }).run(20_000);
    const carriers = [trial, next].map(({ opened }) => opened.map(([, carrier]) => carrier));
    assert.deepEqual(carriers, [['udp', 'tls', 'udp', 'tls'], ['tls']]);
  });

  it('begins with the other one where the first fell silent a while ago, and with the first again later', () => {
    const rates = new CarrierRates();
    const world = { tls: 20 * MB, udp: 0 };
    const carriers: CarrierKind[] = ['udp', 'tls'];
    new ChoiceTrial(world, { rates, carriers, missingBytes: MB }).run(10_000);
    const next = new ChoiceTrial(world, { rates, carriers, missingBytes: MB, startAt: 20_000 }).run(10_000);
    assert.deepEqual(next.opened, [[20_000, 'tls', 1]]);
    const later = new ChoiceTrial(world, {
      rates,
      carriers,
      missingBytes: MB,
      startAt: REMEMBER_MS + 20_000,
    });
    assert.equal(later.carrier, 'udp');
  });

  it('begins with the first one after a connection that carried and was closed, as one of a file that is cancelled', () => {
    const rates = new CarrierRates();
    rates.note('udp', 20 * MB, 0);
    const world = { tls: 20 * MB, udp: 20 * MB };
    new ChoiceTrial(world, { rates, missingBytes: 200 * MB }).run(500).tell({ kind: 'lost' });
    const next = new ChoiceTrial(world, { rates, missingBytes: MB, startAt: 1_000 }).run(10_000);
    assert.deepEqual(next.opened, [[1_000, 'tls', 1]]);
  });

  it('begins with the other one where the first could not be had a while ago', () => {
    const rates = new CarrierRates();
    const world: World = { tls: 'refused', udp: 20 * MB };
    new ChoiceTrial(world, { rates, missingBytes: MB }).run(10_000);
    const next = new ChoiceTrial(world, { rates, missingBytes: MB, startAt: 20_000 }).run(10_000);
    assert.deepEqual(next.opened, [[20_000, 'udp', 1]]);
  });

  it('has nothing to choose from where the other side knows datagrams only', () => {
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 0 }, { carriers: ['udp'] }).run(9_000);
    assert.deepEqual(trial.opened, [[0, 'udp', 1]]);
    trial.tell({ kind: 'lost' });
    trial.tell({ kind: 'lost' });
    assert.deepEqual(
      trial.opened.map(([, , attempt]) => attempt),
      [1, 2, 3],
    );
    trial.tell({ kind: 'lost' });
    assert.equal(trial.end, 'gaveUp');
  });

  it('does not count a try that got something', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 50 * MB }, { carriers: ['udp'] }).run(500);
    trial.tell({ kind: 'lost' });
    assert.deepEqual(
      trial.opened.map(([, , attempt]) => attempt),
      [1, 1],
    );
  });

  it('opens another session when all is there and nobody says so', () => {
    const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: MB }).run(5_000);
    trial.now += 30_000;
    trial.tell({ kind: 'unanswered' });
    assert.deepEqual(
      trial.opened.map(([, carrier, attempt]) => [carrier, attempt]),
      [
        ['tls', 1],
        ['tls', 1],
      ],
    );
  });

  describe('of a file of which all is there', () => {
    /** The word about it does not come, and then the last block does, once more. */
    function unanswered(trial: ChoiceTrial): void {
      trial.now += 30_000;
      trial.tell({ kind: 'unanswered' });
      if (trial.end === 'gaveUp') return;
      trial.tell({ kind: 'block', bytes: BLOCK_BYTES, cameAgain: true });
      trial.tell({ kind: 'written' });
      trial.tell({ kind: 'whole' });
    }

    it('counts each try without a word about it, though each has brought the last block again', () => {
      const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: MB }).run(5_000);
      for (let times = 0; times < 10 && trial.end !== 'gaveUp'; times++) unanswered(trial);
      assert.equal(trial.end, 'gaveUp');
      assert.deepEqual(
        trial.opened.map(([, , attempt]) => attempt),
        [1, 1, 2, 3],
      );
    });

    it('has its session wait while the sender reads the file for that word, a second for each block', () => {
      const trial = new ChoiceTrial({ tls: 50 * MB, udp: 50 * MB }, { missingBytes: 500 * BLOCK_BYTES });
      trial.run(5_000);
      const wholeAt = trial.now;
      const believedMs = READING_BELIEVED_MS + 500 * DIGEST_BLOCK_MS;
      for (; trial.now <= wholeAt + believedMs; trial.now += READING_MS) trial.tell({ kind: 'reading' });
      const told = believedMs / READING_MS;
      assert.ok(trial.waits > told - 2 && trial.waits <= told + 1, `${trial.waits} times`);
      const { waits } = trial;
      unanswered(trial);
      trial.tell({ kind: 'reading' });
      assert.equal(trial.waits, waits, 'another session does not make it more credible');
      assert.equal(trial.opened.length, 2);
    });
  });

  it('does not count what was there for what a try got', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { carriers: ['udp'] });
    for (let times = 0; times < 3; times++) {
      trial.tell({ kind: 'block', bytes: BLOCK_BYTES, cameAgain: true });
      trial.tell({ kind: 'written' });
      trial.tell({ kind: 'lost' });
    }
    assert.equal(trial.end, 'gaveUp');
  });

  it('changes a bounded number of times, whatever the carriers do', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { missingBytes: 100 * GIB });
      for (let round = 0; round < 200 && trial.end === undefined; round++) {
        for (const carrier of BOTH) trial.world[carrier] = random() < 0.4 ? 0 : random() * 20 * MB;
        trial.run(random() * 3_000);
      }
      const rest = trial.now / TRY_MS;
      assert.ok(
        trial.opened.length <= MAX_SWITCHES + 1 + rest,
        `seed ${seed}: ${trial.opened.length} sessions`,
      );
    }
  });
});
