// What was said and is changed later: edits, deletions, reactions, answers; mine and theirs.

import assert from 'node:assert/strict';
import { type FailureCode, FailureError } from '../../../src/contract/failure.ts';
import { MAX_EXCERPT_LENGTH, MAX_REACTIONS, type Message } from '../../../src/contract/message.ts';
import { applyEvent, type Event } from '../../../src/contract/state.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { StoredEntry } from '../../../src/engine/store/entryRow.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import type { EntryBody } from '../../../src/wire/linkFrames.ts';
import { newPublished } from '../../support/newPublished.ts';
import { QUIET_OUTLET } from '../../support/quietOutlet.ts';
import { ALI, fingerprintOf, id, offer, StoreFile, text, theirs } from '../store/support.ts';

const FACES = ['😀', '😁', '😂', '😃', '😄', '😅', '😆', '😇', '😈'];

describe('what was said', () => {
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let shown: ShownMessages;
  let conversations: Conversations;
  let events: Event[];
  let cancelled: string[];
  let forgotten: string[];
  let seen: StoredEntry[];

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    published = newPublished();
    cancelled = [];
    forgotten = [];
    seen = [];
    start();
  });
  afterEach(() => file.remove());

  /** As when the engine starts. */
  function start(): void {
    const clock = { now: () => 5_000 };
    const people = new People(store, published, clock);
    people.learn(ALI, { standing: 'accepted' });
    shown = new ShownMessages(store, published);
    conversations = new Conversations(store, people, published, shown, clock);
    conversations.connect(
      {
        onEntry: (entry) => {
          seen.push(entry);
          return undefined;
        },
        cancel: (transferId) => cancelled.push(transferId),
        forget: (_peer, transferId) => forgotten.push(transferId),
      },
      QUIET_OUTLET,
    );
    events = [];
    published.onDidPublish(({ event }) => events.push(event));
  }

  const hear = (...bodies: readonly EntryBody[]) => {
    const { received } = store.entries.marks(ALI);
    conversations.take(
      ALI,
      bodies.map((body, i) => theirs(received + i + 1, body)),
    );
  };
  /** As when a link takes them. */
  const handOver = () => conversations.mineAfter(ALI, 0, 100).map(({ body }) => body);
  const all = () => shown.history(ALI, { limit: 100 }).messages;
  const texts = () => all().map(({ body }) => (body.kind === 'text' ? body.text : body.kind));
  const changes = (): Message[] =>
    events.flatMap((event) => (event.kind === 'messageChanged' ? [event.message] : []));
  const unread = () => published.state.peers[ALI]?.unread;
  const fails = (code: FailureCode, work: () => unknown) =>
    assert.throws(work, (error) => error instanceof FailureError && error.failure.code === code);

  it('that comes twice under one id, as its window could not know whether it was stored, is there once', async () => {
    const say = () => conversations.sendText(ALI, 'hello', undefined, id(9));
    const [first, again, later] = [...(await Promise.all([say(), say()])), await say()];
    assert.deepEqual([again, later], [first, first]);
    assert.equal(first?.id, id(9));
    assert.deepEqual(texts(), ['hello']);
    assert.equal(store.entries.marks(ALI).lastMine, 1);
  });

  describe('by me', () => {
    it('says what it was edited to, here and to the peer, who hears both in order', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'helo');
      assert.deepEqual(conversations.edit(ALI, mine, 'hello').body, text('hello'));
      assert.deepEqual(texts(), ['hello']);
      assert.deepEqual(handOver(), [text('helo'), { kind: 'edit', entryId: mine, text: 'hello' }]);
      assert.deepEqual(
        changes().map(({ body, editedAt }) => [body, editedAt]),
        [[text('hello'), 5_000]],
      );
    });

    it('is gone from the store once it is deleted, with all that it was edited to', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'secret');
      conversations.edit(ALI, mine, 'topsecret');
      handOver();
      conversations.delete(ALI, mine);
      assert.deepEqual(texts(), ['deleted']);
      const withdrawn = { kind: 'withdrawn' };
      assert.deepEqual(handOver(), [withdrawn, withdrawn, { kind: 'delete', entryId: mine }]);
      assert.deepEqual(changes().at(-1)?.body, { kind: 'deleted' });
    });

    it('is never known to the peer when it was deleted before it went anywhere', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'secret');
      conversations.delete(ALI, mine);
      assert.deepEqual([texts(), handOver()], [['deleted'], [{ kind: 'withdrawn' }]]);
      assert.deepEqual([cancelled, forgotten, published.state.peers[ALI]?.undelivered], [[], [], 0]);
    });

    it('is deleted by an entry of its own when an engine before may have sent it', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'secret');
      start();
      conversations.delete(ALI, mine);
      assert.deepEqual(handOver(), [{ kind: 'withdrawn' }, { kind: 'delete', entryId: mine }]);
    });

    it('waits for nobody any more once it is deleted', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'secret');
      handOver();
      assert.equal(published.state.peers[ALI]?.undelivered, 1);
      conversations.delete(ALI, mine);
      assert.equal(published.state.peers[ALI]?.undelivered, 0);
    });

    it('takes its file back with it', () => {
      conversations.write(ALI, offer(id(7)));
      const [message] = all();
      conversations.delete(ALI, message?.id ?? '');
      assert.deepEqual([cancelled, forgotten, texts()], [[id(7)], [id(7)], ['deleted']]);
    });

    it('is changed once by what is asked twice, as its window could not know whether it was done', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'helo');
      hear(text('theirs'));
      handOver();
      const twice = <T>(ask: () => T): [T, T] => [ask(), ask()];
      const [edited, again] = twice(() => conversations.edit(ALI, mine, 'hello'));
      assert.deepEqual(again, edited);
      twice(() => conversations.react(ALI, mine, '👍', true));
      twice(() => conversations.delete(ALI, mine));
      start();
      conversations.delete(ALI, mine);
      assert.deepEqual(
        handOver().map(({ kind }) => kind),
        ['withdrawn', 'withdrawn', 'react', 'delete'],
      );
      fails('messageUnknown', () => conversations.delete(ALI, id(1)));
    });

    it('stays what it was edited to last where an older edit is asked for again', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'helo');
      conversations.edit(ALI, mine, 'hello');
      assert.deepEqual(conversations.edit(ALI, mine, 'hallo', 4_999).body, text('hello'));
      assert.deepEqual(conversations.edit(ALI, mine, 'hallo', 5_000).body, text('hallo'));
      assert.equal(handOver().length, 3);
    });

    it('is deleted once, and its file taken back once, by what is asked twice', () => {
      conversations.write(ALI, offer(id(7)));
      const [message] = all();
      for (let i = 0; i < 2; i++) conversations.delete(ALI, message?.id ?? '');
      assert.deepEqual([cancelled, forgotten, handOver()], [[id(7)], [id(7)], [{ kind: 'withdrawn' }]]);
    });

    it('cannot be changed by what it may not be', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'hello');
      fails('textEmpty', () => conversations.edit(ALI, mine, ' '));
      fails('messageUnknown', () => conversations.edit(ALI, id(99), 'x'));
      fails('messageUnknown', () => conversations.delete(ALI, id(99)));
      fails('messageUnknown', () => conversations.react(ALI, id(99), '👍', true));
      fails('notAccepted', () => conversations.delete(fingerprintOf('b'), mine));
      conversations.delete(ALI, mine);
      fails('messageUnknown', () => conversations.edit(ALI, mine, 'x'));
      fails('messageUnknown', () => conversations.react(ALI, mine, '👍', true));
      conversations.write(ALI, offer(id(7)));
      fails('messageUnknown', () => conversations.edit(ALI, all().at(-1)?.id ?? '', 'x'));
      hear(text('theirs'));
      fails('messageUnknown', () => conversations.edit(ALI, id(1), 'x'));
      fails('messageUnknown', () => conversations.delete(ALI, id(1)));
    });
  });

  describe('by them', () => {
    it('is edited and deleted by them, and counts as read or unread as before', () => {
      hear(text('one'), text('two'));
      hear({ kind: 'edit', entryId: id(1), text: 'ONE' });
      assert.deepEqual([texts(), unread()], [['ONE', 'two'], 2]);
      hear({ kind: 'delete', entryId: id(1) });
      assert.deepEqual([texts(), unread()], [['deleted', 'two'], 1]);
      assert.deepEqual(
        changes().map(({ body }) => body.kind),
        ['text', 'deleted'],
      );
    });

    it('is shown as it is after all that came with it, once', () => {
      hear(text('one'), { kind: 'edit', entryId: id(1), text: 'two' }, { kind: 'delete', entryId: id(1) });
      const told = events.flatMap((event) =>
        event.kind === 'messageAdded' || event.kind === 'messageChanged'
          ? [[event.kind, event.message.body.kind]]
          : [],
      );
      assert.deepEqual(told, [
        ['messageAdded', 'deleted'],
        ['messageChanged', 'deleted'],
      ]);
    });

    it('is told of once for many reactions, and its answers not at all', () => {
      hear(text('one'), { kind: 'text', text: 'yes', replyTo: id(1) });
      events.length = 0;
      hear(...FACES.map((emoji) => ({ kind: 'react' as const, entryId: id(1), emoji, on: true })));
      assert.deepEqual(
        changes().map((message) => message.id),
        [id(1)],
      );
    });

    it('stays deleted whatever follows', () => {
      hear(text('one'), { kind: 'delete', entryId: id(1) }, { kind: 'edit', entryId: id(1), text: 'again' });
      events.length = 0;
      hear({ kind: 'react', entryId: id(1), emoji: '👍', on: true }, { kind: 'delete', entryId: id(1) });
      assert.deepEqual([texts(), all()[0]?.reactions, changes()], [['deleted'], undefined, []]);
    });

    it('is not changed by what names nothing, or a message of mine', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'mine');
      hear({ kind: 'edit', entryId: mine, text: 'not mine' }, { kind: 'delete', entryId: mine });
      hear({ kind: 'edit', entryId: id(50), text: 'x' }, { kind: 'delete', entryId: id(50) });
      assert.deepEqual([texts(), changes(), store.entries.marks(ALI).received], [['mine'], [], 4]);
    });

    it('is not shown when they took it back before it came', () => {
      hear({ kind: 'withdrawn' }, text('two'));
      assert.deepEqual([texts(), unread()], [['two'], 1]);
    });

    it('is a cancelled file once the offer is deleted', () => {
      hear(offer(id(7)), { kind: 'delete', entryId: id(1) });
      assert.deepEqual(
        seen.map(({ body }) => body),
        [offer(id(7)), { kind: 'cancel', transferId: id(7) }],
      );
      assert.deepEqual(forgotten, [id(7)]);
    });

    it('is nothing under the id of a message of mine: each id is one message', async () => {
      const { id: mine } = await conversations.sendText(ALI, 'I owe you nothing');
      events.length = 0;
      conversations.take(ALI, [{ ...theirs(1, text('I owe you 100')), id: mine }]);
      hear({ kind: 'edit', entryId: mine, text: 'I owe you 200' });
      assert.deepEqual([texts(), unread()], [['I owe you nothing'], 0]);
      assert.equal(
        events.filter(({ kind }) => kind === 'messageAdded' || kind === 'messageChanged').length,
        0,
      );
      conversations.take(ALI, [{ ...theirs(3, offer(id(7))), id: mine }]);
      assert.deepEqual(
        seen.map(({ body }) => body.kind),
        ['withdrawn', 'edit', 'withdrawn'],
      );
      conversations.react(ALI, mine, '👍', true);
      assert.deepEqual(
        all().map(({ from, reactions }) => [from, reactions?.length]),
        [['me', 1]],
      );
    });
  });

  describe('with reactions', () => {
    it('shows those of both in the order in which they came, each once, until they are taken back', () => {
      hear(text('one'), { kind: 'react', entryId: id(1), emoji: '👍', on: true });
      conversations.react(ALI, id(1), '👍', true);
      conversations.react(ALI, id(1), '👍', true);
      conversations.react(ALI, id(1), '❤️', true);
      hear({ kind: 'react', entryId: id(1), emoji: '👍', on: false });
      assert.deepEqual(all()[0]?.reactions, [
        { emoji: '👍', from: 'me' },
        { emoji: '❤️', from: 'me' },
      ]);
      assert.equal(handOver().length, 2);
      assert.equal(unread(), 1);
    });

    it('has each of theirs once, without those that they have taken back', () => {
      const react = (emoji: string, on: boolean) => ({ kind: 'react', entryId: id(1), emoji, on }) as const;
      hear(text('one'), react('👍', true), react('❤️', true));
      events.length = 0;
      hear(react('👍', true), react('🎉', false));
      assert.deepEqual(changes(), []);
      hear(react('👍', false));
      assert.deepEqual(all()[0]?.reactions, [{ emoji: '❤️', from: 'peer' }]);
      hear(react('❤️', false));
      assert.equal(all()[0]?.reactions, undefined);
    });

    it('is the same file as before', () => {
      hear(offer(id(7)), { kind: 'react', entryId: id(1), emoji: '👍', on: true });
      conversations.react(ALI, id(1), '👍', true);
      assert.deepEqual([seen.map(({ body }) => body.kind), forgotten], [['offer', 'react'], []]);
    });

    it('has none that are no emoji, and whatever has no message changes nothing', () => {
      hear(text('one'));
      hear({ kind: 'react', entryId: id(1), emoji: 'no', on: true });
      hear({ kind: 'react', entryId: id(50), emoji: '👍', on: true });
      assert.deepEqual(
        [all()[0]?.reactions, changes(), store.entries.marks(ALI).received],
        [undefined, [], 3],
      );
    });

    it('has a bounded number of each, and only emoji', () => {
      hear(text('one'));
      for (const emoji of FACES.slice(0, MAX_REACTIONS)) conversations.react(ALI, id(1), emoji, true);
      fails('tooManyReactions', () => conversations.react(ALI, id(1), FACES[8] ?? '', true));
      fails('reactionInvalid', () => conversations.react(ALI, id(1), 'ok', true));
      hear(...FACES.map((emoji) => ({ kind: 'react' as const, entryId: id(1), emoji, on: true })));
      hear({ kind: 'react', entryId: id(1), emoji: 'no', on: true });
      assert.equal(all()[0]?.reactions?.length, 2 * MAX_REACTIONS);
    });
  });

  describe('as an answer', () => {
    it('quotes what it answers as that stands now', async () => {
      hear(text('lunch at noon?'));
      const answer = await conversations.sendText(ALI, 'yes', id(1));
      const order = all()[0]?.order;
      assert.deepEqual(answer.replyTo, { id: id(1), order, from: 'peer', excerpt: 'lunch at noon?' });
      hear({ kind: 'edit', entryId: id(1), text: 'lunch at one?' });
      assert.equal(all()[1]?.replyTo?.excerpt, 'lunch at one?');
      hear({ kind: 'delete', entryId: id(1) });
      assert.equal(all()[1]?.replyTo?.excerpt, '');
    });

    it('is shown the same by a window that hears of each change and by one that opens later', async () => {
      const opened = published.state;
      conversations.write(ALI, offer(id(70)));
      const [file] = all();
      hear(text('lunch at noon?'), { kind: 'text', text: 'yes', replyTo: id(1) });
      await conversations.sendText(ALI, 'a file', file?.id);
      const seen = (): readonly Message[] =>
        events.reduce(applyEvent, {
          ...opened,
          conversations: { [ALI]: { messages: [], hasEarlier: false } },
        }).conversations[ALI]?.messages ?? [];
      assert.deepEqual(seen(), all());
      hear({ kind: 'edit', entryId: id(1), text: `${'x'.repeat(199)}👍` });
      conversations.react(ALI, file?.id ?? '', '👍', true);
      assert.deepEqual(seen(), all());
      hear({ kind: 'delete', entryId: id(1) });
      conversations.delete(ALI, file?.id ?? '');
      assert.deepEqual(seen(), all());
      assert.deepEqual(
        seen().map(({ replyTo }) => replyTo?.excerpt),
        [undefined, undefined, '', ''],
      );
    });

    it('is not told of anew when what it answers is edited, however many there are', () => {
      hear(text('one'));
      for (let i = 0; i < 5; i++) hear({ kind: 'text', text: 'yes', replyTo: id(1) });
      events.length = 0;
      hear({ kind: 'edit', entryId: id(1), text: 'two' });
      assert.deepEqual(
        changes().map((message) => message.id),
        [id(1)],
      );
    });

    it('shows only the beginning of a long text, and no half characters', async () => {
      hear(text('👍'.repeat(MAX_EXCERPT_LENGTH)), text(`${'x'.repeat(199)}👍`));
      await conversations.sendText(ALI, 'a', id(1));
      await conversations.sendText(ALI, 'b', id(2));
      assert.deepEqual(
        all()
          .slice(2)
          .map(({ replyTo }) => replyTo?.excerpt),
        ['👍'.repeat(MAX_EXCERPT_LENGTH / 2), 'x'.repeat(199)],
      );
    });

    it('to nothing that is here is shown without it when it is theirs, and refused when it is mine', async () => {
      hear({ kind: 'text', text: 'yes', replyTo: id(77) });
      assert.deepEqual(all()[0]?.replyTo, { id: id(77), excerpt: '' });
      const answer = conversations.sendText(ALI, 'x', id(77));
      await assert.rejects(
        answer,
        (error) => error instanceof FailureError && error.failure.code === 'messageUnknown',
      );
    });
  });
});
