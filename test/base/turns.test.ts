import assert from 'node:assert/strict';
import { turns, turnsByKey } from '../../src/base/turns.ts';

describe('what is done in turn', () => {
  let said: string[];
  const say = (text: string) => async () => void said.push(text);

  beforeEach(() => {
    said = [];
  });

  it('begins when what was given before has ended, however that was', async () => {
    const inTurn = turns();
    const first = Promise.withResolvers<string>();
    const failed = inTurn(() => first.promise);
    const second = inTurn(say('second'));
    const third = inTurn(say('third'));
    await turns()(say('another line'));
    assert.deepEqual(said, ['another line']);
    first.reject(new Error('the disk is gone'));
    await assert.rejects(failed, /the disk is gone/);
    await Promise.all([second, third]);
    assert.deepEqual(said, ['another line', 'second', 'third']);
  });

  it('gives whoever began it what came of it', async () => {
    assert.equal(await turns()(async () => 7), 7);
  });

  it('goes on after work that could not even begin', async () => {
    const inTurn = turns();
    const failed = inTurn(() => {
      throw new Error('no such drive');
    });
    await Promise.all([assert.rejects(failed, /no such drive/), inTurn(say('next'))]);
    assert.deepEqual(said, ['next']);
  });

  it('waits for what has the same key alone', async () => {
    const inTurn = turnsByKey<string>();
    const slow = Promise.withResolvers<void>();
    const first = inTurn('slow', () => slow.promise);
    const second = inTurn('slow', say('slow'));
    await inTurn('quick', say('quick'));
    await inTurn('quick', say('quick again'));
    assert.deepEqual(said, ['quick', 'quick again']);
    slow.resolve();
    await Promise.all([first, second]);
    assert.deepEqual(said, ['quick', 'quick again', 'slow']);
  });

  it('waits in its line also where what was before it has ended in between', async () => {
    const inTurn = turnsByKey<string>();
    const second = Promise.withResolvers<void>();
    const ended = inTurn('line', say('first'));
    const running = inTurn('line', () => second.promise);
    await ended;
    const third = inTurn('line', say('third'));
    await turns()(say('another line'));
    assert.deepEqual(said, ['first', 'another line']);
    second.resolve();
    await Promise.all([running, third]);
    assert.deepEqual(said, ['first', 'another line', 'third']);
  });
});
