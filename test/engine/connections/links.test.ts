// Which connections become links, and what is told of them, without a network.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { Links, SKIP_RATE } from '../../../src/engine/connections/links.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { QUIET_OUTLET } from '../../support/quietOutlet.ts';
import { ALI, BABAK, fingerprintOf, StoreFile, text, theirs } from '../store/support.ts';
import { ToldChannel } from './toldChannel.ts';

/** Higher than the others: they choose between two links. */
const ME = fingerprintOf('f');

describe('links', () => {
  let file: StoreFile;
  let store: Store;
  let people: People;
  let published: ReturnType<typeof newPublished>;
  let conversations: Conversations;
  let links: Links;
  let told: string[];
  let name: string | undefined;
  let onEntry: () => undefined;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    name = 'me';
    told = [];
    onEntry = () => undefined;
    published = newPublished(ME);
    const clock = { now: () => 5_000 };
    people = new People(store, published, clock);
    conversations = new Conversations(store, people, published, new ShownMessages(store, published), clock);
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (text: string) => void told.push(`error ${text}`),
    };
    const introduction = () => ({ name, instance: 'fedcba9876543210', udpPort: 7 });
    links = new Links(ME, people, conversations, store, introduction, log);
    conversations.connect(
      { onEntry: () => onEntry(), cancel() {}, forget() {} },
      { ...QUIET_OUTLET, grown: (peer, upTo) => links.tell(peer, { kind: 'grown', upTo }) },
    );
    links.connect({
      onUp: ({ channel }) => told.push(`up ${channel.dialledByMe ? 'mine' : 'theirs'}`),
      onDown: () => told.push('down'),
      onEnd: (_, end) => told.push(`end ${end.kind}`),
      onAside: (_, frame) => told.push(frame.kind),
      onTransferFrame: (_, frame) => told.push(`${frame.kind} after ${store.entries.marks(ALI).received}`),
    });
  });
  afterEach(() => {
    links.dispose();
    file.remove();
  });

  const accept = (peer: Fingerprint, as = 'Ali') => people.learn(peer, { standing: 'accepted', name: as });
  const linkOf = (peer: Fingerprint) => people.contact(peer)?.standing;
  const shownLink = (peer: Fingerprint) => published.state.peers[peer]?.link;

  function adopted(peer: Fingerprint, dialledByMe = false): ToldChannel {
    const channel = new ToldChannel(peer, dialledByMe);
    links.adopt(channel.channel);
    return channel;
  }

  function up(peer: Fingerprint): ToldChannel {
    const channel = adopted(peer);
    channel.hello();
    return channel;
  }

  const numbersIn = ({ sent }: ToldChannel) =>
    sent.flatMap((frame) => (frame.kind === 'entry' ? [frame.number] : []));

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  it('come up between people who have accepted each other', () => {
    accept(ALI);
    up(ALI);
    assert.deepEqual(told, ['up theirs']);
    assert.equal(links.up(ALI)?.peer, ALI);
  });

  it('are with nobody while my person is signed out, nor with myself, nor after the end', () => {
    const refused = [new ToldChannel(ME), new ToldChannel(ALI), new ToldChannel(ALI)];
    const [self, early, late] = refused as [ToldChannel, ToldChannel, ToldChannel];
    assert.equal(links.adopt(self.channel), false);
    name = undefined;
    assert.equal(links.adopt(early.channel), false);
    name = 'me';
    links.dispose();
    assert.equal(links.adopt(late.channel), false);
    assert.deepEqual(
      refused.map(({ isClosed }) => isClosed),
      [true, true, true],
    );
  });

  it('are not with whoever is blocked, who hears what anybody hears who was declined', () => {
    adopted(BABAK).hello();
    links.answer(BABAK, false);
    people.learn(ALI, { standing: 'blocked' });
    const words = [ALI, BABAK].map((peer) => {
      const channel = adopted(peer);
      channel.hello();
      return { closed: channel.isClosed, said: channel.sent };
    });
    assert.deepEqual(words[0], words[1]);
    assert.deepEqual(words[0]?.said.at(-1), { kind: 'reject', reason: 'declined' });
    assert.equal(links.asking(ALI), undefined);
  });

  it('that are up end when my person blocks them, with no other word than declined', () => {
    accept(ALI);
    const channel = up(ALI);
    links.end(ALI, 'blocked');
    assert.deepEqual(channel.lastWord, { kind: 'reject', reason: 'declined' });
    assert.deepEqual(told, ['up theirs', 'down', 'end local']);
  });

  it('do not put the same question over and over when it is taken back each time', () => {
    const words = Array.from({ length: 5 }, () => {
      const channel = adopted(ALI);
      channel.hello();
      if (!channel.isClosed) channel.lose();
      return channel.lastWord?.kind === 'reject' ? channel.lastWord.reason : 'asked';
    });
    assert.deepEqual(words, ['asked', 'asked', 'asked', 'busy', 'busy']);
  });

  it('put no question for nothing while the same person asks another one already', () => {
    const channels = Array.from({ length: 5 }, () => adopted(ALI));
    for (const channel of channels) channel.hello();
    const words = channels.map(({ lastWord }) => (lastWord?.kind === 'reject' ? lastWord.reason : 'asked'));
    assert.deepEqual(words, ['asked', 'asked', 'asked', 'busy', 'busy']);
  });

  it('show a question only while a link asks it, whatever else the same person holds open', () => {
    const [first, second, silent] = [adopted(ALI), adopted(ALI), adopted(ALI)];
    for (const channel of [first, second]) channel.hello();
    first.lose();
    assert.equal(shownLink(ALI), 'asking');
    second.lose();
    assert.deepEqual([silent.isClosed, shownLink(ALI)], [false, undefined]);
    assert.equal(people.contact(ALI), undefined, 'nothing of a stranger is kept');
    silent.hello();
    assert.equal(shownLink(ALI), 'asking');
  });

  it('show that somebody else is being asked only while a link waits for it', () => {
    accept(ALI);
    const [first, second, silent] = [adopted(ALI), adopted(ALI), adopted(ALI)];
    for (const channel of [first, second]) channel.hello({ accepts: false });
    first.lose();
    assert.equal(shownLink(ALI), 'waiting');
    second.lose();
    assert.deepEqual([silent.isClosed, shownLink(ALI)], [false, 'none']);
  });

  it('show a link that is up as before when another one with the same person ends', () => {
    accept(ALI);
    up(ALI);
    adopted(ALI).lose();
    up(ALI).lose();
    assert.equal(shownLink(ALI), 'connected');
  });

  it('ask my person about a stranger once, and remember the no for a while', () => {
    const first = adopted(ALI);
    first.hello();
    assert.ok(links.asking(ALI));
    links.answer(ALI, false);
    assert.deepEqual(first.lastWord, { kind: 'reject', reason: 'declined' });
    const second = adopted(ALI);
    second.hello();
    assert.deepEqual(second.lastWord, { kind: 'reject', reason: 'declined' });
    assert.equal(linkOf(ALI), undefined, 'nothing of a stranger is stored');
  });

  it('answer every question of a person at once', () => {
    const channels = [adopted(ALI), adopted(ALI)];
    for (const channel of channels) channel.hello();
    accept(ALI);
    links.answer(ALI, true);
    assert.deepEqual(
      channels.map(({ sent }) => sent.some(({ kind }) => kind === 'accept')),
      [true, true],
    );
  });

  it('do not ask about somebody whom my person accepted while they came', () => {
    const channel = adopted(ALI);
    accept(ALI);
    channel.hello();
    assert.deepEqual(told, ['up theirs']);
  });

  it('put a few questions before my person at a time', () => {
    const digits = [...'0123456789'];
    const channels = digits.map((digit) => {
      const channel = adopted(fingerprintOf(digit));
      channel.hello({ name: `stranger ${digit}` });
      return channel;
    });
    const busy = channels.filter(({ lastWord }) => lastWord?.kind === 'reject' && lastWord.reason === 'busy');
    assert.equal(busy.length, 2);
  });

  it('are told to be down although another one is still greeting, and go on over it', () => {
    accept(ALI);
    const first = up(ALI);
    const second = adopted(ALI);
    first.lose();
    assert.deepEqual(told, ['up theirs', 'down']);
    assert.equal(links.up(ALI), undefined);
    second.hello();
    second.lose();
    assert.deepEqual(told, ['up theirs', 'down', 'up theirs', 'down', 'end lost']);
  });

  it('change over to the link that stays without being down', () => {
    accept(ALI);
    const first = up(ALI);
    adopted(ALI, true).hello();
    first.say({ kind: 'close', reason: 'duplicate' });
    assert.deepEqual(told, ['up theirs', 'up mine']);
  });

  it('store what came together before they hear what follows it', async () => {
    accept(ALI);
    const channel = up(ALI);
    for (const number of [1, 2, 3]) channel.say({ kind: 'entry', ...theirs(number) });
    assert.equal(store.entries.marks(ALI).received, 0);
    channel.say({ kind: 'ready', transferId: '0'.repeat(32), session: '0'.repeat(16), firstBlock: 0 });
    assert.deepEqual(told.at(-1), 'ready after 3');
    channel.say({ kind: 'entry', ...theirs(4) });
    await turn();
    assert.deepEqual(channel.lastWord, { kind: 'received', upTo: 4 });
  });

  it('keep what came right before the end', () => {
    accept(ALI);
    const channel = up(ALI);
    channel.say({ kind: 'entry', ...theirs(1) });
    channel.lose();
    assert.equal(store.entries.marks(ALI).received, 1);
  });

  it('end, and nothing else does, when the disk takes nothing more', async () => {
    accept(ALI);
    const channel = up(ALI);
    onEntry = () => {
      throw fail('diskFull', { path: 'x' });
    };
    channel.say({ kind: 'entry', ...theirs(1) });
    await turn();
    assert.deepEqual(channel.lastWord, { kind: 'close', reason: 'stopping' });
    assert.match(told.at(1) ?? '', /^error .*disk/);
    assert.equal(store.entries.marks(ALI).received, 0);
  });

  it('take the numbers above those that the peer has and this store lost', async () => {
    accept(ALI);
    await conversations.sendText(ALI, 'hello');
    const channel = adopted(ALI);
    channel.hello({ received: 40 });
    assert.deepEqual([channel.lastWord, told], [{ kind: 'close', reason: 'ahead' }, ['end ahead']]);
    const again = adopted(ALI);
    again.hello({ received: 40 });
    assert.deepEqual(numbersIn(again), [41]);
  });

  it('tell a peer whose store is new of what this store lost as withdrawn, and go on to what is here', async () => {
    accept(ALI);
    await conversations.sendText(ALI, 'hello');
    adopted(ALI).hello({ received: 300 });
    const channel = adopted(ALI);
    channel.hello({ received: 0 });
    for (const upTo of [200, 301]) channel.say({ kind: 'received', upTo });
    const entries = channel.sent.flatMap((frame) => (frame.kind === 'entry' ? [frame] : []));
    assert.deepEqual(
      numbersIn(channel),
      Array.from({ length: 301 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      entries.filter(({ body }) => body.kind !== 'withdrawn').map(({ number, body }) => [number, body]),
      [[301, text('hello')]],
    );
    assert.equal(new Set(entries.map(({ id }) => id)).size, 301);
    assert.deepEqual([channel.isClosed, store.entries.facts(ALI).undelivered], [false, 0]);
  });

  it('tell of a loss at the end of what I wrote before anything else is said', async () => {
    accept(ALI);
    adopted(ALI).hello({ received: 3 });
    const channel = adopted(ALI);
    channel.hello({ received: 1 });
    assert.deepEqual(numbersIn(channel), [2, 3]);
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual([channel.isClosed, numbersIn(channel)], [false, [2, 3, 4]]);
  });

  it('all end when my entries take other numbers, and a new one goes on with the next of them', async () => {
    accept(ALI);
    await conversations.sendText(ALI, 'hello');
    const [mine, older, greeting] = [up(ALI), up(ALI), adopted(ALI)];
    adopted(ALI).hello({ received: 1_001 });
    assert.deepEqual(
      [mine, older, greeting].map(({ lastWord }) => lastWord),
      Array(3).fill({ kind: 'close', reason: 'stopping' }),
    );
    assert.deepEqual(told, ['up theirs', 'down', 'end ahead']);
    await conversations.sendText(ALI, 'and on');
    const again = adopted(ALI);
    again.hello({ received: 1_001 });
    assert.deepEqual(numbersIn(again), [1_002, 1_003]);
  });

  it('take no other numbers for somebody who says again and again that they have more', async () => {
    accept(ALI);
    await conversations.sendText(ALI, 'hello');
    const claims = Array.from({ length: SKIP_RATE.burst + 3 }, (_, i) => 100 * (i + 1));
    const lastMine = claims.map((received) => {
      adopted(ALI).hello({ received });
      return store.entries.marks(ALI).lastMine;
    });
    assert.deepEqual(lastMine, [101, 201, 301, 401, 401, 401, 401]);
    assert.deepEqual(told, Array(claims.length).fill('end ahead'));
    const honest = adopted(ALI);
    honest.hello({ received: 400 });
    assert.deepEqual(numbersIn(honest), [401]);
  });

  it('go on when a claim changes no number', async () => {
    accept(ALI);
    const channel = up(ALI);
    adopted(ALI).hello({ received: 2 ** 50 });
    await conversations.sendText(ALI, 'hello');
    assert.deepEqual([channel.isClosed, numbersIn(channel)], [false, [1]]);
  });

  it('believe no such number of a stranger', () => {
    adopted(ALI).hello({ received: 40 });
    assert.ok(links.asking(ALI));
    assert.equal(store.entries.marks(ALI).lastMine, 0);
  });

  it('make room for the next when too many have not said hello', () => {
    accept(BABAK, 'Babak');
    const silent = Array.from({ length: 256 }, () => adopted(ALI));
    const friend = up(BABAK);
    assert.deepEqual([friend.isClosed, silent.filter(({ isClosed }) => isClosed).length], [false, 1]);
    assert.ok(links.up(BABAK));
  });

  it('make room by the oldest that has not said hello, and not by a friend’s who has come back', () => {
    accept(BABAK, 'Babak');
    up(BABAK);
    const [first] = Array.from({ length: 254 }, () => adopted(ALI));
    const back = adopted(BABAK);
    adopted(ALI);
    assert.deepEqual([first?.isClosed, back.isClosed], [true, false]);
  });

  it('leave room for others when one stranger says hello on as many as there can be', () => {
    accept(BABAK, 'Babak');
    const channels = Array.from({ length: 256 }, () => adopted(ALI));
    for (const channel of channels) channel.hello();
    assert.equal(channels.filter(({ isClosed }) => !isClosed).length, 3);
    assert.equal(up(BABAK).isClosed, false);
  });

  it('leave room for others when a friend brings up as many as there can be, and do not go down', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channels = Array.from({ length: 256 }, () => up(ALI));
    const left = channels.flatMap(({ isClosed }, i) => (isClosed ? [] : [i]));
    assert.deepEqual(left, [252, 253, 254, 255]);
    assert.deepEqual([up(BABAK).isClosed, links.up(ALI)?.stage], [false, 'up']);
    assert.ok(!told.includes('down'));
  });

  it('show a stranger by their key whose name looks like a friend’s, also after a yes', () => {
    accept(BABAK, 'Babak');
    const name = 'B\u0430bak'; // the second letter is Cyrillic
    adopted(ALI).hello({ name });
    assert.equal(published.state.peers[ALI]?.name, ALI.slice(0, 8));
    people.accept(ALI);
    links.answer(ALI, true);
    adopted(ALI).hello({ name });
    assert.deepEqual([shownLink(ALI), people.nameOf(ALI)], ['connected', ALI.slice(0, 8)]);
  });

  it('leave a name to whoever has it, though it looks like a friend’s', () => {
    accept(BABAK, 'Ian');
    accept(ALI, 'Lan');
    for (const [peer, name] of [
      [ALI, 'Lan'],
      [BABAK, 'Ian'],
    ] as const)
      adopted(peer).hello({ name });
    assert.deepEqual([people.nameOf(ALI), people.nameOf(BABAK)], ['Lan', 'Ian']);
    assert.deepEqual([shownLink(ALI), shownLink(BABAK)], ['connected', 'connected']);
  });

  it('keep a name that is somebody else’s from whoever comes up under it', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channel = adopted(BABAK);
    channel.hello({ name: 'ali' });
    assert.deepEqual([people.nameOf(BABAK), people.contact(ALI)?.nameConflict], ['Babak', undefined]);
  });
});
