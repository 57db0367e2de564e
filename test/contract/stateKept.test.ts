// What an event does not speak of: the fold leaves it as it was, to what is known of a loaded conversation.

import assert from 'node:assert/strict';
import {
  applyEvent,
  concerns,
  type Event,
  MAX_LOADED_MESSAGES,
  runningTransfers,
  type State,
  withChanged,
} from '../../src/contract/state.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
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

const ends = (state: State) => {
  const { hasEarlier, hasLater } = state.conversations[ALI] ?? {};
  return { hasEarlier, hasLater };
};
const ordersFrom = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const told = (transfer: Transfer): Event => ({ kind: 'transferChanged', transfer });
/** What an engine of a later build may say. */
const UNKNOWN = { kind: 'moonRose', at: 5 } as unknown as Event;

describe('what an event does not speak of', () => {
  it('is what others share, as one person shares something else, or nothing any more', () => {
    const both = fold([
      { kind: 'sharedByChanged', peer: ALI, items: [itemOf('a')] },
      { kind: 'sharedByChanged', peer: BABAK, items: [itemOf('b')] },
    ]);
    assert.deepEqual(both.sharedBy, { [ALI]: [itemOf('a')], [BABAK]: [itemOf('b')] });
    const left = fold([{ kind: 'sharedByChanged', peer: ALI, items: [] }], both);
    assert.deepEqual(left.sharedBy, { [BABAK]: [itemOf('b')] });
  });

  it('is the conversation of whoever stays, as several go of whom not all had one open', () => {
    const open = fold([historyOf([1]), historyOf([2], { peer: BABAK })]);
    const left = fold([{ kind: 'peersChanged', peers: [], gone: [ALI, ME] }], open);
    assert.deepEqual(left.conversations, { [BABAK]: open.conversations[BABAK] });
  });

  it('is whether a conversation goes on at its ends, as one of its messages changes', () => {
    const open = fold([historyOf([5, 6], { hasEarlier: true, hasLater: true, place: 'apart' })]);
    const changed = fold([{ kind: 'messageChanged', message: messageOf(5, ALI, 'edited') }], open);
    assert.deepEqual(ends(changed), { hasEarlier: true, hasLater: true });
  });

  it('is that nothing came before, as messages come one by one', () => {
    const open = fold([historyOf(ordersFrom(1, MAX_LOADED_MESSAGES))]);
    const more = fold([added(messageOf(MAX_LOADED_MESSAGES + 1))], open);
    assert.deepEqual(ends(more), { hasEarlier: false, hasLater: false });
    assert.equal(ordersOf(more)?.length, MAX_LOADED_MESSAGES + 1);
  });

  it('is the later end of a stretch, as earlier messages are put before it', () => {
    const open = fold([historyOf([5, 6], { hasEarlier: true, hasLater: true, place: 'apart' })]);
    assert.deepEqual(ends(fold([historyOf([3, 4])], open)), { hasEarlier: false, hasLater: true });
    const whole = fold([historyOf(ordersFrom(501, 1_000), { hasEarlier: true })]);
    const full = fold([historyOf(ordersFrom(1, MAX_LOADED_MESSAGES - 1_000))], whole);
    assert.deepEqual(ends(full), { hasEarlier: false, hasLater: false }, 'all of it has room');
  });

  it('is the earlier end of a stretch, as its latest messages are let go', () => {
    const open = fold([historyOf(ordersFrom(1_001, 1_000), { hasEarlier: true })]);
    const earlier = fold([historyOf(ordersFrom(1, 1_000))], open);
    assert.deepEqual(ends(earlier), { hasEarlier: false, hasLater: true });
  });

  it('is a list of messages without the one that changed: it is the same one', () => {
    const messages = [messageOf(1), messageOf(2)];
    assert.equal(withChanged(messages, messageOf(3)), messages);
    assert.deepEqual(withChanged([messageOf(1)], messageOf(1, ALI, 'edited')), [messageOf(1, ALI, 'edited')]);
    const open = fold([historyOf([1])]);
    assert.equal(fold([{ kind: 'messageChanged', message: messageOf(3) }], open), open);
  });

  it('is the order of transfers, as an older page speaks of one of them', () => {
    const running = fold([told(transferOf('first')), told(transferOf('second'))]);
    const state = fold([historyOf([1], { transfers: [transferOf('second')] })], running);
    assert.deepEqual(
      runningTransfers(state, ALI).map(({ id }) => id),
      ['first', 'second'],
    );
  });

  it('is everything, where a later build says what this one does not know', () => {
    const state = fold([historyOf([1]), { kind: 'peerChanged', peer: peerOf(ALI) }]);
    assert.equal(applyEvent(state, UNKNOWN), state);
    assert.equal(concerns(UNKNOWN, ALI), false);
  });
});

describe('a transfer that has ended just now', () => {
  it('is there, however many that began later are over', () => {
    const over = Array.from({ length: 300 }, (_, i) => told(transferOf(`over ${i}`, { kind: 'rejected' })));
    const ended = transferOf('long', { kind: 'cancelled', by: 'me' });
    const state = fold([told(transferOf('long')), ...over, told(ended)]);
    assert.deepEqual(state.transfers.long, ended);
  });
});

describe('the panel of one person', () => {
  it('hears that they have gone, alone or with others, and not that somebody else has', () => {
    const alone = (fingerprint: typeof ALI): Event => ({ kind: 'peerGone', fingerprint });
    const together = (gone: readonly (typeof ALI)[], peers = [peerOf(ME)]): Event => ({
      kind: 'peersChanged',
      ...{ peers, gone },
    });
    const events = [
      ...[alone(ALI), together([BABAK, ALI]), together([], [peerOf(BABAK), peerOf(ALI)])],
      ...[alone(BABAK), together([BABAK])],
    ];
    assert.deepEqual(
      events.map((event) => concerns(event, ALI)),
      [true, true, true, false, false],
    );
    assert.deepEqual(fold([together([ALI], [])], fold([historyOf([1])])).conversations, EMPTY.conversations);
  });
});
