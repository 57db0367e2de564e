// The one fold: whoever folds the same events has the same state, and no fold changes what was there before.

import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import type { Message } from '../../src/contract/message.ts';
import {
  concerns,
  type Event,
  MAX_LOADED_MESSAGES,
  type RegistryState,
  runningTransfers,
  stateFor,
} from '../../src/contract/state.ts';
import type { TransferState } from '../../src/contract/transfer.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  ALI,
  added,
  BABAK,
  EMPTY,
  fold,
  historyOf,
  itemOf,
  ME,
  messageOf,
  ordersOf,
  peerOf,
  transferOf,
} from './folding.ts';

/** One event of each kind; the compiler refuses this table while one is missing. */
const EVENTS: { readonly [Kind in Event['kind']]: Extract<Event, { kind: Kind }> } = {
  meChanged: { kind: 'meChanged', me: { fingerprint: ME, name: 'Sara', addresses: ['10.0.0.1:5000'] } },
  registryChanged: { kind: 'registryChanged', registry: { kind: 'joining', url: 'http://h' } },
  peerChanged: { kind: 'peerChanged', peer: peerOf(ALI) },
  peerGone: { kind: 'peerGone', fingerprint: ALI },
  peersChanged: { kind: 'peersChanged', peers: [peerOf(ALI, { presence: 'away' })], gone: [] },
  messageAdded: { kind: 'messageAdded', message: messageOf(3) },
  messageChanged: { kind: 'messageChanged', message: messageOf(2, ALI, 'edited') },
  sharedChanged: {
    kind: 'sharedChanged',
    items: [{ ...itemOf('i'), path: '/tmp/a.txt', with: 'accepted' }],
  },
  sharedByChanged: { kind: 'sharedByChanged', peer: ALI, items: [itemOf('j')] },
  transferChanged: { kind: 'transferChanged', transfer: transferOf('t') },
  historyLoaded: {
    kind: 'historyLoaded',
    history: { peer: ALI, messages: [messageOf(1)], transfers: [], hasEarlier: true },
  },
};

