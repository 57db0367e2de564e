// When each carrier has its turn, to the ms: what a session keeps of the one before, what a try is, and what comes out of order.

import assert from 'node:assert/strict';
import type { CarrierKind } from '../../../src/contract/transfer.ts';
import { MEETING_MS, SILENT_GAPS, SILENT_MS, TRY_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { BOTH, ChoiceTrial, MB, STEP_MS } from './choiceTrial.ts';

/** A day after the clock's beginning. */
const LATER = { startAt: 86_400_000 };
const UDP_FIRST = { carriers: ['udp', 'tls'] as CarrierKind[] };
const SOME = { missingBytes: 100 * MB };

const carriersOf = ({ opened }: ChoiceTrial) => opened.map(([, carrier]) => carrier);

/** Lets time go on until something is due, and says how long that took. */
function untilDue(trial: ChoiceTrial): number {
  const before = trial.now;
  trial.now = trial.machine.deadline() ?? Number.POSITIVE_INFINITY;
  trial.tell({ kind: 'time' });
  return trial.now - before;
}

function bring(trial: ChoiceTrial, afterMs: number): void {
  trial.now += afterMs;
  trial.tell({ kind: 'block', bytes: BLOCK_BYTES });
  trial.tell({ kind: 'written' });
}

/** Both carry nothing from now on. */
function cut(trial: ChoiceTrial): ChoiceTrial {
  for (const carrier of BOTH) trial.world[carrier] = 0;
  return trial;
}

describe('a turn of a carrier', () => {
  it('is that of a new connection each time, though one before has carried', () => {
    const trial = new ChoiceTrial({ tls: 5 * MB, udp: 5 * MB }, SOME).run(500);
    trial.tell({ kind: 'lost' });
    trial.run(100);
    cut(trial);
    assert.equal(untilDue(trial), SILENT_MS - STEP_MS);
    assert.equal(trial.carrier, 'tls');
    assert.equal(untilDue(trial), MEETING_MS);
  });

  it('begins with its session: nobody is to blame for what that waits for here', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, isHeld: true }).run(5_000);
    assert.deepEqual(carriersOf(trial), ['tls']);
    trial.isHeld = false;
    trial.tell({ kind: 'begun' });
    assert.equal(untilDue(trial), MEETING_MS);
    assert.equal(untilDue(trial), SILENT_MS);
  });

  it('begins with its session after another one, too, and the try is longer by as much', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, SOME);
    trial.isHeld = true;
    untilDue(trial);
    trial.run(5_000);
    assert.equal(trial.carrier, 'udp');
    trial.isHeld = false;
    trial.tell({ kind: 'begun' });
    assert.equal(untilDue(trial), SILENT_MS);
    while (trial.doubts.length === 0) untilDue(trial);
    assert.equal(trial.doubts[0], TRY_MS + 5_000);
  });

  it('takes no time before its session for a gap between blocks', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, isHeld: true }).run(5_000);
    trial.tell({ kind: 'begun' });
    bring(trial, 400);
    assert.equal(untilDue(trial), SILENT_GAPS * 400);
  });

  it('has a late timer forgiven, though one was before its session', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, isHeld: true });
    const late = () => {
      trial.now = (trial.machine.deadline() ?? 0) + 50;
      trial.tell({ kind: 'time' });
    };
    late();
    trial.tell({ kind: 'begun' });
    late();
    assert.deepEqual(carriersOf(trial), ['tls']);
  });

  it('is none of its own where nothing begins, and no silence, though the try is longer', () => {
    const trial = new ChoiceTrial({ tls: 20_000, udp: 0 }, SOME).run(MEETING_MS - STEP_MS);
    trial.isHeld = true;
    untilDue(trial);
    assert.equal(trial.carrier, 'udp');
    assert.equal(untilDue(trial), TRY_MS);
    assert.deepEqual([trial.carrier, trial.doubts], ['tls', []]);
    assert.equal(trial.rates.isSilent('udp', trial.now), false);
  });

  it('is none of its own where nothing begins: after ten seconds the try is over, and no carrier is silent', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, isHeld: true });
    assert.equal(untilDue(trial), TRY_MS);
    assert.deepEqual([trial.doubts.length, trial.rates.isSilent('tls', trial.now)], [1, false]);
  });

  it('is over at once where its connection breaks, after one that was left for its silence', () => {
    const trial = new ChoiceTrial({ tls: 'refused', udp: 0 }, SOME);
    assert.equal(trial.carrier, 'udp');
    untilDue(trial);
    assert.deepEqual(carriersOf(trial), ['tls', 'udp', 'tls', 'udp']);
  });

  it('has its own late timer forgiven, once', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, SOME);
    for (const carrier of ['tls', 'udp'] as const) {
      for (const isForgiven of [true, false]) {
        assert.equal(trial.carrier, carrier);
        trial.now = (trial.machine.deadline() ?? 0) + 50;
        trial.tell({ kind: 'time' });
        assert.equal(trial.carrier === carrier, isForgiven);
      }
    }
  });

  it('follows that of the other one, also where a try is over', () => {
    const carriers = carriersOf(new ChoiceTrial({ tls: 0, udp: 0 }).run(60_000));
    assert.ok(carriers.length > 6);
    assert.deepEqual(
      carriers,
      carriers.map((_, i) => BOTH[i % 2]),
    );
  });

  it('is no longer than any other where the first one alone fell silent a while ago', () => {
    const rates = new CarrierRates();
    rates.noteSilent('tls', 0);
    assert.equal(untilDue(new ChoiceTrial({ tls: 0, udp: 0 }, { rates })), MEETING_MS);
  });

  it('goes on while blocks come, though the disk takes none of them', () => {
    const trial = new ChoiceTrial({ tls: MB, udp: MB }, { ...SOME, rates: udpIsSlow() }).run(500);
    trial.isDiskStuck = true;
    trial.run(3 * TRY_MS);
    assert.deepEqual(carriersOf(trial), ['tls']);
  });

  it('is begun once', () => {
    const trial = new ChoiceTrial({ tls: MB, udp: MB }, SOME).run(200);
    trial.tell({ kind: 'start' });
    assert.equal(trial.opened.length, 1);
  });
});

