// How soon a carrier is left that becomes slow, and how often, in virtual time.

import assert from 'node:assert/strict';
import type { CarrierKind } from '../../../src/contract/transfer.ts';
import { TRY_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BOTH, ChoiceTrial, GIB, MB, STEP_MS } from './choiceTrial.ts';

/** As the page says (engine/transfer/README.md). */
const CHANGES = 24;
const TRIALS = 3;

const otherThan = (carrier: CarrierKind): CarrierKind => (carrier === 'tls' ? 'udp' : 'tls');
const carriersOf = ({ opened }: ChoiceTrial) => opened.map(([, carrier]) => carrier);

describe('a carrier that becomes clearly slower in the middle', () => {
  for (const first of BOTH) {
    const other = otherThan(first);
    const carriers = [first, other];
    const fast = () => ({ [first]: 50 * MB, [other]: 40 * MB }) as Record<CarrierKind, number>;

    it(`is left within two seconds for one that was tried before (${first})`, () => {
      const trial = new ChoiceTrial(fast(), { carriers, missingBytes: 400 * MB }).run(3_000);
      assert.deepEqual(carriersOf(trial), [first, other, first]);
      trial.world[first] = 5 * MB;
      trial.run(2_000);
      assert.deepEqual(carriersOf(trial), [first, other, first, other]);
      trial.run(60_000);
      assert.deepEqual([trial.end, trial.opened.length], ['whole', 4]);
    });

    it(`is left within two seconds for one of which nothing is known (${first})`, () => {
      const trial = new ChoiceTrial(fast(), { carriers, missingBytes: 150 * MB }).run(1_500);
      assert.deepEqual(carriersOf(trial), [first]);
      trial.world[first] = 5 * MB;
      trial.run(2_000);
      assert.deepEqual(carriersOf(trial), [first, other]);
      trial.run(60_000);
      assert.deepEqual([trial.end, trial.opened.length], ['whole', 2]);
    });

    it(`is left within two seconds minutes after three trials, too (${first})`, () => {
      const trial = new ChoiceTrial(fast(), { carriers, missingBytes: 100 * GIB });
      for (let used = 0; used < TRIALS; used++) {
        trial.rates.note(other, 500 * MB, trial.now);
        trial.run(3_000);
      }
      assert.equal(trial.opened.length, 1 + 2 * TRIALS);
      trial.run(120_000);
      trial.world[first] = 5 * MB;
      trial.run(2_000);
      assert.deepEqual([trial.carrier, trial.opened.length], [other, 2 + 2 * TRIALS]);
    });

    it(`is left within two seconds where it hardly brings a block in a second (${first})`, () => {
      const trial = new ChoiceTrial(fast(), { carriers, missingBytes: 150 * MB }).run(1_500);
      trial.world[first] = 60_000;
      trial.run(2_000);
      assert.deepEqual(carriersOf(trial), [first, other]);
    });
  }

  it('is not left where blocks wait for the disk', () => {
    const trial = new ChoiceTrial({ tls: 20 * MB, udp: 90 * MB });
    trial.isDiskStuck = true;
    trial.run(5_000);
    assert.deepEqual(carriersOf(trial), ['tls']);
  });
});

