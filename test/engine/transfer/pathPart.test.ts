// One session's part of a path, beside others on the same one.

import assert from 'node:assert/strict';
import { CommonRate } from '../../../src/engine/transfer/commonRate.ts';
import type { DeliveryMark } from '../../../src/engine/transfer/deliveryRate.ts';
import { SMALL_BYTES } from '../../../src/engine/transfer/params.ts';
import { PathPart } from '../../../src/engine/transfer/pathPart.ts';
import type { RateController } from '../../../src/engine/transfer/rateController.ts';

const [MOST, FIRST] = [1452, 1200];
const MANY = 10 * SMALL_BYTES;
const MARK = { delivered: 3 } as DeliveryMark;

describe('a session’s part of a path', () => {
  /** What the model was told. */
  let told: unknown[][];
  let model: { windowBytes: number } & RateController;
  let common: CommonRate;
  let asked: unknown[][];
  let forgotten: CommonRate[];
  let left: number;
  let [mine, other]: PathPart[] = [];

  beforeEach(() => {
    [told, asked, forgotten, left] = [[], [], [], 0];
    const tell =
      (name: string) =>
      (...what: unknown[]) => {
        told.push([name, ...what]);
        return MARK;
      };
    const names = ['markFor', 'onLimited', 'onLost', 'onSpurious', 'onRttSample', 'onDelivered'];
    model = {
      ...Object.fromEntries(names.map((name) => [name, tell(name)])),
      ...{ windowBytes: 200_000, pacingRate: 500, roomBytes: 77, isLossyAt: (now: number) => now < 5 },
    } as unknown as typeof model;
    common = new CommonRate(model);
    [mine, other] = [part(MANY), part(MANY)];
  });

  function part(bytesLeft: number): PathPart {
    const made = new PathPart(
      {
        common: (...how) => {
          asked.push(how);
          return common;
        },
        forget: (gone) => forgotten.push(gone),
        left: () => {
          left++;
        },
      },
      bytesLeft,
    );
    made.enter(MOST, FIRST);
    return made;
  }

  const parts = () => [mine, other] as [PathPart, PathPart];

  it('is a small one’s up to 1 MiB', () => {
    assert.deepEqual([part(SMALL_BYTES).isSmall, part(SMALL_BYTES + 1).isSmall], [true, false]);
  });

  it('is of the model that its path has, and begins with nothing in flight', () => {
    const [mine] = parts();
    assert.deepEqual(asked[0], [FIRST]);
    mine.onSent(5_000, 0, true);
    mine.onSent(1_000, 0, false);
    assert.equal(mine.inFlightBytes, 6_000);
    mine.note(4_000, true);
    assert.deepEqual([mine.inFlightBytes, mine.wantsMore], [4_000, true]);
    mine.enter(MOST, FIRST);
    assert.equal(mine.inFlightBytes, 0);
  });

  it('is a share of rate and window, with room for two of the longest datagrams however many there are', () => {
    const [mine] = parts();
    assert.deepEqual([mine.pacingRate, mine.windowBytes, mine.roomBytes], [250, 100_000, 77]);
    model.windowBytes = 3 * MOST;
    assert.equal(mine.windowBytes, 2 * MOST);
  });

  it('leaves its room to the others while it is not heard, until something of it arrives', () => {
    const [mine, other] = parts();
    mine.note(50_000, true);
    mine.onSilence();
    assert.deepEqual([mine.inFlightBytes, mine.wantsMore], [0, false]);
    assert.equal(other.windowBytes, 200_000 - 12_000);
    mine.onDelivered(10, MARK, 1, 30_000, 2);
    assert.deepEqual([mine.inFlightBytes, mine.wantsMore, other.windowBytes], [30_000, true, 100_000]);
  });

  it('is idle only where nothing of anybody is in flight: a pause of one is none of the path', () => {
    const [mine, other] = parts();
    mine.onSent(10, 1, true);
    other.onSent(10, 2, true);
    mine.note(0, true);
    other.note(0, true);
    other.onSent(10, 3, false);
    assert.deepEqual(told, [
      ['markFor', 1, true],
      ['markFor', 2, false],
      ['markFor', 3, false],
    ]);
  });

  it('limits the path where nobody has more to send, by what all have in flight', () => {
    const [mine, other] = parts();
    other.note(30, true);
    mine.onLimited(20);
    assert.deepEqual([mine.inFlightBytes, mine.wantsMore, told], [20, false, []]);
    other.onLimited(30);
    assert.deepEqual(told, [['onLimited', 50]]);
  });

  it('is told of by what all have in flight, and of losses as they are', () => {
    const [mine, other] = parts();
    other.note(300, true);
    mine.onDelivered(10, MARK, 1, 200, 2);
    mine.onLost(5);
    mine.onSpurious(4);
    mine.onRttSample(40, 3);
    assert.deepEqual(told, [
      ['onDelivered', 10, MARK, 1, 500, 2],
      ['onLost', 5],
      ['onSpurious', 4],
      ['onRttSample', 40, 3],
    ]);
    assert.deepEqual([mine.isLossyAt(4), mine.isLossyAt(5)], [true, false]);
  });

  it('is the others’ once it is left, and the model is of no path any more', () => {
    const [mine, other] = parts();
    mine.leave();
    assert.deepEqual([other.windowBytes, forgotten, left], [200_000, [common], 0]);
  });

  it('is the others’ once its session is over, which is so once', () => {
    const [mine, other] = parts();
    for (let times = 0; times < 2; times++) mine.dispose();
    assert.deepEqual([other.windowBytes, forgotten, left], [200_000, [], 1]);
  });

  it('is none before it is entered', () => {
    const models = { common: () => common, forget() {}, left() {} };
    assert.throws(() => new PathPart(models, MANY).windowBytes, /before it was entered/);
    new PathPart(models, MANY).dispose();
  });
});
