import assert from 'node:assert/strict';
import { AskingLimits, QUIET_AFTER_DECLINE_MS } from '../../../src/engine/connections/askingLimits.ts';
import { ALI, BABAK, type fingerprintOf } from '../store/support.ts';

describe('what strangers may ask', () => {
  let now: number;
  let limits: AskingLimits;

  beforeEach(() => {
    now = 1_000_000;
    limits = new AskingLimits({ now: () => now });
  });

  const asks = (times: number, who = ALI) =>
    Array.from({ length: times }, () => limits.takeQuestion(who)).filter((may) => may).length;
  const stranger = (number: number) =>
    number.toString(16).padStart(64, '0') as ReturnType<typeof fingerprintOf>;

  it('is asked again by one whose road breaks, and not over and over', () => {
    assert.equal(asks(10), 3);
    now += 60_000;
    assert.equal(asks(10), 1);
    now += 3_600_000;
    assert.equal(asks(10), 3, 'an hour of silence gives no more than there was');
  });

  it('is not kept from one person by another who asks over and over', () => {
    assert.deepEqual([asks(10), asks(1, BABAK)], [3, 1]);
  });

  it('is a few questions a minute for all of them together, however many keys they have', () => {
    const asked = (count: number, from: number) =>
      Array.from({ length: count }, (_, i) => limits.takeQuestion(stranger(from + i))).filter((may) => may)
        .length;
    assert.equal(asked(1_000, 0), 16);
    now += 60_000;
    assert.equal(asked(1_000, 5_000), 12);
  });

  it('is answered for a while by the no that my person has said', () => {
    limits.declined(ALI);
    assert.deepEqual([limits.isQuiet(ALI), limits.isQuiet(BABAK)], [true, false]);
    now += QUIET_AFTER_DECLINE_MS - 1;
    assert.equal(limits.isQuiet(ALI), true);
    now++;
    assert.equal(limits.isQuiet(ALI), false);
  });

  it('is remembered of a bounded number of people, the latest ones', () => {
    for (let i = 0; i < 300; i++) limits.declined(stranger(i));
    assert.deepEqual([limits.isQuiet(stranger(0)), limits.isQuiet(stranger(299))], [false, true]);
  });
});