describe('carriers at level rates', () => {
  /** 10 Mbit/s, less what the headers take. */
  const line = 1.2 * MB;
  const startsOf = (risesMs: number) => ({ udp: { risesMs }, tls: { burstBytes: 512 * 1024 } });

  for (const first of BOTH) {
    const other = otherThan(first);
    const carriers = [first, other];

    for (const [title, percent] of [
      ['as fast', 100],
      ['a little faster', 110],
      ['faster, though not clearly', 140],
    ] as const) {
      it(`leave the file where it is meant to go, when the other one is ${title} (${first})`, () => {
        const world = { [first]: line, [other]: (line * percent) / 100 } as Record<CarrierKind, number>;
        const trial = new ChoiceTrial(world, { carriers, missingBytes: 40 * MB }).run(120_000);
        assert.deepEqual([trial.end, ...carriersOf(trial)], ['whole', first, other, first]);
      });
    }

    it(`leave it there, too, when datagrams feel their way first and buffers on the way take a burst (${first})`, () => {
      for (let risesMs = 0; risesMs <= 1_500; risesMs += 50) {
        const options = { carriers, missingBytes: 400 * MB, starts: startsOf(risesMs) };
        const trial = new ChoiceTrial({ tls: 10 * line, udp: 10 * line }, options).run(120_000);
        assert.deepEqual([trial.end, ...carriersOf(trial)], ['whole', first, other, first], `${risesMs} ms`);
      }
    });

    it(`bring it back where it went on over the other one (${first})`, () => {
      const trial = new ChoiceTrial({ tls: line, udp: line }, { carriers, missingBytes: 40 * MB }).run(500);
      trial.tell({ kind: 'lost' });
      trial.run(120_000);
      assert.deepEqual([trial.end, ...carriersOf(trial)], ['whole', first, other, first]);
    });
  }

  it('leave a carrier within two seconds that is clearly slower, though it feels its way first', () => {
    const world = { udp: line / 2, tls: line };
    const options = { carriers: ['udp', 'tls'] as CarrierKind[], missingBytes: 40 * MB };
    const trial = new ChoiceTrial(world, { ...options, starts: startsOf(800) });
    trial.run(2_000);
    assert.deepEqual(carriersOf(trial), ['udp', 'tls']);
    trial.run(120_000);
    assert.deepEqual([trial.end, ...carriersOf(trial)], ['whole', 'udp', 'tls']);
  });
});

describe('the changes of a carrier', () => {
  /** The carrier of now brings something, and no more from then on. */
  function fallSilent(trial: ChoiceTrial): void {
    trial.world[trial.carrier] = 5 * MB;
    trial.run(20 * STEP_MS);
    trial.world[trial.carrier] = 0;
  }

  it('are three trials at most, however fast the other one seems', () => {
    const trial = new ChoiceTrial({ tls: 20 * MB, udp: 10 * MB }, { missingBytes: 10 * GIB });
    for (let step = 0; step < 3_000; step++) {
      trial.rates.note(otherThan(trial.carrier), 500 * MB, trial.now);
      trial.run(STEP_MS);
    }
    const trials = carriersOf(trial).filter((carrier) => carrier === 'udp').length;
    assert.ok(trials <= TRIALS && trial.opened.length <= 1 + 2 * TRIALS, `${carriersOf(trial)}`);
  });

  it('are for silence 24 over one link, then no more before ten seconds of it; a connection that breaks is left at once as ever', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { missingBytes: 10 * GIB });
    for (let change = 1; change <= CHANGES; change++) {
      fallSilent(trial);
      trial.run(1_500);
      assert.equal(trial.opened.length, 1 + change);
    }
    fallSilent(trial);
    trial.run(TRY_MS - 100);
    assert.equal(trial.opened.length, 1 + CHANGES);
    trial.run(200);
    assert.equal(trial.opened.length, 2 + CHANGES);
    trial.world[trial.carrier] = 5 * MB;
    trial.run(20 * STEP_MS);
    trial.tell({ kind: 'lost' });
    trial.tell({ kind: 'lost' });
    assert.equal(trial.opened.length, 3 + CHANGES, 'and the one after it has its time');
  });

  it('are none for speed until there is one for silence again', () => {
    const trial = new ChoiceTrial({ tls: 20 * MB, udp: 90 * MB }, { missingBytes: 10 * GIB });
    for (let change = 1; change <= CHANGES; change++) {
      trial.run(20 * STEP_MS);
      trial.tell({ kind: 'lost' });
    }
    trial.run(50_000);
    assert.equal(trial.opened.length, 1 + CHANGES);
    trial.run(10_000);
    assert.equal(trial.opened.length, 2 + CHANGES);
  });

  it('are for silence one more each minute', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { missingBytes: 10 * GIB });
    for (let change = 1; change <= CHANGES; change++) {
      fallSilent(trial);
      trial.run(1_500);
    }
    for (const carrier of BOTH) trial.world[carrier] = 5 * MB;
    trial.run(60_000);
    const { length } = trial.opened;
    fallSilent(trial);
    trial.run(1_500);
    assert.equal(trial.opened.length, length + 1);
    fallSilent(trial);
    trial.run(TRY_MS - 100);
    assert.equal(trial.opened.length, length + 1);
  });
});