describe('the state that windows show', () => {
  it('takes over who I am', () => {
    assert.deepEqual(fold([EVENTS.meChanged]).me, EVENTS.meChanged.me);
  });

  it('takes over how it stands with the registry, whatever that is', () => {
    const url = 'http://h';
    const away = failure('registryUnreachable', { url });
    const states: RegistryState[] = [
      { kind: 'joining', url },
      { kind: 'joined', url, at: 5 },
      { kind: 'failing', url, failure: away, since: 5, nextTryAt: 6 },
      { kind: 'refused', url, failure: failure('nameTaken', { name: 'Sara' }) },
      { kind: 'off' },
    ];
    for (const registry of states) {
      assert.deepEqual(fold([{ kind: 'registryChanged', registry }]).registry, registry);
    }
  });

  it('has each person as told last', () => {
    const state = fold([
      { kind: 'peerChanged', peer: peerOf(ALI, { unread: 1, path: 'lan' }) },
      { kind: 'peerChanged', peer: peerOf(BABAK) },
      { kind: 'peerChanged', peer: peerOf(ALI, { unread: 2 }) },
    ]);
    assert.deepEqual(state.peers, { [ALI]: peerOf(ALI, { unread: 2 }), [BABAK]: peerOf(BABAK) });
  });

  it('forgets a person who is gone, with the conversation, and nobody else', () => {
    const state = fold([
      EVENTS.peerChanged,
      { kind: 'peerChanged', peer: peerOf(BABAK) },
      historyOf([1]),
      EVENTS.peerGone,
    ]);
    assert.deepEqual([Object.keys(state.peers), state.conversations], [[BABAK], {}]);
    assert.deepEqual(fold([EVENTS.peerGone]), EMPTY);
  });

  it('takes news of many people as it takes those of each', () => {
    const before = fold([EVENTS.peerChanged, { kind: 'peerChanged', peer: peerOf(BABAK) }, historyOf([1])]);
    const babak = peerOf(BABAK, { presence: 'away' });
    const together = fold([{ kind: 'peersChanged', peers: [babak], gone: [ALI] }], before);
    assert.deepEqual(together, fold([{ kind: 'peerChanged', peer: babak }, EVENTS.peerGone], before));
  });

  it('lets transfers go with the messages that spoke of them, however far somebody scrolls', () => {
    const pages = Array.from({ length: 10 }, (_, page) => {
      const orders = Array.from({ length: 300 }, (_, i) => 10_000 - page * 300 - i).reverse();
      const messages = orders.map((order) => ({
        ...messageOf(order),
        body: { kind: 'transfer', transferId: `of ${order}` } as const,
      }));
      const transfers = orders.map((order) => transferOf(`of ${order}`, { kind: 'rejected' }));
      return historyOf([], { messages, transfers, hasEarlier: true });
    });
    const state = fold(pages);
    const { messages } = state.conversations[ALI] ?? { messages: [] };
    assert.equal(messages.length, MAX_LOADED_MESSAGES);
    assert.equal(Object.keys(state.transfers).length, MAX_LOADED_MESSAGES);
    assert.ok(messages.every(({ body }) => body.kind === 'transfer' && body.transferId in state.transfers));
  });

  it('keeps a bounded number of transfers that are over, the newest and those that are spoken of', () => {
    const over = Array.from({ length: 300 }, (_, i) => transferOf(`over ${i}`, { kind: 'rejected' }));
    const spokenOf = { ...messageOf(1), body: { kind: 'transfer', transferId: 'over 0' } as const };
    const changed = [transferOf('open'), ...over].map(
      (transfer): Event => ({ kind: 'transferChanged', transfer }),
    );
    const state = fold([historyOf([], { messages: [spokenOf] }), ...changed]);
    const kept = Object.keys(state.transfers);
    assert.equal(kept.length, 201);
    assert.deepEqual([kept[0], kept[1], kept.at(-1)], ['open', 'over 0', 'over 299']);
  });

  it('has each transfer as told last', () => {
    const done = transferOf('t', { kind: 'done', at: 5, sha256: '0'.repeat(64) });
    const state = fold([EVENTS.transferChanged, { kind: 'transferChanged', transfer: done }]);
    assert.deepEqual(state.transfers, { t: done });
  });

  it('leaves messages of conversations that are not loaded to the store', () => {
    assert.deepEqual(fold([added(messageOf(1))]), EMPTY);
  });

  it('adds a message to a loaded conversation, in its place, once', () => {
    const loaded = fold([historyOf([1, 2], { hasEarlier: true })]);
    const state = fold([added(messageOf(4)), added(messageOf(3)), added(messageOf(4))], loaded);
    assert.deepEqual(ordersOf(state), [1, 2, 3, 4]);
    assert.equal(state.conversations[ALI]?.hasEarlier, true);
  });

  it('has a message as told last', () => {
    const renumbered = { ...messageOf(2), number: 12 };
    const state = fold([historyOf([1, 2, 3]), added(renumbered)]);
    assert.deepEqual(state.conversations[ALI]?.messages[1], renumbered);
    assert.deepEqual(ordersOf(state), [1, 2, 3]);
  });

  it('keeps an empty conversation, so that its first message shows', () => {
    assert.deepEqual(ordersOf(fold([historyOf([]), added(messageOf(1))])), [1]);
  });

  it('puts earlier pages before what is there', () => {
    const state = fold([
      historyOf([5, 6], { hasEarlier: true }),
      added(messageOf(7)),
      historyOf([3, 4], { hasEarlier: true }),
      historyOf([1, 2]),
    ]);
    assert.deepEqual(ordersOf(state), [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(state.conversations[ALI]?.hasEarlier, false);
  });

  it('has a changed message in its place, and leaves one that is not loaded to the store', () => {
    const edited = { ...messageOf(2, ALI, 'edited'), editedAt: 5 };
    const state = fold([historyOf([1, 2, 3]), { kind: 'messageChanged', message: edited }]);
    assert.deepEqual(state.conversations[ALI]?.messages, [messageOf(1), edited, messageOf(3)]);
    const stranger: Event = { kind: 'messageChanged', message: messageOf(9) };
    assert.deepEqual(fold([stranger], state), state);
  });

  it('quotes a changed message as it is now in every answer, whether it is loaded or not', () => {
    const quote = (excerpt: string) => ({ id: 'id 1', order: 1, from: 'peer' as const, excerpt });
    const answer = (order: number, excerpt: string) => ({ ...messageOf(order), replyTo: quote(excerpt) });
    const other = { ...messageOf(4), replyTo: { id: 'id 9', excerpt: '' } };
    const before = fold([historyOf([], { messages: [answer(2, 'message 1'), messageOf(3), other] })]);
    const changed = (message: Message, more: Partial<Message> = {}) =>
      fold([{ kind: 'messageChanged', message: { ...message, ...more } }], before).conversations[ALI];
    assert.deepEqual(changed(messageOf(1, ALI, 'x'.repeat(900)))?.messages, [
      answer(2, 'x'.repeat(200)),
      messageOf(3),
      other,
    ]);
    assert.deepEqual(changed(messageOf(1), { body: { kind: 'deleted' } })?.messages[0], answer(2, ''));
    const reacted = changed(messageOf(1), { reactions: [{ emoji: '👍', from: 'me' }] });
    assert.equal(reacted?.messages[0], before.conversations[ALI]?.messages[0]);
    const file = changed(messageOf(1), { body: { kind: 'transfer', transferId: 't' } });
    assert.equal(file?.messages[0], before.conversations[ALI]?.messages[0]);
  });

  it('jumps to a stretch apart from what was loaded, and grows towards the newest from there', () => {
    const jumped = fold([
      historyOf([900, 901]),
      historyOf([5, 6], { hasEarlier: true, hasLater: true, place: 'apart' }),
    ]);
    assert.deepEqual([ordersOf(jumped), jumped.conversations[ALI]?.hasLater], [[5, 6], true]);
    const later = fold(
      [historyOf([7, 8], { hasEarlier: true, hasLater: false, place: 'joinedLater' })],
      jumped,
    );
    assert.deepEqual(ordersOf(later), [5, 6, 7, 8]);
    assert.deepEqual(
      [later.conversations[ALI]?.hasEarlier, later.conversations[ALI]?.hasLater],
      [true, false],
    );
  });

  it('takes in no new message behind a gap', () => {
    const jumped = fold([historyOf([5, 6], { hasLater: true, place: 'apart' })]);
    assert.deepEqual(fold([added(messageOf(900))], jumped), jumped);
  });

  it('holds a bounded stretch, and lets the far end go', () => {
    const orders = (from: number) => Array.from({ length: 1_000 }, (_, i) => from + i);
    const newest = fold([historyOf(orders(2_001), { hasEarlier: true })]);
    const earlier = fold([historyOf(orders(1_001), { hasEarlier: true })], newest).conversations[ALI];
    assert.deepEqual([earlier?.messages[0]?.order, earlier?.messages.length], [1_001, MAX_LOADED_MESSAGES]);
    assert.equal(earlier?.hasLater, true);
    const back = historyOf(orders(2_501), { hasEarlier: true, place: 'joinedLater' });
    const later = fold([historyOf(orders(1_001), { hasEarlier: true }), back], newest).conversations[ALI];
    assert.deepEqual([later?.messages.at(-1)?.order, later?.messages.length], [3_500, MAX_LOADED_MESSAGES]);
    assert.deepEqual([later?.hasEarlier, later?.hasLater], [true, false]);
  });

  it('lets the oldest messages go when very many come one by one', () => {
    const many = Array.from({ length: 2 * MAX_LOADED_MESSAGES + 1 }, (_, i) => added(messageOf(i + 1)));
    const conversation = fold([historyOf([]), ...many]).conversations[ALI];
    assert.deepEqual([conversation?.messages.length, conversation?.hasEarlier], [MAX_LOADED_MESSAGES, true]);
    assert.equal(conversation?.messages.at(-1)?.order, 2 * MAX_LOADED_MESSAGES + 1);
  });

  it('knows what each person shares while they do', () => {
    const shared = fold([EVENTS.sharedChanged, EVENTS.sharedByChanged]);
    assert.deepEqual(shared.shared, EVENTS.sharedChanged.items);
    assert.deepEqual(shared.sharedBy, { [ALI]: EVENTS.sharedByChanged.items });
    assert.deepEqual(fold([{ kind: 'sharedByChanged', peer: ALI, items: [] }], shared).sharedBy, {});
    assert.deepEqual(fold([EVENTS.peerGone], shared).sharedBy, {});
  });

  it('believes the stream more than an older page about a transfer', () => {
    const done = transferOf('t', { kind: 'rejected' });
    const page = historyOf([1], { transfers: [transferOf('t'), transferOf('u')] });
    const state = fold([{ kind: 'transferChanged', transfer: done }, page]);
    assert.deepEqual(state.transfers, { t: done, u: transferOf('u') });
  });

  it('has the messages of any order of events sorted, each once', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const order = () => Math.floor(random() * 30);
      const orders = Array.from({ length: 40 }, order);
      const events = orders.map((n) => (n % 3 === 0 ? historyOf([n, n + 1]) : added(messageOf(n))));
      const expected = orders.flatMap((n) => (n % 3 === 0 ? [n, n + 1] : [n]));
      const state = fold([historyOf([]), ...events]);
      assert.deepEqual(
        ordersOf(state),
        [...new Set(expected)].sort((a, b) => a - b),
        `seed ${seed}`,
      );
    }
  });

  for (const event of Object.values(EVENTS)) {
    it(`is the same when ${event.kind} is folded twice, or has crossed a process`, () => {
      const before = fold([
        historyOf([1, 2]),
        EVENTS.transferChanged,
        { kind: 'peerChanged', peer: peerOf(BABAK) },
      ]);
      const once = fold([event], before);
      assert.deepEqual(fold([event], once), once);
      assert.deepEqual(fold([JSON.parse(JSON.stringify(event)) as Event], before), once);
      assert.deepEqual(JSON.parse(JSON.stringify(once)), once);
    });

    it(`keeps its revision and what ${event.kind} does not speak of`, () => {
      const before = fold([historyOf([1], { peer: BABAK }), { kind: 'peerChanged', peer: peerOf(BABAK) }]);
      const after = fold([event], before);
      assert.equal(after.revision, EMPTY.revision);
      assert.equal(after.conversations[BABAK], before.conversations[BABAK]);
      assert.equal(after.peers[BABAK], before.peers[BABAK]);
    });
  }
});

