// The choice of a carrier over lines on which a block takes longer than anybody waits for one, in virtual time.

import assert from 'node:assert/strict';
import type { CarrierKind } from '../../../src/contract/transfer.ts';
import {
  CHANGE_AGAIN_MS,
  MEETING_MS,
  READING_BELIEVED_MS,
  SILENT_MS,
  TRY_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { BOTH, ChoiceTrial, MB, STEP_MS, type World } from './choiceTrial.ts';

/** 200 KiB. */
const PICTURE = { missingBytes: 200 * 1024, carriers: ['udp', 'tls'] as CarrierKind[] };
const kbit = (perSecond: number) => (1_000 * perSecond) / 8;
const carriersOf = ({ opened }: ChoiceTrial) => opened.map(([, carrier]) => carrier);

describe('a carrier over a thin line', () => {
  for (const perSecond of [100, 80, 40, 16, 8]) {
    const rate = kbit(perSecond);
    const idealMs = (1_000 * PICTURE.missingBytes) / rate;

    it(`is left once at most where both bring ${perSecond} kbit/s`, () => {
      const trial = new ChoiceTrial({ tls: rate, udp: rate }, PICTURE).run(2 * idealMs + 60_000);
      assert.equal(trial.end, 'whole');
      assert.deepEqual(carriersOf(trial), ['udp', 'tls']);
      assert.deepEqual(trial.doubts, []);
    });

    for (const [dead, carriers] of [
      ['tls', ['udp', 'tls', 'udp']],
      ['udp', ['udp', 'tls']],
    ] as const) {
      it(`brings the file at ${perSecond} kbit/s where ${dead} carries nothing`, () => {
        const trial = new ChoiceTrial({ tls: rate, udp: rate, [dead]: 0 }, PICTURE).run(2 * idealMs + 60_000);
        assert.equal(trial.end, 'whole');
        assert.deepEqual(carriersOf(trial), carriers);
        assert.deepEqual(trial.doubts, []);
      });
    }
  }

  it('is left within two seconds for one over which more comes', () => {
    const trial = new ChoiceTrial({ tls: MB, udp: kbit(40) }, PICTURE).run(5_000);
    assert.equal(trial.end, 'whole');
    assert.deepEqual(carriersOf(trial), ['udp', 'tls']);
    assert.ok((trial.opened[1]?.[0] ?? 0) < 2_000);
  });

  it('is asked again where what its parts said is clearly more than what the other one brings', () => {
    const trial = new ChoiceTrial({ tls: 15_000, udp: 40_000 }, { ...PICTURE, missingBytes: 2 * MB }).run(
      90_000,
    );
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['udp', 'tls', 'udp']]);
  });

  it('is asked again where a block of it takes nearly as long as a try', () => {
    const options = { ...PICTURE, missingBytes: MB };
    const trial = new ChoiceTrial({ tls: 3_900, udp: 7_500 }, options).run(200_000);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['udp', 'tls', 'udp']]);
  });

  it('is asked again once only where no block of it comes in a whole try', () => {
    const options = { ...PICTURE, missingBytes: MB };
    const trial = new ChoiceTrial({ tls: 3_000, udp: 6_300 }, options).run(400_000);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['udp', 'tls', 'udp', 'tls']]);
    assert.equal(trial.rates.rateOf('udp', trial.now), 0);
  });

  it('is begun with again a minute after it was left with parts of a block', () => {
    const rates = new CarrierRates();
    const world = { tls: MB, udp: kbit(40) };
    const begun = [0, CHANGE_AGAIN_MS, CHANGE_AGAIN_MS + 3_000].map((startAt) =>
      carriersOf(new ChoiceTrial(world, { ...PICTURE, rates, startAt }).run(5_000)),
    );
    assert.deepEqual(begun, [['udp', 'tls'], ['tls'], ['udp', 'tls']]);
  });

  it('is not asked again so soon where it had carried, and died in the middle of blocks', () => {
    const rates = new CarrierRates();
    const options = { ...PICTURE, missingBytes: 50 * MB, rates };
    const trial = new ChoiceTrial({ tls: kbit(400), udp: 5 * MB }, options).run(1_000);
    trial.world.udp = 0;
    trial.tell({ kind: 'part', bytes: 60_000 });
    trial.run(8_000);
    assert.deepEqual([carriersOf(trial), rates.rateOf('udp', trial.now)], [['udp', 'tls'], 0]);
  });

  it('leaves the other one the time to get past what is on its way', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: kbit(40) }, PICTURE).run(1_500);
    assert.equal(trial.carrier, 'tls');
    trial.run(TRY_MS - 1_000);
    trial.world.tls = kbit(40);
    trial.run(60_000);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['udp', 'tls']]);
  });

  it('is left for the one before it, over which parts came many times as quickly', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 30_000 }, PICTURE).run(1_300);
    assert.equal(trial.carrier, 'tls');
    const from = trial.now;
    for (; trial.carrier === 'tls' && trial.now < 60_000; trial.run(1_000)) {
      if (trial.now === from) trial.tell({ kind: 'connected' });
      trial.tell({ kind: 'part', bytes: 1_280 });
    }
    assert.ok(trial.now - from <= TRY_MS, `${trial.now - from} ms`);
    trial.run(10_000);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['udp', 'tls', 'udp']]);
  });

  it('may be silent for as long as four of its blocks would take, and for no longer than a try', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: kbit(40) }, PICTURE).run(30_000);
    trial.world.udp = 0;
    const { length } = trial.opened;
    trial.run(TRY_MS - 500);
    assert.equal(trial.opened.length, length);
    trial.run(1_000);
    assert.ok(trial.opened.length > length);
  });

  it('is found out to be dead: the link is doubted, and three tries without anything are the end', () => {
    const trial = new ChoiceTrial({ tls: kbit(40), udp: kbit(40) }, PICTURE).run(20_000);
    for (const carrier of BOTH) trial.world[carrier] = 0;
    const cutAt = trial.now;
    trial.run(TRY_MS + STEP_MS);
    assert.equal(trial.doubts.length, 1);
    trial.run(3 * TRY_MS + STEP_MS);
    assert.equal(trial.end, 'gaveUp');
    assert.ok(trial.now <= cutAt + 4 * TRY_MS, 'as soon as over any other line');
  });

  it('is not believed for ever to bring parts of which no block becomes whole', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, PICTURE);
    for (; trial.now < READING_BELIEVED_MS + 7 * TRY_MS && trial.end === undefined; trial.run(500))
      trial.tell({ kind: 'part', bytes: 10 });
    assert.equal(trial.end, 'gaveUp');
    assert.ok(trial.now > READING_BELIEVED_MS, `${trial.now}`);
  });

  it('takes no hour of sleep for the time that a block takes', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { ...PICTURE, missingBytes: 50 * MB }).run(
      300,
    );
    trial.tell({ kind: 'part', bytes: 10 });
    trial.now += 3_600_000;
    trial.run(100);
    for (const carrier of BOTH) trial.world[carrier] = 0;
    trial.run(2_000);
    assert.deepEqual(carriersOf(trial), ['udp', 'tls']);
  });

  it('takes no sleep that one survives for the time that a block takes, either', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, { ...PICTURE, missingBytes: 200 * MB });
    const { length } = trial.run(4_000).opened;
    trial.now += 20_000;
    trial.tell({ kind: 'part', bytes: 1_200 });
    trial.run(5_000);
    assert.equal(trial.opened.length, length, 'no other carrier is tried');
    assert.ok((trial.rates.rateOf('udp', trial.now) ?? 0) > 4 * MB);
  });

  it('is left within two seconds and a half where what comes would bring no block in two minutes', () => {
    const rates = new CarrierRates();
    rates.noteSilent('tls', 0);
    const trial = new ChoiceTrial({ tls: MB, udp: 5 * MB }, { ...PICTURE, missingBytes: 50 * MB, rates }).run(
      1_000,
    );
    trial.world.udp = 0;
    const from = trial.now;
    for (; trial.carrier === 'udp' && trial.now < from + TRY_MS; trial.run(500))
      trial.tell({ kind: 'part', bytes: 1 });
    assert.equal(trial.carrier, 'tls');
    assert.ok(trial.now - from <= 2_500, `${trial.now - from} ms`);
  });

  it('that brought a crumb only is forgotten after eight blocks of the other', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 0 }, { ...PICTURE, missingBytes: 50 * MB });
    trial.run(600).tell({ kind: 'part', bytes: 1 });
    for (; trial.missing > 50 * MB - 10 * BLOCK_BYTES; trial.run(STEP_MS));
    for (const carrier of BOTH) trial.world[carrier] = 0;
    trial.run(2_000);
    assert.deepEqual(carriersOf(trial), ['udp', 'tls', 'udp']);
  });

  it('is not to blame for what waits for this disk', () => {
    const trial = new ChoiceTrial({ tls: MB, udp: MB }, { ...PICTURE, missingBytes: 50 * MB }).run(500);
    trial.isDiskStuck = true;
    trial.run(200);
    trial.world.udp = 0;
    for (; trial.carrier === 'udp'; trial.run(250)) trial.tell({ kind: 'part', bytes: 1_000 });
    assert.ok(trial.now > TRY_MS && !trial.rates.isSilent('udp', trial.now));
  });

  it('says nothing once all is there', () => {
    const trial = new ChoiceTrial({ tls: MB, udp: MB }, PICTURE).run(5_000);
    trial.tell({ kind: 'part', bytes: 10 });
    assert.deepEqual([trial.end, trial.machine.deadline()], ['whole', undefined]);
  });
});

