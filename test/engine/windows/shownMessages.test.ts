import assert from 'node:assert/strict';
import type { StoredEntry } from '../../../src/engine/store/entryRow.ts';
import { MAX_SCANNED } from '../../../src/engine/store/searchScan.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { type PageWish, ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { ALI, BABAK, id, offer, StoreFile, said, text, theirs } from '../store/support.ts';

describe('pages of a conversation', () => {
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let shown: ShownMessages;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    published = newPublished();
    shown = new ShownMessages(store, published);
    for (let i = 1; i <= 10; i++) store.entries.acceptTheirs(ALI, theirs(i));
  });
  afterEach(() => file.remove());

  const page = (wish: PageWish) => {
    const { messages, hasEarlier, hasLater, place } = shown.history(ALI, wish);
    return [messages.map(({ number }) => number), { hasEarlier, hasLater, place }];
  };
  const orderOf = (number: number) =>
    shown.history(ALI, { limit: 100 }).messages.find((message) => message.number === number)?.order ?? 0;

  it('are the newest when none is named', () => {
    const more = { hasLater: undefined, place: undefined };
    assert.deepEqual(page({ limit: 3 }), [[8, 9, 10], { hasEarlier: true, ...more }]);
    assert.deepEqual(page({ limit: 10 })[1], { hasEarlier: false, ...more });
  });

  it('are those next before or after a place', () => {
    const before = { hasLater: undefined, place: undefined };
    assert.deepEqual(page({ before: orderOf(3), limit: 5 }), [[1, 2], { hasEarlier: false, ...before }]);
    const after = { hasEarlier: true, place: 'joinedLater' };
    assert.deepEqual(page({ after: orderOf(3), limit: 2 }), [[4, 5], { hasLater: true, ...after }]);
    assert.deepEqual(page({ after: orderOf(8), limit: 2 }), [[9, 10], { hasLater: false, ...after }]);
  });

  it('are half before a place and half from it on', () => {
    const apart = { hasEarlier: true, hasLater: true, place: 'apart' };
    assert.deepEqual(page({ around: orderOf(5), limit: 4 }), [[3, 4, 5, 6], apart]);
    assert.deepEqual(page({ around: orderOf(1), limit: 4 }), [[1, 2], { ...apart, hasEarlier: false }]);
    assert.deepEqual(page({ around: orderOf(10), limit: 4 }), [[8, 9, 10], { ...apart, hasLater: false }]);
  });

  it('take the place of what was loaded when somebody jumps to the newest', () => {
    const apart = { hasEarlier: true, hasLater: false, place: 'apart' };
    assert.deepEqual(page({ newest: true, limit: 2 }), [[9, 10], apart]);
  });

  it('have a bounded size', () => {
    assert.equal(shown.history(ALI, { limit: 0 }).messages.length, 1);
    assert.equal(shown.history(ALI, { limit: 1e9 }).messages.length, 10);
  });

  it('bring the transfers that their messages speak of, as windows know them now', () => {
    const stored: Omit<StoredTransfer, 'id'> = {
      ...{
        peer: ALI,
        direction: 'send',
        name: 'a.png',
        mediaType: 'image/png',
        sizeBytes: 10,
        folder: '/secret',
      },
      state: { kind: 'offered' },
    };
    for (const number of [1, 2]) {
      store.transfers.insert({ ...stored, id: id(100 + number) });
      store.entries.appendMine(ALI, said(offer(id(100 + number)), 200 + number));
    }
    const { folder: _folder, ...known } = { ...stored, id: id(101) };
    const running = { kind: 'running', bytes: 5, bytesPerSecond: 1, attempt: 1 } as const;
    published.publish({ kind: 'transferChanged', transfer: { ...known, state: running } });
    assert.deepEqual(shown.history(ALI, { limit: 5 }).transfers, [
      { ...known, state: running },
      { ...known, id: id(102) },
    ]);
    assert.deepEqual(shown.history(ALI, { limit: 5, before: orderOf(5) }).transfers, []);
  });

  it('show what stands under a file, as under a text', () => {
    store.entries.appendMine(ALI, said(offer(id(101)), 201));
    const reactions = [{ emoji: '👍', from: 'peer' }] as const;
    store.messages.setReactions(store.messages.get(ALI, id(201)) as StoredEntry, reactions);
    assert.deepEqual(shown.history(ALI, { limit: 1 }).messages[0]?.reactions, reactions);
  });

  describe('searched', () => {
    const found = (query: string, more = {}) =>
      shown
        .search({ query, limit: 10, ...more })
        .hits.map(({ message: { peer, number } }) => `${peer[0]}${number}`);

    beforeEach(() => {
      store.entries.appendMine(BABAK, said(text('Grüße aus Köln: the cat sat'), 1));
      store.entries.appendMine(BABAK, said({ ...offer(id(5)), name: 'Köln Cathedral.png' } as never, 2));
      store.entries.acceptTheirs(ALI, theirs(11, text('کتاب‌های من را می‌نويسم')));
    });

    it('are found by all words in any order, the last one perhaps only begun, newest first', () => {
      assert.deepEqual(found('koln'), ['b2', 'b1']);
      assert.deepEqual(found('KÖLN cat'), ['b2', 'b1']);
      assert.deepEqual(found('cat koln gr'), ['b1']);
      assert.deepEqual(found('theirs', { limit: 3 }), ['a10', 'a9', 'a8']);
    });

    it('are found whatever keyboard they were typed with', () => {
      for (const query of ['كتابهای', 'می نویسم', 'مینویسم', 'می‌نویسم', 'کتاب'])
        assert.deepEqual(found(query), ['a11'], query);
    });

    it('are found in one conversation, and page by page', () => {
      assert.deepEqual(found('koln', { peer: ALI }), []);
      assert.deepEqual(found('the', { peer: BABAK }), ['b1']);
      const page = shown.search({ query: 'theirs', limit: 2 });
      assert.deepEqual([page.hits.length, page.hasMore], [2, true]);
      assert.equal('isPartial' in page, false);
      const before = page.hits[1]?.message.order ?? 0;
      assert.deepEqual(found('theirs', { before, limit: 2 }), ['a8', 'a7']);
    });

    it('say that older ones were not looked at, and are a bounded number', () => {
      const straw = Array.from({ length: MAX_SCANNED + 1 }, (_, i) => said(text('straw'), 300 + i));
      store.transaction(() => {
        for (const one of straw) store.entries.appendMine(BABAK, one);
      });
      assert.deepEqual(shown.search({ query: 'theirs', limit: 5 }), {
        hits: [],
        hasMore: false,
        isPartial: true,
      });
      assert.equal(found('straw', { limit: 1e9 }).length, 100);
      assert.equal(found('straw', { limit: 0 }).length, 1);
      assert.deepEqual(shown.search({ query: '!', limit: 5 }), { hits: [], hasMore: false });
    });

    it('are not found by nothing, and nothing that is asked is an error', () => {
      for (const query of ['', '  ', '"', '*', '()', '\u0000', '😀', '-', ':^'])
        assert.deepEqual(found(query), []);
      for (const query of ['"cat', 'cat*', 'NEAR(cat', 'cat OR dog)', "cat' --", 'words:cat', '\ud83d cat'])
        assert.doesNotThrow(() => found(query), query);
      assert.deepEqual(found('"cat" (sat)'), ['b1']);
    });

    it('are not found any more once they are deleted, and by what they were edited to', () => {
      const now = () => store.messages.get(BABAK, id(1)) as StoredEntry;
      store.messages.edit(now(), 'a dog', 7);
      assert.deepEqual([found('cat sat'), found('dog')], [[], ['b1']]);
      store.messages.forget(now());
      assert.deepEqual(found('dog'), []);
    });
  });
});
