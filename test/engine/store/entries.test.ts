import assert from 'node:assert/strict';
import { MAX_ENTRIES, MAX_SKIP } from '../../../src/engine/store/entries.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { ALI, BABAK, cancel, id, offer, STORED_AT, StoreFile, said, text, theirs } from './support.ts';

describe('stored entries', () => {
  let file: StoreFile;
  let store: Store;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
  });
  afterEach(() => file.remove());

  const sayMany = (count: number) => {
    store.transaction(() => {
      for (let i = 1; i <= count; i++) store.entries.appendMine(ALI, said(text(`mine ${i}`), i));
    });
  };
  const hearMany = (count: number) => {
    for (let i = 1; i <= count; i++) store.entries.acceptTheirs(ALI, theirs(i));
  };
  const shown = (limit = 10, before?: number) => store.messages.pageBefore(ALI, before, limit);

  it('of mine are numbered from 1 in each conversation, and ordered over all', () => {
    const first = store.entries.appendMine(ALI, said(text('سلام')));
    const other = store.entries.appendMine(BABAK, said(text('hello')));
    const second = store.entries.appendMine(ALI, said(text('again'), 2));
    assert.deepEqual(first, {
      peer: ALI,
      from: 'me',
      number: 1,
      order: first.order,
      id: id(1),
      at: 1_700_000_000_001,
      storedAt: STORED_AT,
      body: text('سلام'),
    });
    assert.deepEqual([other.number, second.number], [1, 2]);
    assert.ok(first.order < other.order && other.order < second.order);
  });

  it('of theirs are taken one after the other, each once', () => {
    const first = store.entries.acceptTheirs(ALI, theirs(1));
    assert.ok(typeof first === 'object');
    assert.deepEqual([first.from, first.number, first.body], ['peer', 1, text('theirs 1')]);
    assert.equal(store.entries.acceptTheirs(ALI, theirs(1)), 'duplicate');
    assert.equal(store.entries.acceptTheirs(ALI, theirs(3)), 'gap');
    assert.ok(typeof store.entries.acceptTheirs(ALI, theirs(2)) === 'object');
    assert.equal(store.entries.marks(ALI).received, 2);
  });

  it('of one person do not count for another', () => {
    hearMany(2);
    assert.equal(store.entries.marks(BABAK).received, 0);
    assert.equal(store.entries.acceptTheirs(BABAK, theirs(3)), 'gap');
    assert.deepEqual(store.messages.pageBefore(BABAK, undefined, 10).entries, []);
  });

  it('are the same when the file is opened again', () => {
    sayMany(2);
    hearMany(1);
    const before = shown();
    store.dispose();
    store = file.open();
    assert.deepEqual(shown(), before);
    assert.equal(store.entries.appendMine(ALI, said(text('next'), 3)).number, 3);
  });

  it('of every kind go to the peer again, from any number on, lowest first', () => {
    store.entries.appendMine(ALI, said(text('one'), 1));
    store.entries.appendMine(ALI, said(cancel(id(9)), 2));
    store.entries.acceptTheirs(ALI, theirs(1));
    store.entries.appendMine(ALI, said(offer(id(8)), 3));
    const numbers = (after: number, limit: number) =>
      store.entries.mineAfter(ALI, after, limit).map(({ number, body }) => [number, body.kind]);
    assert.deepEqual(numbers(0, 10), [
      [1, 'text'],
      [2, 'cancel'],
      [3, 'offer'],
    ]);
    assert.deepEqual(numbers(1, 1), [[2, 'cancel']]);
    assert.deepEqual(numbers(3, 10), []);
  });

  it('are shown oldest first, without those that only move transfers on', () => {
    store.entries.appendMine(ALI, said(text('one'), 11));
    store.entries.acceptTheirs(ALI, theirs(1, offer(id(7))));
    store.entries.acceptTheirs(ALI, theirs(2, cancel(id(7))));
    store.entries.appendMine(ALI, said(text('two'), 12));
    const kinds = shown().entries.map(({ from, body }) => [from, body.kind]);
    assert.deepEqual(kinds, [
      ['me', 'text'],
      ['peer', 'offer'],
      ['me', 'text'],
    ]);
    const { entries, hasLater } = store.messages.pageAfter(ALI, 0, 3);
    assert.deepEqual([entries, hasLater], [shown().entries, false]);
  });

  it('that are forgotten keep their number and place, and nothing that was said', () => {
    const { order } = store.entries.appendMine(ALI, said(text('secret'), 11));
    const now = () => {
      const message = store.messages.get(ALI, id(11));
      assert.ok(message);
      return message;
    };
    store.messages.edit(now(), 'another secret', STORED_AT);
    store.messages.setReactions(now(), [{ emoji: '👍', from: 'peer' }]);
    store.messages.forget(now());
    assert.deepEqual(now(), {
      ...{ peer: ALI, from: 'me', number: 1, order, id: id(11) },
      ...{ at: 1_700_000_000_011, storedAt: STORED_AT, isDeleted: true },
      body: { kind: 'withdrawn' },
    });
  });

  it('are known by writer and number', () => {
    store.entries.appendMine(ALI, said(text('one'), 11));
    store.entries.appendMine(ALI, said(text('two'), 12));
    hearMany(1);
    const ids = (from: 'me' | 'peer') => [1, 2].map((number) => store.entries.idOf(ALI, from, number));
    assert.deepEqual(
      [ids('me'), ids('peer')],
      [
        [id(11), id(12)],
        [id(1), undefined],
      ],
    );
    assert.equal(store.entries.idOf(BABAK, 'me', 1), undefined);
  });

  it('are paged back to the first one', () => {
    sayMany(5);
    const last = shown(2);
    assert.deepEqual([last.entries.map(({ number }) => number), last.hasEarlier], [[4, 5], true]);
    const middle = shown(2, last.entries[0]?.order);
    assert.deepEqual([middle.entries.map(({ number }) => number), middle.hasEarlier], [[2, 3], true]);
    const first = shown(2, middle.entries[0]?.order);
    assert.deepEqual([first.entries.map(({ number }) => number), first.hasEarlier], [[1], false]);
  });

  it('come in answers of a bounded size', () => {
    sayMany(MAX_ENTRIES + 1);
    assert.equal(shown(1e9).entries.length, MAX_ENTRIES);
    assert.ok(shown(1e9).hasEarlier);
    assert.equal(store.entries.mineAfter(ALI, 0, 1e9).length, MAX_ENTRIES);
  });

  it('of a later version are kept whole, take a number and are not shown', () => {
    const original = { kind: 'poll', question: 'tea?', options: [{ text: 'yes' }] };
    store.entries.acceptTheirs(ALI, theirs(1, { kind: 'unknown', original }));
    store.entries.appendMine(ALI, said({ kind: 'unknown', original }));
    assert.deepEqual(store.entries.mineAfter(ALI, 0, 1)[0]?.body, { kind: 'unknown', original });
    assert.deepEqual(shown().entries, []);
    assert.equal(store.entries.facts(ALI).unread, 0);
  });

  it('whose body breaks a rule that came later do not make the others unreadable', () => {
    const original = { kind: 'answer', transferId: 'written before there was a rule' };
    store.entries.appendMine(ALI, said({ kind: 'unknown', original }));
    store.entries.appendMine(ALI, said(text('hello'), 2));
    const bodies = store.entries.mineAfter(ALI, 0, 10).map(({ body }) => body);
    assert.deepEqual(bodies, [{ kind: 'unknown', original }, text('hello')]);
  });

  it('have a time of the last one that was shown', () => {
    assert.equal(store.entries.facts(ALI).lastMessageAt, undefined);
    store.entries.acceptTheirs(ALI, theirs(1, cancel(id(1))));
    assert.equal(store.entries.facts(ALI).lastMessageAt, undefined);
    store.entries.acceptTheirs(ALI, theirs(2));
    assert.equal(store.entries.facts(ALI).lastMessageAt, STORED_AT);
  });

  describe('marks', () => {
    it('are all 0 for somebody with whom nobody has spoken', () => {
      const none = { lastMine: 0, delivered: 0, readByPeer: 0, received: 0, readByMe: 0 };
      assert.deepEqual(store.entries.marks(ALI), none);
      assert.ok(!store.entries.setDelivered(ALI, 1));
      assert.ok(!store.entries.setReadByPeer(ALI, 1));
      assert.ok(!store.entries.setReadByMe(ALI, 1));
      assert.deepEqual(store.entries.marks(ALI), none);
    });

    for (const mark of ['delivered', 'readByPeer'] as const)
      it(`are told before they are written, and not known where that fails: ${mark}`, () => {
        sayMany(3);
        let told = 0;
        const set = (onNews: () => void) =>
          mark === 'delivered'
            ? store.entries.setDelivered(ALI, 2, onNews)
            : store.entries.setReadByPeer(ALI, 2, onNews);
        const fail = () => {
          told = store.entries.marks(ALI)[mark];
          throw new Error('the disk is full');
        };
        assert.throws(() => set(fail), /full/);
        assert.deepEqual([told, store.entries.marks(ALI)[mark]], [2, 0]);
        assert.ok(set(() => undefined));
        assert.equal(store.entries.marks(ALI)[mark], 2);
      });

    it('go up only, and say whether they did', () => {
      sayMany(3);
      hearMany(3);
      assert.ok(store.entries.setDelivered(ALI, 2));
      assert.ok(store.entries.setReadByPeer(ALI, 1));
      assert.ok(store.entries.setReadByMe(ALI, 2));
      const marks = { lastMine: 3, delivered: 2, readByPeer: 1, received: 3, readByMe: 2 };
      assert.deepEqual(store.entries.marks(ALI), marks);
      assert.ok(!store.entries.setDelivered(ALI, 2));
      assert.ok(!store.entries.setReadByPeer(ALI, 0));
      assert.ok(!store.entries.setReadByMe(ALI, 1));
      assert.deepEqual(store.entries.marks(ALI), marks);
    });

    it('never go above what there is, whatever a peer claims', () => {
      sayMany(2);
      hearMany(1);
      store.entries.setDelivered(ALI, Number.MAX_SAFE_INTEGER);
      store.entries.setReadByPeer(ALI, Number.MAX_SAFE_INTEGER);
      store.entries.setReadByMe(ALI, Number.MAX_SAFE_INTEGER);
      const all = { lastMine: 2, delivered: 2, readByPeer: 2, received: 1, readByMe: 1 };
      assert.deepEqual(store.entries.marks(ALI), all);
    });

    it('take what the peer has read as delivered, too', () => {
      sayMany(3);
      store.entries.setReadByPeer(ALI, 2);
      assert.deepEqual(store.entries.marks(ALI).delivered, 2);
    });

    it('tell how many visible entries are unread and undelivered', () => {
      store.entries.appendMine(ALI, said(text('one'), 11));
      store.entries.appendMine(ALI, said(cancel(id(1)), 12));
      store.entries.appendMine(ALI, said(text('three'), 13));
      hearMany(2);
      assert.deepEqual([store.entries.facts(ALI).unread, store.entries.facts(ALI).undelivered], [2, 2]);
      store.entries.setReadByMe(ALI, 1);
      store.entries.setDelivered(ALI, 2);
      assert.deepEqual([store.entries.facts(ALI).unread, store.entries.facts(ALI).undelivered], [1, 1]);
      assert.deepEqual([store.entries.facts(BABAK).unread, store.entries.facts(BABAK).undelivered], [0, 0]);
    });
  });

  describe('of a store that is older than the conversation', () => {
    it('go on after what the peer has', () => {
      assert.ok(store.entries.skipMineTo(ALI, 40));
      assert.equal(store.entries.appendMine(ALI, said(text('after'))).number, 41);
      assert.equal(store.entries.marks(ALI).delivered, 40);
    });

    it('take new numbers when they wait here and the peer has others under theirs', () => {
      sayMany(4);
      store.entries.setDelivered(ALI, 2);
      assert.ok(store.entries.skipMineTo(ALI, 5));
      const waiting = store.entries.mineAfter(ALI, 5, 10).map(({ number, body }) => [number, body]);
      assert.deepEqual(waiting, [
        [6, text('mine 3')],
        [7, text('mine 4')],
      ]);
      assert.equal(store.entries.facts(ALI).undelivered, 2);
      assert.deepEqual(
        shown().entries.map(({ number }) => number),
        [1, 2, 6, 7],
      );
      assert.equal(store.entries.appendMine(ALI, said(text('next'), 5)).number, 8);
    });

    it('leave those of the peer, and of others, as they are', () => {
      hearMany(3);
      sayMany(1);
      store.entries.appendMine(BABAK, said(text('hello')));
      assert.ok(store.entries.skipMineTo(ALI, 5));
      assert.deepEqual(
        shown().entries.map(({ number }) => number),
        [1, 2, 3, 6],
      );
      assert.equal(store.messages.get(BABAK, id(1))?.number, 1);
      assert.equal(store.entries.acceptTheirs(ALI, theirs(3)), 'duplicate');
    });

    it('take new numbers also when this store has grown past what the peer has', () => {
      sayMany(4);
      store.entries.setDelivered(ALI, 1);
      assert.ok(store.entries.skipMineTo(ALI, 3));
      const waiting = store.entries.mineAfter(ALI, 1, 10).map(({ number, body }) => [number, body]);
      assert.deepEqual(waiting, [
        [4, text('mine 2')],
        [5, text('mine 3')],
        [6, text('mine 4')],
      ]);
      assert.equal(store.entries.appendMine(ALI, said(text('next'), 5)).number, 7);
    });

    it('are not shown twice by a peer who has some of them under other numbers', () => {
      store.entries.acceptTheirs(ALI, theirs(1));
      const again = store.entries.acceptTheirs(ALI, { ...theirs(2), id: id(1) });
      assert.ok(typeof again === 'object');
      assert.deepEqual(again.body, { kind: 'withdrawn' });
      assert.deepEqual([store.entries.facts(ALI).unread, store.entries.marks(ALI).received], [1, 2]);
    });

    it('stay as they are when the peer has no more than there is, or claims what cannot be', () => {
      sayMany(2);
      store.entries.setDelivered(ALI, 2);
      assert.ok(!store.entries.skipMineTo(ALI, 0));
      assert.ok(!store.entries.skipMineTo(ALI, 2));
      assert.ok(!store.entries.skipMineTo(ALI, MAX_SKIP + 1));
      assert.equal(store.entries.marks(ALI).lastMine, 2);
    });
  });
});