describe('a connection that was made', () => {
  it('is a sign of life where the other carrier has brought nothing', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, PICTURE).run(SILENT_MS + MEETING_MS - 100);
    trial.tell({ kind: 'connected' });
    assert.equal(trial.machine.deadline(), trial.now + MEETING_MS);
  });

  it('is none where nobody knows what the other one brings', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }).run(1_000);
    trial.tell({ kind: 'connected' });
    assert.equal(trial.machine.deadline(), MEETING_MS);
  });

  it('over which nothing comes makes no try longer than a silence', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, PICTURE);
    let met = 0;
    for (; trial.end === undefined && trial.now < 10 * TRY_MS; trial.run(STEP_MS)) {
      if (trial.carrier === 'udp' || trial.opened.length === met) continue;
      met = trial.opened.length;
      trial.tell({ kind: 'connected' });
    }
    assert.equal(trial.end, 'gaveUp');
    assert.ok(trial.now <= 3 * (TRY_MS + SILENT_MS), `${trial.now}`);
  });
});

describe('a file after both carriers fell silent', () => {
  const silentBoth = () => {
    const rates = new CarrierRates();
    for (const carrier of BOTH) rates.noteSilent(carrier, 0);
    return rates;
  };
  const silenced = (world: World, missingBytes = PICTURE.missingBytes) =>
    new ChoiceTrial(world, { ...PICTURE, missingBytes, rates: silentBoth() });

  it('goes over TLS first, as the link has just been made over TCP, and has as long as after two turns of each', () => {
    const trial = silenced({ tls: 0, udp: 0 }).run(TRY_MS / 2 - STEP_MS);
    assert.deepEqual(carriersOf(trial), ['tls']);
    trial.run(2 * STEP_MS);
    assert.deepEqual(carriersOf(trial), ['tls', 'udp']);
  });

  it('stays with it once it brings a part', () => {
    const trial = silenced({ tls: 0, udp: 0 }).run(4_000);
    trial.world.tls = kbit(16);
    trial.run(2 * 102_400);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['tls']]);
  });

  it('tries its own carrier for its speed, once', () => {
    assert.deepEqual(carriersOf(silenced({ tls: MB, udp: 5 * MB }, 50 * MB).run(5_000)), ['tls', 'udp']);
    const { opened } = silenced({ tls: MB, udp: 0 }, 50 * MB).run(40_000);
    assert.deepEqual(
      opened.map(([, carrier]) => carrier),
      ['tls', 'udp', 'tls'],
    );
  });

  it('leaves the next one its own carrier, where its blocks came quickly', () => {
    const rates = silentBoth();
    const world = { tls: MB, udp: 5 * MB };
    const first = new ChoiceTrial(world, { ...PICTURE, rates }).run(5_000);
    const next = new ChoiceTrial(world, { ...PICTURE, rates, startAt: first.now }).run(5_000);
    assert.deepEqual([first, next].map(carriersOf), [['tls'], ['udp']]);
  });

  it('leaves no line for that on which a block takes longer than a carrier may be silent', () => {
    const trial = silenced({ tls: kbit(400), udp: 5 * MB }, 2 * MB).run(60_000);
    assert.deepEqual([trial.end, carriersOf(trial)], ['whole', ['tls']]);
  });
});
