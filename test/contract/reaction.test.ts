import assert from 'node:assert/strict';
import { MAX_REACTION_LENGTH } from '../../src/contract/message.ts';
import { isReaction } from '../../src/contract/reaction.ts';

describe('a reaction', () => {
  for (const emoji of ['👍', '👍🏽', '❤️', '❤', '👩🏽‍💻', '👨‍👩‍👧‍👦', '🇮🇷', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#⃣', '🏳️‍🌈', '✅', '🫶'])
    it(`may be ${emoji}`, () => assert.equal(isReaction(emoji), true));

  for (const text of [
    '',
    'a',
    'ok',
    '1',
    '👍👍',
    '👍a',
    ' 👍',
    '👍 ',
    '🇮',
    '\u200d',
    '️',
    '<b>',
    '👍\u202e',
    '👍‍',
  ])
    it(`may not be ${JSON.stringify(text)}`, () => assert.equal(isReaction(text), false));

  it('is not longer than one emoji can be', () => {
    assert.equal(isReaction(Array(12).fill('👩').join('\u200d')), false);
    assert.ok(Array(12).fill('👩').join('\u200d').length > MAX_REACTION_LENGTH);
  });
});
