import assert from 'node:assert/strict';
import { type ByKind, dispatch } from '../../src/base/byKind.ts';

type Word = { readonly kind: 'say'; readonly text: string } | { readonly kind: 'stop' };

describe('a table by kind', () => {
  it('gives a value to the doer of its kind, with what goes along', () => {
    const done: string[] = [];
    const table: ByKind<Word, [times: number]> = {
      say: ({ text }, times) => void done.push(text.repeat(times)),
      stop: () => void done.push('stop'),
    };
    const words: Word[] = [{ kind: 'say', text: 'ha' }, { kind: 'stop' }];
    for (const word of words) dispatch(table, word, 2);
    assert.deepEqual(done, ['haha', 'stop']);
  });

  it('passes over a kind that it leaves out', () => {
    const table: Partial<ByKind<Word>> = { say: () => assert.fail('nothing was said') };
    dispatch<Word, []>(table, { kind: 'stop' });
    assert.deepEqual(Object.keys(table), ['say']);
  });
});
