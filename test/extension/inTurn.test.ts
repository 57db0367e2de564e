import assert from 'node:assert/strict';
import { turns } from '../../src/extension/inTurn.ts';

describe('what is done in turn', () => {
  it('begins when what was given before has ended, however that was', async () => {
    const inTurn = turns();
    const first = Promise.withResolvers<string>();
    const said: string[] = [];
    const say = (text: string) => async () => void said.push(text);
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
});
