import assert from 'node:assert/strict';
import type { SearchWish } from '../../../src/contract/panel.ts';
import type { SearchPage } from '../../../src/contract/search.ts';
import {
  moreOf,
  nextSearch,
  OPENED,
  partsOf,
  type Search,
  wishOf,
  withAnswer,
} from '../../../webview/model/search.ts';
import { messageAt } from '../support/conversation.ts';

const pageOf = (orders: readonly number[], hasMore = false): SearchPage => ({
  hits: orders.map((order) => ({ message: messageAt(order, 'peer'), excerpt: `text ${order}` })),
  hasMore,
});
const wish = (query: string, before?: number): SearchWish => ({
  kind: 'searchConversation',
  query,
  ...(before === undefined ? {} : { before }),
});

/** As after typing, asking and getting this answer. */
function answered(query: string, page: SearchPage): Search {
  const asked = nextSearch({ ...OPENED, query }, { kind: 'searchAsked', wish: wish(query) });
  return withAnswer(asked, wish(query), page) ?? OPENED;
}

const ordersOf = (search: Search | undefined) => search?.hits.map(({ message }) => message.order);

describe('search', () => {
  it('opens empty, stays as it is when opened again, and closes', () => {
    const open = nextSearch(undefined, { kind: 'searchOpened' });
    assert.deepEqual(open, OPENED);
    const typed = nextSearch(open, { kind: 'searchTyped', query: 'tra' });
    assert.equal(nextSearch(typed, { kind: 'searchOpened' }), typed);
    assert.equal(nextSearch(typed, { kind: 'searchClosed' }), undefined);
    assert.equal(nextSearch(undefined, { kind: 'searchTyped', query: 'tra' }), undefined);
  });

  it('asks for the words in the field, once', () => {
    const typed = { ...OPENED, query: ' trace ' };
    assert.deepEqual(wishOf(typed), wish('trace'));
    assert.equal(wishOf({ ...typed, asked: wish('trace') }), undefined);
    assert.equal(wishOf(answered('trace', pageOf([]))), undefined);
    assert.equal(wishOf({ ...OPENED, query: '  ' }), undefined);
    assert.deepEqual(wishOf({ ...answered('trace', pageOf([1])), query: 'traces' }), wish('traces'));
  });

  it('shows an answer to what is asked, and none to what was asked before', () => {
    const asking = { ...OPENED, query: 'ab', asked: wish('ab') };
    assert.equal(withAnswer(asking, wish('a'), pageOf([1])), asking);
    assert.equal(withAnswer(undefined, wish('a'), pageOf([1])), undefined);
    assert.deepEqual(ordersOf(withAnswer(asking, wish('ab'), pageOf([9, 4]))), [9, 4]);
  });

  it('adds older hits below, and keeps the one that is looked at', () => {
    const first = { ...answered('ab', pageOf([9, 4], true)), at: 1 };
    assert.deepEqual(moreOf(first), wish('ab', 4));
    const asking = nextSearch(first, { kind: 'searchAsked', wish: wish('ab', 4) });
    assert.equal(asking && moreOf(asking), undefined);
    const both = withAnswer(asking, wish('ab', 4), pageOf([2]));
    assert.deepEqual(ordersOf(both), [9, 4, 2]);
    assert.equal(both?.at, 1);
    assert.equal(both && moreOf(both), undefined);
  });

  it('says as long as it shows these words that messages were not looked at', () => {
    const first = answered('ab', { ...pageOf([9, 4], true), isPartial: true });
    const asking = nextSearch(first, { kind: 'searchAsked', wish: wish('ab', 4) });
    const both = withAnswer(asking, wish('ab', 4), pageOf([2]));
    const others = withAnswer({ ...first, asked: wish('cd') }, wish('cd'), pageOf([3]));
    assert.deepEqual([first.isPartial, both?.isPartial, others?.isPartial], [true, true, false]);
  });

  it('begins anew with other words', () => {
    const first = { ...answered('ab', pageOf([9, 4], true)), at: 1, query: 'cd', asked: wish('cd') };
    const next = withAnswer(first, wish('cd'), pageOf([3]));
    assert.deepEqual([ordersOf(next), next?.at, next?.answered], [[3], undefined, 'cd']);
  });

  const marked = (excerpt: string, query: string) =>
    partsOf(excerpt, query)
      .map(({ text, isFound }) => (isFound ? `[${text}]` : text))
      .join('');

  it('marks what begins with a word of the query, in any script and case', () => {
    assert.equal(marked('Look at this Trace, retrace it', 'tra LOOK'), '[Look] at this [Trace], retrace it');
    assert.equal(marked('سلام سارا', 'سار'), 'سلام [سارا]');
    assert.equal(marked('a <b> & c', '<b>'), 'a <[b]> & c');
    assert.equal(marked('nothing', '…'), 'nothing');
  });

  it('marks a word that is found in another spelling', () => {
    assert.equal(marked('سلام علی جان', 'علي'), 'سلام [علی] جان');
    assert.equal(marked('کتاب', 'كت'), '[کتاب]');
    assert.equal(marked('a café here', 'cafe'), 'a [café] here');
    assert.equal(marked('die Straße', 'strasse'), 'die [Straße]');
    assert.equal(marked('at 12 o’clock', '۱۲'), 'at [12] o’clock');
    assert.equal(marked('run\u00ADning', 'running'), '[run\u00ADning]');
    assert.equal(marked('snake_case', 'case'), 'snake_[case]');
  });

  it('marks a word with a joiner, whichever side writes it whole or in parts', () => {
    assert.equal(marked('من می\u200Cروم', 'میروم'), 'من [می\u200Cروم]');
    assert.equal(marked('من می\u200Cروم', 'روم'), 'من [می\u200Cروم]');
    assert.equal(marked('من می روم', 'می\u200Cروم'), 'من [می] [روم]');
    assert.equal(marked('من میروم', 'می\u200Cروم'), 'من [میروم]');
  });

  it('marks single characters of scripts without spaces, and takes no emoji apart', () => {
    assert.equal(marked('明日東京で', '東京'), '明日[東][京]で');
    const family = '👨\u200D👩\u200D👧';
    assert.deepEqual(
      partsOf(`${family} ok`, 'ok').map(({ text }) => text),
      [`${family} `, 'ok'],
    );
  });

  it('keeps the first word that was found near the beginning, whatever stands before it', () => {
    const shown = (excerpt: string) =>
      partsOf(excerpt, 'needle')
        .map(({ text }) => text)
        .join('');
    assert.match(shown(`${'word '.repeat(50)}a needle here`), /^… ?word (word ){2,6}a needle here$/);
    assert.equal(shown('a needle'), 'a needle');
    assert.equal(shown('nothing '.repeat(20)), 'nothing '.repeat(20));
  });
});
