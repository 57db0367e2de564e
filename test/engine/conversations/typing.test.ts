import assert from 'node:assert/strict';
import { Typing } from '../../../src/engine/conversations/typing.ts';
import { ALI, BABAK } from '../store/support.ts';

describe('who is writing', () => {
  let now: number;
  let timers: { readonly at: number; readonly onTime: () => void; isOver: boolean }[];
  let told: string[];
  let typing: Typing;

  beforeEach(() => {
    now = 0;
    timers = [];
    told = [];
    typing = new Typing(
      (peer, isTyping) => told.push(`${now}: ${peer[0]} ${isTyping ? 'writes' : 'stops'}`),
      { now: () => now },
      (ms, onTime) => {
        const timer = { at: now + ms, onTime, isOver: false };
        timers.push(timer);
        return {
          dispose: () => {
            timer.isOver = true;
          },
        };
      },
    );
  });

  const passTo = (time: number) => {
    now = time;
    for (const timer of timers.filter(({ at, isOver }) => !isOver && at <= time)) timer.onTime();
  };

  it('is shown until 6 s after they have last said so', () => {
    typing.hear(ALI, true);
    now = 3_000;
    typing.hear(ALI, true);
    passTo(8_999);
    passTo(9_000);
    passTo(20_000);
    assert.deepEqual(told, ['0: a writes', '9000: a stops']);
  });

  it('is over when they say so, when their message is here, and when the link ends', () => {
    typing.hear(ALI, true);
    typing.hear(ALI, false);
    now = 5_000;
    typing.hear(ALI, true);
    typing.stop(ALI);
    typing.stop(ALI);
    now = 6_000;
    typing.hear(ALI, true);
    typing.forget(ALI);
    assert.deepEqual(
      told.map((line) => line.split(' ').at(-1)),
      ['writes', 'stops', 'writes', 'stops', 'writes', 'stops'],
    );
    assert.ok(timers.every(({ isOver }) => isOver));
  });

  it('changes twice a second at most, whatever a peer says', () => {
    for (now = 0; now < 10_000; now += 10) typing.hear(ALI, now % 20 === 0);
    assert.equal(told.length, 20);
  });

  it('goes on from the last word, however soon after the first that comes', () => {
    typing.hear(ALI, true);
    now = 500;
    typing.hear(ALI, true);
    passTo(6_000);
    passTo(6_500);
    assert.deepEqual(told, ['0: a writes', '6500: a stops']);
  });

  it('is shown at once of somebody who goes on after they wrote for long, or over a new link', () => {
    for (const start of [0, 10_000]) {
      now = start;
      typing.hear(ALI, true);
      now += 3_000;
      typing.hear(ALI, true);
      typing.hear(ALI, false);
      typing.hear(ALI, true);
      typing.forget(ALI);
      typing.hear(ALI, true);
      typing.forget(ALI);
    }
    const of = (start: number) => [
      ...[`${start}: a writes`, `${start + 3_000}: a stops`, `${start + 3_000}: a writes`],
      ...[`${start + 3_000}: a stops`, `${start + 3_000}: a writes`, `${start + 3_000}: a stops`],
    ];
    assert.deepEqual(told, [...of(0), ...of(10_000)]);
  });

  it('is known of each person', () => {
    typing.hear(ALI, true);
    typing.hear(BABAK, true);
    typing.hear(ALI, false);
    assert.deepEqual(told, ['0: a writes', '0: b writes', '0: a stops']);
  });

  it('is of no interest once it is disposed of', () => {
    typing.hear(ALI, true);
    typing.dispose();
    assert.ok(timers.every(({ isOver }) => isOver));
  });
});