describe('the silence of a carrier', () => {
  it('is four times the time between two blocks, smoothed', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, ...LATER });
    bring(trial, 1_000);
    assert.equal(trial.machine.deadline(), trial.now + 4_000);
    bring(trial, 2_000);
    assert.equal(trial.machine.deadline(), trial.now + 5_000);
  });

  it('is four times what a block would have taken over the one before, which brought parts', () => {
    // 1.6 s a block.
    const trial = new ChoiceTrial({ tls: 0, udp: 40_000 }, { ...SOME, ...UDP_FIRST, ...LATER }).run(1_300);
    assert.equal(trial.carrier, 'tls');
    const silentMs = (trial.machine.deadline() ?? 0) - (trial.opened.at(-1)?.[0] ?? 0);
    assert.ok(silentMs > 6_000 && silentMs < 7_000, `${silentMs} ms`);
  });
});

describe('a try', () => {
  it('lasts for a silence more after the disk has taken a block, whenever that came', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, SOME);
    trial.tell({ kind: 'block', bytes: BLOCK_BYTES });
    trial.now = TRY_MS - 10;
    trial.tell({ kind: 'written' });
    untilDue(trial);
    assert.deepEqual(trial.doubts, [TRY_MS - 10 + SILENT_MS]);
  });

  it('is longer by the time that the process did not run', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, ...LATER });
    trial.now = (trial.machine.deadline() ?? 0) + 3_000;
    trial.tell({ kind: 'time' });
    trial.run(LATER.startAt + TRY_MS + 2_990 - trial.now);
    assert.deepEqual(trial.doubts, []);
    trial.run(100);
    assert.equal(trial.doubts.length, 1);
  });

  it('is two tries long once where a part came, and not again for that', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }, { ...SOME, ...UDP_FIRST });
    trial.tell({ kind: 'part', bytes: 1_400 });
    trial.run(SILENT_MS + 2 * TRY_MS + 100);
    assert.equal(trial.doubts.length, 1);
  });
});

describe('a choice that is over', () => {
  it('says nothing more, whatever it is told', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: 0 }).run(60_000);
    assert.equal(trial.end, 'gaveUp');
    for (const kind of ['unanswered', 'reading', 'lost', 'start'] as const) {
      trial.machine.handle({ kind }, trial.now);
      assert.equal(trial.machine.poll(), undefined, kind);
    }
  });
});

describe('a trial for speed', () => {
  it('that ends in silence is forgotten: what is slower then is left for nobody', () => {
    const trial = new ChoiceTrial({ tls: 10 * MB, udp: 0 }, { missingBytes: 400 * MB }).run(1_100);
    assert.deepEqual(carriersOf(trial), ['tls', 'udp']);
    trial.world.tls = 4 * MB;
    trial.run(10_000);
    assert.deepEqual(carriersOf(trial), ['tls', 'udp', 'tls']);
  });
});

describe('the only carrier', () => {
  it('has no trial of another one, however much is left', () => {
    const trial = new ChoiceTrial({ tls: 0, udp: MB }, { carriers: ['udp'] }).run(10_000);
    assert.deepEqual(carriersOf(trial), ['udp']);
  });
});

function udpIsSlow(): CarrierRates {
  const rates = new CarrierRates();
  rates.note('udp', 1, 0);
  return rates;
}
