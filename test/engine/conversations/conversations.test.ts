// The numbered entries between store, links and windows.

import assert from 'node:assert/strict';
import { FailureError, fail } from '../../../src/contract/failure.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { MAX_TEXT_LENGTH } from '../../../src/contract/message.ts';
import type { Event } from '../../../src/contract/state.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { StoredEntry } from '../../../src/engine/store/entryRow.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import type { Entry } from '../../../src/wire/linkFrames.ts';
import { newPublished } from '../../support/newPublished.ts';
import { ALI, BABAK, cancel, offer, StoreFile, said, text, theirs } from '../store/support.ts';

describe('conversations', () => {
  let file: StoreFile;
  let store: Store;
  let people: People;
  let shown: ShownMessages;
  let conversations: Conversations;
  let events: Event[];
  let told: string[];
  let hurry: string[];
  /** How many events windows had had, each time that my entries grew. */
  let shownWhenGrown: number[];
  let onGrown: (upTo: number, peer: Fingerprint) => void;
  let onEntry: (entry: StoredEntry) => (() => void) | undefined;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    const published = newPublished();
    const clock = { now: () => 5_000 };
    people = new People(store, published, clock);
    people.learn(ALI, { standing: 'accepted' });
    shown = new ShownMessages(store, published);
    conversations = new Conversations(store, people, published, shown, clock);
    told = [];
    hurry = [];
    shownWhenGrown = [];
    onGrown = () => undefined;
    onEntry = () => undefined;
    conversations.connect(
      { onEntry: (entry) => onEntry(entry), cancel() {}, forget() {} },
      {
        grown: (peer, upTo) => {
          told.push(`grown ${upTo}, stored ${store.entries.marks(ALI).lastMine}`);
          shownWhenGrown.push(events.length);
          onGrown(upTo, peer);
        },
        shown: (_, upTo) => told.push(`shown ${upTo}`),
        heard: () => told.push('heard'),
        hurrying: () => hurry.push(`hurrying, stored ${storedNow()}`),
        settled: () => hurry.push(`settled, stored ${storedNow()}`),
      },
    );
    events = [];
    published.onDidPublish(({ event }) => events.push(event));
  });
  afterEach(() => file.remove());

  const storedNow = () => {
    const { lastMine, received } = store.entries.marks(ALI);
    return `${lastMine} and ${received}`;
  };

  const kinds = () => events.map(({ kind }) => kind);
  const texts = () =>
    events.flatMap((event) =>
      event.kind === 'messageAdded' && event.message.body.kind === 'text' ? [event.message.body.text] : [],
    );

  /** How far theirs are stored then, as it is told before windows hear of anything. */
  const takes = (entries: readonly Entry[]) => {
    const before = events.length;
    let stored: number | undefined;
    conversations.take(ALI, entries, (upTo) => {
      assert.equal(events.length, before);
      stored = upTo;
    });
    return stored;
  };

  it('store what I say before it goes anywhere', async () => {
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual(told, ['grown 1, stored 1']);
    assert.deepEqual(kinds(), ['messageAdded', 'peerChanged']);
  });

  it('let a message go out before windows hear of it', async () => {
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual(shownWhenGrown, [0]);
  });

  it('let a message go out while the disk is waited for, and say that it is stored after that', async () => {
    const order: string[] = [];
    onGrown = () => order.push('goes out');
    store.sync = () => order.push(`on the disk, windows know ${events.length}`) > 0;
    const { number } = await conversations.sendText(ALI, 'hello');
    assert.deepEqual(order, ['goes out', 'on the disk, windows know 0']);
    assert.deepEqual([number, kinds()], [1, ['messageAdded', 'peerChanged']]);
  });

  it('answer nobody when the disk has lost what they said, be it one message or several', async () => {
    let syncs = 0;
    store.sync = () => ++syncs < 0;
    const answers: unknown[] = [];
    for (const words of ['one', 'two', 'three', 'four'])
      conversations.sendText(ALI, words).then(answers.push, answers.push);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    assert.deepEqual([syncs, answers, events], [2, [], []]);
    assert.deepEqual(told, ['grown 1, stored 1', 'grown 4, stored 4']);
  });

  it('wait for the disk again when a message is sent that is here already', async () => {
    const { id } = await conversations.sendText(ALI, 'hello');
    let syncs = 0;
    store.sync = () => ++syncs > 0;
    await conversations.sendText(ALI, 'hello', undefined, id);
    assert.deepEqual([syncs, kinds()], [1, ['messageAdded', 'peerChanged']]);
  });

  it('hand to a link what was stored just now as it is in the store', async () => {
    await conversations.sendText(ALI, 'before');
    const handed: Entry[][] = [];
    onGrown = (upTo) => {
      handed.push(conversations.mineAfter(ALI, upTo - 1, 64), conversations.mineAfter(ALI, 0, 64));
      handed.push(conversations.mineAfter(ALI, 0, 1), conversations.mineAfter(ALI, upTo, 64));
    };
    await conversations.sendText(ALI, 'hello');
    const wire = (entries: readonly Entry[]) =>
      entries.map(({ number, id, at, body }) => ({ number, id, at, body }));
    const [first, second] = wire(store.entries.mineAfter(ALI, 0, 64));
    assert.deepEqual(handed.map(wire), [[second], [first, second], [first], []]);
  });

  it('hand to a link what the store has where more was stored meanwhile', async () => {
    const bodies: string[][] = [];
    onGrown = (upTo) => {
      if (upTo === 1) conversations.write(ALI, text('at once'));
      bodies.push(conversations.mineAfter(ALI, 0, 64).map(({ body }) => body.kind));
    };
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual(bodies, [
      ['text', 'text'],
      ['text', 'text'],
    ]);
  });

  it('hand to each person what was said to them, though it was stored together', async () => {
    people.learn(BABAK, { standing: 'accepted' });
    for (const peer of [ALI, BABAK, BABAK]) await conversations.sendText(peer, 'before');
    // What comes after a pause goes alone, and the next two, which have the same number, together.
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
    const handed: unknown[] = [];
    onGrown = (upTo, peer) =>
      handed.push(conversations.mineAfter(peer, upTo - 1, 64).map(({ body }) => body));
    shownWhenGrown = [];
    const all = [[ALI, 'alone'] as const, [ALI, 'for Ali'] as const, [BABAK, 'for Babak'] as const];
    await Promise.all(all.map(([peer, words]) => conversations.sendText(peer, words)));
    assert.deepEqual(handed, [[text('alone')], [text('for Ali')], [text('for Babak')]]);
    assert.equal(shownWhenGrown[1], shownWhenGrown[2]);
  });

  it('keep what is said in a moment before what is written right after it', async () => {
    const saying = ['one', 'two'].map((words) => conversations.sendText(ALI, words));
    conversations.write(ALI, offer('0'.repeat(32)));
    await Promise.all(saying);
    const bodies = conversations.mineAfter(ALI, 0, 64).map(({ body }) => body);
    assert.deepEqual(bodies, [text('one'), text('two'), offer('0'.repeat(32))]);
  });

  it('take a text of the greatest length, and none that is longer', async () => {
    await conversations.sendText(ALI, 'x'.repeat(MAX_TEXT_LENGTH));
    const longer = conversations.sendText(ALI, 'x'.repeat(MAX_TEXT_LENGTH + 1));
    await assert.rejects(
      longer,
      fail('textTooLong', { length: MAX_TEXT_LENGTH + 1, limit: MAX_TEXT_LENGTH }),
    );
  });

  it('mend a text that is no Unicode, so that every side has the same', async () => {
    const { body } = await conversations.sendText(ALI, 'half \ud83d');
    assert.deepEqual(body, { kind: 'text', text: 'half \ufffd' });
  });

  it('say nothing to somebody who is not accepted', async () => {
    const stranger = fail('notAccepted', { name: people.nameOf(BABAK) });
    await assert.rejects(conversations.sendText(BABAK, 'x'), stranger);
    assert.throws(() => conversations.write(BABAK, offer('0'.repeat(32))), stranger);
    assert.deepEqual([told, events], [[], []]);
    people.learn(BABAK, { standing: 'blocked' });
    const blocked = fail('peerBlocked', { name: people.nameOf(BABAK) });
    await assert.rejects(conversations.sendText(BABAK, 'x'), blocked);
  });

  it('take what came together at once, each message shown and the person once', () => {
    assert.equal(takes([theirs(1), theirs(2), theirs(3)]), 3);
    assert.deepEqual(kinds(), ['messageAdded', 'messageAdded', 'messageAdded', 'peerChanged']);
  });

  it('wait for the disk once before they say that what came together is stored', () => {
    const order: string[] = [];
    store.sync = () => order.push(`on the disk, stored ${storedNow()}`) > 0;
    conversations.take(ALI, [theirs(1), theirs(2)], (upTo) => order.push(`said ${upTo}`));
    assert.deepEqual(order, ['on the disk, stored 0 and 2', 'said 2']);
  });

  it('say and show nothing of theirs when the disk has lost it', () => {
    store.sync = () => false;
    conversations.take(ALI, [theirs(1)], (upTo) => told.push(`said ${upTo}`));
    assert.deepEqual([told, events], [[], []]);
  });

  it('hear of a message, though something else came with it', () => {
    takes([theirs(1), theirs(2, cancel('0'.repeat(32)))]);
    assert.deepEqual(told, ['heard']);
  });

  it('take a number once, whatever link it comes over', () => {
    takes([theirs(1), theirs(2)]);
    events.length = 0;
    assert.equal(takes([theirs(1), theirs(2)]), 2);
    assert.deepEqual(events, []);
  });

  it('show no control entries, and let them have their effect after they are stored', () => {
    onEntry = () => () => told.push(`stored ${store.entries.marks(ALI).received}`);
    takes([theirs(1, { kind: 'cancel', transferId: '0'.repeat(32) })]);
    assert.deepEqual(told, ['stored 1']);
    assert.equal(kinds().includes('messageAdded'), false);
  });

  it('store and show nothing of what came together when the disk takes part of it only', () => {
    let room = 1;
    onEntry = () => {
      if (room-- === 0) throw fail('diskFull', { path: 'x' });
      return () => told.push('effect');
    };
    assert.throws(() => takes([theirs(1), theirs(2, offer('0'.repeat(32)))]), FailureError);
    assert.deepEqual([store.entries.marks(ALI).received, events, told], [0, [], []]);
  });

  it('hurry from before a message of mine is stored until it is there', async () => {
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual(hurry, ['hurrying, stored 0 and 0']);
    conversations.delivered(ALI, 1);
    assert.deepEqual(hurry.slice(1), ['settled, stored 1 and 0']);
  });

  it('hurry from before a message of theirs is stored until they are told so', () => {
    conversations.take(ALI, [theirs(1)], (upTo) => hurry.push(`told ${upTo}`));
    assert.deepEqual(hurry, ['hurrying, stored 0 and 0', 'told 1', 'settled, stored 0 and 1']);
  });

  it('tell the links once what my person has seen', () => {
    takes([theirs(1), theirs(2)]);
    events.length = 0;
    conversations.markRead(ALI, 2);
    conversations.markRead(ALI, 1);
    conversations.markRead(ALI, 9);
    assert.deepEqual(told, ['heard', 'shown 2']);
    assert.deepEqual(kinds(), ['peerChanged'], 'nothing is unread any more');
  });

  it('show how far mine have got at the other side, whenever that is news', async () => {
    for (const words of ['one', 'two']) await conversations.sendText(ALI, words);
    events.length = 0;
    conversations.delivered(ALI, 2);
    conversations.delivered(ALI, 1);
    conversations.readByPeer(ALI, 1);
    conversations.readByPeer(ALI, 1);
    const shownOnes = events.map((event) => {
      assert.ok(event.kind === 'peerChanged');
      const { delivered, read } = event.peer.receipts;
      return [delivered, read];
    });
    assert.deepEqual(shownOnes, [
      [2, 0],
      [2, 1],
    ]);
    assert.equal(hurry.at(-1), 'settled, stored 2 and 0');
  });

  it('change nothing of mine with somebody who is blocked, though it never went anywhere', async () => {
    const { id } = await conversations.sendText(ALI, 'hello');
    people.learn(ALI, { standing: 'blocked' });
    const isRefused = (error: unknown) =>
      error instanceof FailureError && error.failure.code === 'peerBlocked';
    assert.throws(() => conversations.edit(ALI, id, 'hello'), isRefused);
    assert.throws(() => conversations.delete(ALI, id), isRefused);
    assert.throws(() => conversations.react(ALI, id, '👍', false), isRefused);
    assert.deepEqual(store.messages.get(ALI, id)?.body, text('hello'));
  });

  it('tell nobody what my person reads of somebody who is blocked', () => {
    takes([theirs(1)]);
    people.learn(ALI, { standing: 'blocked' });
    conversations.markRead(ALI, 1);
    assert.deepEqual([told, store.entries.marks(ALI).readByMe], [['heard'], 0]);
  });

  it('tell the new numbers of what waits when the peer knows more than this store', async () => {
    for (const words of ['one', 'two', 'three']) await conversations.sendText(ALI, words);
    conversations.delivered(ALI, 1);
    events.length = 0;
    conversations.skipTo(ALI, 10);
    assert.deepEqual(texts(), ['two', 'three']);
    const numbers = events.flatMap((event) => (event.kind === 'messageAdded' ? [event.message.number] : []));
    assert.deepEqual([numbers, kinds().at(-1)], [[11, 12], 'peerChanged']);
    assert.deepEqual(
      conversations.mineAfter(ALI, 10, 9).map(({ body }) => body),
      [text('two'), text('three')],
    );
  });

  it('say whether the peer knows more than this store, as no link with them counts right then', async () => {
    await conversations.sendText(ALI, 'one');
    assert.deepEqual([conversations.skipTo(ALI, 0), conversations.skipTo(ALI, 3)], [false, true]);
    assert.deepEqual([conversations.skipTo(ALI, 3), store.entries.marks(ALI).lastMine], [false, 4]);
  });

  it('tell the new numbers of all that waits, however much it is', () => {
    store.transaction(() => {
      for (let i = 1; i <= 1_001; i++) store.entries.appendMine(ALI, said(text(`${i}`), i));
    });
    conversations.skipTo(ALI, 5_000);
    assert.deepEqual([texts().length, new Set(texts()).size, texts().at(-1)], [1_001, 1_001, '1001']);
  });

  it('let a peer forget a message, too, that may have gone to them under another number', async () => {
    const { id } = await conversations.sendText(ALI, 'secret');
    conversations.mineAfter(ALI, 0, 64);
    conversations.skipTo(ALI, 40);
    conversations.delete(ALI, id);
    const bodies = conversations.mineAfter(ALI, 40, 64).map(({ body }) => body.kind);
    assert.deepEqual(bodies, ['withdrawn', 'delete']);
  });
});
