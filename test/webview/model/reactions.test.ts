import assert from 'node:assert/strict';
import { isReaction } from '../../../src/contract/reaction.ts';
import { chipsOf, moreEmoji, quickEmoji } from '../../../webview/model/reactions.ts';

const said = (emoji: string, from: 'me' | 'peer') => ({ emoji, from });
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '');

describe('reactions', () => {
  it('are counted by emoji in the order in which they came, and say whose they are', () => {
    const chips = chipsOf([said('👍', 'peer'), said('🎉', 'me'), said('👍', 'me')], 'bob');
    assert.deepEqual(
      chips.map((chip) => ({ ...chip, words: plain(chip.words) })),
      [
        { emoji: '👍', count: 2, isMine: true, words: 'You and bob' },
        { emoji: '🎉', count: 1, isMine: true, words: 'You' },
      ],
    );
    assert.deepEqual(chipsOf([], 'bob'), []);
  });

  it('that can be chosen are each one that the engine takes, once, with a name of its own', () => {
    const all = [...quickEmoji(), ...moreEmoji()];
    assert.equal(quickEmoji().length, 6);
    for (const { emoji } of all) assert.ok(isReaction(emoji), emoji);
    assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  });
});
