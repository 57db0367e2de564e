// How long the engine looks at datagrams before it looks at anything else.

import assert from 'node:assert/strict';
import { DatagramTurns } from '../../../src/engine/io/datagramTurns.ts';

const MIB = 2 ** 20;

describe('datagrams in turns', () => {
  let now: number;
  let heard: string[];
  let ends: (() => void)[];

  /** Each datagram takes its listener `costMs`. */
  function turnsOf(costMs: number): DatagramTurns {
    const listener = (bytes: Buffer) => {
      heard.push(bytes.toString('latin1', 0, 4).trim());
      now += costMs;
    };
    return new DatagramTurns(listener, { now: () => now }, (end) => ends.push(end));
  }

  const say = (turns: DatagramTurns, text: string, length = 4) =>
    turns.take(Buffer.alloc(length, ' ').fill(text, 0, text.length), '127.0.0.1', 1);
  const endTurn = () => ends.shift()?.();

  beforeEach(() => {
    now = 1_000;
    heard = [];
    ends = [];
  });

  it('are heard at once while they are few', () => {
    const turns = turnsOf(0.01);
    for (const text of ['a', 'b', 'c']) say(turns, text);
    assert.deepEqual(heard, ['a', 'b', 'c']);
    endTurn();
    assert.equal(ends.length, 0, 'nothing is left to do');
  });

  it('wait for the next turn after half a millisecond, in their order, behind nothing that comes later', () => {
    const turns = turnsOf(0.2);
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) say(turns, text);
    assert.deepEqual(heard.splice(0), ['a', 'b', 'c']);
    endTurn();
    assert.deepEqual(heard.splice(0), ['d', 'e', 'f']);
    say(turns, 'i');
    assert.deepEqual(heard, [], 'one that comes while others wait is behind them');
    endTurn();
    assert.deepEqual(heard.splice(0), ['g', 'h', 'i']);
  });

  it('have half a millisecond anew once nothing waits', () => {
    const turns = turnsOf(0.4);
    for (const text of ['a', 'b', 'c']) say(turns, text);
    endTurn();
    assert.deepEqual(heard.splice(0), ['a', 'b', 'c']);
    now += 5;
    say(turns, 'd');
    assert.deepEqual(heard, ['d']);
  });

  it('wait in no more than 4 MiB: beyond that the oldest are heard whatever the time', () => {
    const turns = turnsOf(1);
    for (let i = 0; i < 10; i++) say(turns, `${i}`, MIB);
    assert.deepEqual(heard, ['0', '1', '2', '3', '4', '5']);
  });

  it('are no more than 4,096 where they are short', () => {
    const turns = turnsOf(1);
    for (let i = 0; i < 5_000; i++) say(turns, `${i}`);
    assert.equal(heard.length, 5_000 - 4_096);
  });

  it('are all heard when a listener fails at one of them', () => {
    const turns = new DatagramTurns(
      (bytes) => {
        now += 1;
        if (bytes.toString() === 'b') throw new Error('a bug');
        heard.push(bytes.toString());
      },
      { now: () => now },
      (end) => ends.push(end),
    );
    for (const text of ['a', 'b', 'c']) turns.take(Buffer.from(text), '127.0.0.1', 1);
    assert.throws(endTurn, /a bug/);
    endTurn();
    assert.deepEqual(heard, ['a', 'c']);
  });
});