describe('the part of the state for one panel', () => {
  const whole = fold([
    EVENTS.peerChanged,
    { kind: 'peerChanged', peer: peerOf(BABAK) },
    historyOf([1]),
    historyOf([2], { peer: BABAK }),
    EVENTS.transferChanged,
    { kind: 'transferChanged', transfer: transferOf('u', { kind: 'offered' }, BABAK) },
  ]);

  it('has one person, with the conversation and transfers', () => {
    const part = stateFor(whole, ALI);
    assert.deepEqual(Object.keys(part.peers), [ALI]);
    assert.deepEqual(Object.keys(part.conversations), [ALI]);
    assert.deepEqual(Object.keys(part.transfers), ['t']);
    assert.deepEqual([part.me, part.registry, part.revision], [whole.me, whole.registry, whole.revision]);
  });

  it('is empty for somebody who is not known', () => {
    const part = stateFor(whole, ME);
    assert.deepEqual([part.peers, part.conversations, part.transfers], [{}, {}, {}]);
  });

  it('stays right when it hears only of what concerns it', () => {
    const events: Event[] = [
      ...Object.values(EVENTS).filter(({ kind }) => kind !== 'peerGone'),
      { kind: 'peerChanged', peer: peerOf(BABAK, { unread: 5 }) },
      { kind: 'transferChanged', transfer: transferOf('v', { kind: 'offered' }, BABAK) },
      added(messageOf(9, BABAK)),
      added(messageOf(9)),
      { kind: 'peerGone', fingerprint: BABAK },
    ];
    const heard = events.filter((event) => concerns(event, ALI));
    assert.equal(heard.length, 9);
    assert.deepEqual(fold(heard, stateFor(whole, ALI)), stateFor(fold(events, whole), ALI));
  });
});

describe('the transfers that are still going on with somebody', () => {
  it('are those that nothing has ended', () => {
    const ended: TransferState[] = [
      { kind: 'done', at: 1, sha256: '0' },
      { kind: 'rejected' },
      { kind: 'cancelled', by: 'peer' },
      { kind: 'failed', failure: failure('transferUnknown', {}) },
    ];
    const goingOn: TransferState[] = [
      { kind: 'offered' },
      { kind: 'waiting' },
      { kind: 'running', bytes: 1, bytesPerSecond: 2, attempt: 1 },
      { kind: 'checking' },
    ];
    const transfers = [...ended, ...goingOn].map((state, i) => transferOf(`t${i}`, state));
    const others = [transferOf('other', { kind: 'offered' }, BABAK)];
    const state = fold([...transfers, ...others].map((transfer) => ({ kind: 'transferChanged', transfer })));
    const kinds = runningTransfers(state, ALI).map((transfer) => transfer.state);
    assert.deepEqual(kinds, goingOn);
  });
});
