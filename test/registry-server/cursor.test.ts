// The cursor of the directory: what it gives back, and that nothing else passes for one.

import assert from 'node:assert/strict';
import { decodeCursor, encodeCursor } from '../../registry-server/cursor.ts';
import { seededRandom } from '../support/seededRandom.ts';

describe('a cursor', () => {
  it('gives back the sort key it was made of, in any script', () => {
    for (const sortKey of ['a', 'sara ahmadi', 'سارا', '🐟'.repeat(64), '\ufeffx']) {
      assert.equal(decodeCursor(encodeCursor(sortKey)), sortKey);
    }
  });

  it('stays below the length that the contract allows', () => {
    assert.ok(encodeCursor('🐟'.repeat(96)).length <= 512);
  });

  it('is nothing else than what we made', () => {
    const wrong = [
      '',
      '=',
      'YQ==',
      'YR',
      'a b',
      '../..',
      '%41',
      encodeCursor('x'.repeat(385)),
      encodeCursor('a\u0000'),
      '_-8',
    ];
    for (const cursor of wrong) assert.equal(decodeCursor(cursor), undefined, JSON.stringify(cursor));
  });

  it('is decoded or refused for any text', () => {
    const random = seededRandom(11);
    for (let i = 0; i < 2_000; i++) {
      const text = String.fromCharCode(...Array.from({ length: i % 30 }, () => Math.floor(random() * 300)));
      const sortKey = decodeCursor(text);
      assert.ok(sortKey === undefined || encodeCursor(sortKey) === text, JSON.stringify(text));
    }
  });
});
