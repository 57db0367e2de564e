// What the carriers and the choice between them are made of.

import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import { BulkReceiveMachine, type BulkReceiveOut } from '../../../src/engine/transfer/bulkReceiveMachine.ts';
import { bulkTokenOf } from '../../../src/engine/transfer/bulkToken.ts';
import {
  BULK_PAUSE_BLOCKS,
  CHANGE_AGAIN_MS,
  MEASURE_MS,
  REMEMBER_MS,
  WARM_UP_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { RateMeasure } from '../../../src/engine/transfer/rateMeasure.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import { BULK_TOKEN_BYTES, encodeBulkHeader } from '../../../src/wire/bulkFrame.ts';
import { seededRandom } from '../../support/seededRandom.ts';

describe('the token of a bulk connection', () => {
  const name = { secret: Buffer.alloc(32, 1), transferId: 'a'.repeat(32), session: 'b'.repeat(16) };

  it('is the same for both ends and another for every link, file and session', () => {
    const tokens = [
      name,
      { ...name, secret: Buffer.alloc(32, 2) },
      { ...name, transferId: 'c'.repeat(32) },
      { ...name, session: 'd'.repeat(16) },
    ].map((each) => bulkTokenOf(each).toString('hex'));
    assert.equal(bulkTokenOf(name).length, BULK_TOKEN_BYTES);
    assert.equal(bulkTokenOf({ ...name }).toString('hex'), tokens[0]);
    assert.equal(new Set(tokens).size, tokens.length);
  });

  it('tells nothing of the token that is in front of datagrams, which everybody on the path sees', () => {
    const seen = Buffer.from(sessionKeysOf(name).token);
    assert.ok(!bulkTokenOf(name).includes(seen));
  });
});

describe('what is known of carriers', () => {
  it('is forgotten after ten minutes', () => {
    const rates = new CarrierRates();
    rates.note('tls', 5, 1_000);
    assert.equal(rates.rateOf('tls', 1_000 + REMEMBER_MS), 5);
    assert.equal(rates.rateOf('tls', 1_001 + REMEMBER_MS), undefined);
    assert.equal(rates.rateOf('udp', 1_000), undefined);
  });

  it('tells a carrier that lives from one that fell silent, and from one nobody has tried', () => {
    const rates = new CarrierRates();
    const facts = () => [rates.isAlive('udp', 0), rates.isSilent('udp', 0), rates.rateOf('udp', 0)];
    assert.deepEqual(facts(), [false, false, undefined]);
    rates.noteSilent('udp', 0);
    assert.deepEqual(facts(), [false, true, 0]);
    rates.noteAlive('udp', 0);
    assert.deepEqual(facts(), [true, false, undefined]);
    rates.note('udp', 7, 0);
    rates.noteAlive('udp', 0);
    assert.deepEqual(facts(), [true, false, 7], 'a rate is not forgotten for a sign of life');
  });
});

describe('a carrier that fell silent', () => {
  const isAwayAfter = (ms: number, bytesPerSecond?: number) => {
    const rates = new CarrierRates();
    rates.noteSilent('udp', 1_000, bytesPerSecond);
    assert.equal(rates.rateOf('udp', 1_000), bytesPerSecond ?? 0);
    assert.equal(rates.isSilent('udp', 1_000 + ms), ms <= REMEMBER_MS);
    return rates.isAway('udp', 1_000 + ms);
  };

  it('is away for ten minutes, and for one where it brought parts of a block', () => {
    assert.deepEqual(
      [REMEMBER_MS, REMEMBER_MS + 1].map((ms) => isAwayAfter(ms)),
      [true, false],
    );
    assert.deepEqual(
      [CHANGE_AGAIN_MS, CHANGE_AGAIN_MS + 1].map((ms) => isAwayAfter(ms, 5)),
      [true, false],
    );
  });

  it('is as any other once it is forgotten, or brings something', () => {
    const rates = new CarrierRates();
    for (const mend of ['forgetSilence', 'noteAlive'] as const) {
      rates.noteSilent('udp', 0, 5);
      rates[mend]('udp', 1);
      assert.deepEqual([rates.isAway('udp', 1), rates.rateOf('udp', 1)], [false, undefined]);
    }
  });
});

describe('what is known of the carriers with each peer', () => {
  const peerOf = (number: number) => number.toString(16).padStart(64, '0') as Fingerprint;
  const none = { send: () => assert.fail(), receive: () => assert.fail() };

  it('is that of 256 peers, and the one asked for longest ago is forgotten', () => {
    const carriers = new Carriers({ udp: none, tls: none });
    for (let number = 0; number < 256; number++) carriers.ratesWith(peerOf(number)).note('udp', number, 0);
    carriers.ratesWith(peerOf(0));
    carriers.ratesWith(peerOf(256));
    const known = [0, 1, 2].map((number) => carriers.ratesWith(peerOf(number)).rateOf('udp', 0));
    assert.deepEqual(known, [0, undefined, undefined]);
  });
});

describe('the measure of a rate', () => {
  it('leaves out the first blocks, then answers once for each stretch', () => {
    const measure = new RateMeasure();
    assert.equal(measure.add(9_999, 0), undefined);
    assert.equal(measure.add(9_999, WARM_UP_MS), undefined);
    assert.equal(measure.add(1_000, WARM_UP_MS + 1), undefined);
    assert.equal(measure.add(6_000, WARM_UP_MS + MEASURE_MS), (7_000 * 1_000) / MEASURE_MS);
    assert.equal(measure.add(100, WARM_UP_MS + MEASURE_MS + 1), undefined);
    assert.equal(measure.add(600, WARM_UP_MS + 2 * MEASURE_MS), (700 * 1_000) / MEASURE_MS);
  });

  /** Whether each answer was of a start, where a block comes whenever `isDue`. */
  function starts(isDue: (now: number) => boolean): boolean[] {
    const measure = new RateMeasure();
    const answers: boolean[] = [];
    for (let now = 0; now < 6_000; now++)
      if (isDue(now) && measure.add(BLOCK_BYTES, now) !== undefined) answers.push(measure.isAtItsStart);
    return answers;
  }

  it('says of the first answer alone that it is of a start, where the blocks came ever faster', () => {
    // The n-th after a time that goes with the root of n: so the rate grows evenly.
    const risen = starts((now) => Math.floor(now ** 2 / 50_000) > Math.floor((now - 1) ** 2 / 50_000));
    assert.deepEqual(new Set(risen.slice(1)), new Set([false]));
    assert.equal(risen[0], true);
  });

  it('takes no line for one at its start that is as fast all the time, however thin it is', () => {
    for (let gapMs = 5; gapMs <= 1_500; gapMs++) {
      const answers = starts((now) => now % gapMs === 0);
      assert.ok(answers.length > 0 && !answers.includes(true), `a block each ${gapMs} ms`);
    }
  });
});

describe('a bulk connection whose other end does what it likes', () => {
  it('hands on nothing but the blocks that may come, each once, and never holds more than its bound', () => {
    const blocks = 300;
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(seed);
      const machine = new BulkReceiveMachine({ sizeBytes: blocks * BLOCK_BYTES, firstBlock: 0 });
      const written: number[] = [];
      let isOpen = true;
      let isOver = false;
      const tell = (input: Parameters<typeof machine.handle>[0]) => {
        machine.handle(input, seed);
        for (let out: BulkReceiveOut | undefined = machine.poll(); out !== undefined; out = machine.poll()) {
          if (out.kind === 'write') written.push(out.index);
          if (out.kind === 'flow') isOpen = out.isOpen;
          if (out.kind === 'stalled') isOver = true;
        }
      };
      tell({ kind: 'connected' });
      for (let index = 0; index < blocks && isOpen && !isOver; index++) {
        const header = encodeBulkHeader(index, BLOCK_BYTES);
        if (random() < 0.01) header[Math.floor(random() * header.length)] = Math.floor(random() * 256);
        tell({ kind: 'bytes', bytes: Buffer.concat([header, Buffer.alloc(BLOCK_BYTES)]) });
      }
      assert.ok(isOver || !isOpen, `seed ${seed}: it went on without a disk`);
      assert.ok(written.length <= BULK_PAUSE_BLOCKS, `seed ${seed}`);
      assert.deepEqual(written, [...written.keys()], `seed ${seed}`);
    }
  });
});
