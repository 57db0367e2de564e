import assert from 'node:assert/strict';
import type { ParamsOf } from '../../../src/contract/commands.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { History } from '../../../src/contract/state.ts';
import { HistoryLoader } from '../../../src/extension/engine/historyLoader.ts';
import { Mirror } from '../../../src/extension/engine/mirror.ts';
import { fingerprintOf, message, person, stateWith } from '../people.ts';

const bob = fingerprintOf('b');

describe('what a window has loaded of a conversation', () => {
  let mirror: Mirror;
  let loader: HistoryLoader;
  let asked: ParamsOf<'history'>[];
  let page: Partial<History>;
  let whileAsking: () => void;

  beforeEach(() => {
    mirror = new Mirror(() => {});
    mirror.reset(stateWith({ people: [person('b')] }, { revision: 1 }));
    asked = [];
    whileAsking = () => {};
    loader = new HistoryLoader(mirror, async (params) => {
      asked.push(params);
      whileAsking();
      return { peer: bob, messages: [], transfers: [], hasEarlier: true, ...page };
    });
  });

  const messages = (...orders: readonly number[]) => orders.map((order) => message(order));
  const loaded = () => mirror.state?.conversations[bob];
  const orders = () => loaded()?.messages.map(({ order }) => order);
  const stream = (kind: 'messageAdded' | 'messageChanged', changed: Message) =>
    mirror.receive({ revision: (mirror.state?.revision ?? 0) + 1, event: { kind, message: changed } });

  const jump = async () => {
    page = { messages: messages(50, 51), hasLater: true, place: 'apart' };
    await loader.loadAround(bob, 51);
  };

  it('is the place that was jumped to, and grows from there to the newest message', async () => {
    await jump();
    page = { messages: messages(52, 53), hasLater: false, place: 'joinedLater' };
    await loader.loadLater(bob);
    await loader.loadLater(bob);
    assert.deepEqual(orders(), [50, 51, 52, 53]);
    assert.deepEqual(
      asked.map(({ around, after }) => [around, after]),
      [
        [51, undefined],
        [undefined, 51],
      ],
    );
  });

  it('is the newest page after a jump to the end', async () => {
    await jump();
    page = { messages: messages(98, 99), hasLater: false, place: 'apart' };
    await loader.loadNewest(bob);
    assert.deepEqual([orders(), asked.at(-1)?.newest], [[98, 99], true]);
  });

  it('misses no message that came while a page was on its way', async () => {
    page = { messages: messages(1, 2) };
    whileAsking = () => stream('messageAdded', message(3));
    await loader.loadEarlier(bob);
    assert.deepEqual(orders(), [1, 2, 3]);
    await jump();
    page = { messages: messages(52), hasLater: false, place: 'joinedLater' };
    whileAsking = () => stream('messageAdded', message(53));
    await loader.loadLater(bob);
    assert.deepEqual(
      orders(),
      [50, 51, 3, 52, 53].filter((order) => order !== 3),
    );
  });

  it('leaves no gap where newer messages are not loaded yet', async () => {
    page = { messages: messages(50), hasLater: true, place: 'apart' };
    whileAsking = () => stream('messageAdded', message(99));
    await loader.loadAround(bob, 50);
    assert.deepEqual(orders(), [50]);
  });

  describe('while a page is on its way', () => {
    let answers: ((page: Partial<History>) => void)[];

    beforeEach(() => {
      answers = [];
      loader = new HistoryLoader(mirror, async (params) => {
        asked.push(params);
        const { promise, resolve } = Promise.withResolvers<Partial<History>>();
        answers.push(resolve);
        return { peer: bob, messages: [], transfers: [], hasEarlier: true, ...(await promise) };
      });
    });

    const newest = async () => {
      const loading = loader.loadNewest(bob);
      answers.shift()?.({ messages: messages(98, 99), place: 'apart' });
      await loading;
    };
    const turn = () => new Promise<void>(setImmediate);

    it('has no gap where another place is shown by then: the page before that one is asked for', async () => {
      await newest();
      const around = loader.loadAround(bob, 50);
      const earlier = loader.loadEarlier(bob);
      answers.shift()?.({ messages: messages(50, 51), hasLater: true, place: 'apart' });
      await around;
      answers.shift()?.({ messages: messages(96, 97) });
      await turn();
      assert.deepEqual([orders(), asked.at(-1)?.before], [[50, 51], 50]);
      answers.shift()?.({ messages: messages(48, 49) });
      await earlier;
      assert.deepEqual(orders(), [48, 49, 50, 51]);
    });

    it('has no gap at its new end either', async () => {
      const there = loader.loadAround(bob, 50);
      answers.shift()?.({ messages: messages(50, 51), hasLater: true, place: 'apart' });
      await there;
      const back = loader.loadNewest(bob);
      const later = loader.loadLater(bob);
      answers.shift()?.({ messages: messages(98, 99), hasLater: false, place: 'apart' });
      await back;
      answers.shift()?.({ messages: messages(52, 53), hasLater: true, place: 'joinedLater' });
      await later;
      assert.deepEqual([orders(), loaded()?.hasLater], [[98, 99], false]);
    });

    it('begins anew after another engine has taken over, without the page that the former one was asked for', async () => {
      await newest();
      const earlier = loader.loadEarlier(bob);
      mirror.reset(stateWith({ people: [person('b')] }, { revision: 7 }));
      const first = loader.loadEarlier(bob);
      answers.shift()?.({ messages: messages(96, 97) });
      await earlier;
      assert.deepEqual([orders(), asked.length], [undefined, 3]);
      answers.shift()?.({ messages: messages(98, 99) });
      await first;
      assert.deepEqual(orders(), [98, 99]);
    });

    it('takes one first page of two that were asked for, and none to another place', async () => {
      const [first, second] = [loader.loadEarlier(bob), loader.loadEarlier(bob)];
      answers.shift()?.({ messages: messages(98, 99) });
      await first;
      const around = loader.loadAround(bob, 50);
      answers.pop()?.({ messages: messages(50, 51), hasLater: true, place: 'apart' });
      await around;
      answers.shift()?.({ messages: messages(98, 99) });
      await second;
      assert.deepEqual([orders(), asked.length], [[50, 51], 3]);
    });
  });

  it('has a change that came while its page was on its way', async () => {
    page = { messages: messages(1, 2) };
    const deleted = message(2, { body: { kind: 'deleted' } });
    whileAsking = () => stream('messageChanged', deleted);
    await loader.loadEarlier(bob);
    assert.deepEqual(loaded()?.messages[1], deleted);
  });

  it('quotes what a message says by now that is not on the page', async () => {
    const { id, from } = message(1);
    const replyTo = { id, order: 1, from, excerpt: 'before' };
    page = { messages: [message(60, { replyTo }), message(61)] };
    whileAsking = () => stream('messageChanged', message(1, { body: { kind: 'text', text: 'now' } }));
    await loader.loadEarlier(bob);
    assert.deepEqual([loaded()?.messages[0]?.replyTo?.excerpt, orders()], ['now', [60, 61]]);
  });

  it('is loaded at the same place again after another engine has taken over', async () => {
    await jump();
    loader.remember(mirror.state);
    mirror.reset(stateWith({ people: [person('b')] }, { revision: 7 }));
    await loader.loadEarlier(bob);
    assert.deepEqual([asked.at(-1)?.around, asked.at(-1)?.newest], [51, undefined]);
  });
});
