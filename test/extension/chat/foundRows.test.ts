import assert from 'node:assert/strict';
import type { SearchHit, SearchPage } from '../../../src/contract/search.ts';
import { foundRows } from '../../../src/extension/chat/foundRows.ts';
import { english, message } from '../people.ts';

const OLDER = 'Older messages were not looked at. They can be searched when Hamta has got through them.';

describe('the answer to a search over all conversations', () => {
  const hit: SearchHit = { message: message(1), excerpt: 'look at this trace' };
  const mine: SearchHit = { message: message(2, { from: 'me' }), excerpt: '$(trash) trace' };
  const rowsFor = (query: string, page: SearchPage) =>
    foundRows(query, page, () => 'bob', english).map(
      ({ label, detail, hit }) => hit ?? [label, detail].filter(Boolean).join('. '),
    );

  it('has a row for each message, with who said it to whom, and nothing that comes alive', () => {
    const [theirs, ours] = foundRows('trace', { hits: [hit, mine], hasMore: false }, () => 'bob', english);
    assert.deepEqual([theirs?.label, theirs?.detail, theirs?.hit], ['bob', 'look at this trace', hit]);
    assert.match(ours?.label ?? '', /^You to .*bob/);
    assert.equal(ours?.detail, '$ (trash) trace');
  });

  it('keeps a name, the time beside it and the words apart from each other in a language that runs from right to left', () => {
    const said = { ...hit, excerpt: 'فایل report-2.pdf رسید' };
    const persian = { ...english, locale: 'fa' };
    const [row] = foundRows('رسید', { hits: [said], hasMore: false }, () => 'علی ۲', persian);
    assert.equal(row?.label, '\u2068علی ۲\u2069');
    assert.match(row?.description ?? '', /^\u2068.+\u2069$/);
    assert.equal(row?.detail, `\u2068${said.excerpt}\u2069`);
  });

  it('says that nothing was found, once something was looked for', () => {
    assert.deepEqual(rowsFor('trace', { hits: [], hasMore: false }), ['Nothing found']);
    assert.deepEqual(rowsFor(' ', { hits: [], hasMore: false }), []);
  });

  it('says that older messages were not looked at, whether or not anything was found', () => {
    assert.deepEqual(rowsFor('trace', { hits: [hit], hasMore: false, isPartial: true }), [hit, OLDER]);
    assert.deepEqual(rowsFor('trace', { hits: [], hasMore: false, isPartial: true }), [
      'Nothing found',
      OLDER,
    ]);
  });

  it('says that there is more than it shows, and how to come to it', () => {
    const rows = rowsFor('trace', { hits: [mine, hit], hasMore: true });
    assert.deepEqual(rows, [mine, hit, 'Only the newest 2 are shown. Add a word to find others.']);
    const persian = foundRows('trace', { hits: [hit], hasMore: true }, () => 'bob', {
      ...english,
      locale: 'fa',
    });
    assert.equal(persian.at(-1)?.label, 'Only the newest ۱ are shown');
  });

  it('is not filtered by the list, which knows nothing of words', () => {
    const rows = foundRows('trace', { hits: [], hasMore: false, isPartial: true }, () => 'bob', english);
    assert.deepEqual(
      rows.map(({ alwaysShow }) => alwaysShow),
      [true, true],
    );
  });
});
