// Which connections become links, which of them stay, and what goes over them, without a network.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { SKIP_RATE } from '../../../src/engine/connections/links.ts';
import { MAX_CANDIDATES } from '../../../src/engine/reach/candidates.ts';
import { ALI, BABAK, text, theirs } from '../store/support.ts';
import { LOW_ME, linksTrial, ME } from './linksTrial.ts';
import { ToldChannel } from './toldChannel.ts';

describe('links', () => {
  const trial = linksTrial();
  const { told, accept, adopted, up, shownLink } = trial;

  const numbersIn = ({ sent }: ToldChannel) =>
    sent.flatMap((frame) => (frame.kind === 'entry' ? [frame.number] : []));

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  it('come up between people who have accepted each other', () => {
    accept(ALI);
    up(ALI);
    assert.deepEqual(told, ['up theirs']);
    assert.equal(trial.links.up(ALI)?.peer, ALI);
  });

  it('are with nobody while my person is signed out, nor with myself, nor after the end', () => {
    const refused = [new ToldChannel(ME), new ToldChannel(ALI), new ToldChannel(ALI)];
    const [self, early, late] = refused as [ToldChannel, ToldChannel, ToldChannel];
    assert.equal(trial.links.adopt(self.channel), false);
    trial.callMe(undefined);
    assert.equal(trial.links.adopt(early.channel), false);
    trial.callMe('me');
    trial.links.dispose();
    assert.equal(trial.links.adopt(late.channel), false);
    assert.deepEqual(
      refused.map(({ isClosed }) => isClosed),
      [true, true, true],
    );
  });

  it('show a link that is up as before when another one with the same person ends', () => {
    accept(ALI);
    up(ALI);
    adopted(ALI).lose();
    up(ALI).lose();
    assert.equal(shownLink(ALI), 'connected');
  });

  it('are told to be down although another one is still greeting, and go on over it', () => {
    accept(ALI);
    const first = up(ALI);
    const second = adopted(ALI);
    first.lose();
    assert.deepEqual(told, ['up theirs', 'down']);
    assert.deepEqual([trial.links.up(ALI), shownLink(ALI)], [undefined, 'none']);
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

  it('ask the older one for a sign of life where the other side chooses, whose word may not come over it any more', () => {
    accept(ALI);
    const first = up(ALI);
    assert.notEqual(first.lastWord?.kind, 'ping');
    up(ALI);
    assert.equal(first.lastWord?.kind, 'ping');
  });

  it('store what came together before they hear what follows it', async () => {
    accept(ALI);
    const channel = up(ALI);
    for (const number of [1, 2, 3]) channel.say({ kind: 'entry', ...theirs(number) });
    assert.equal(trial.store.entries.marks(ALI).received, 0);
    channel.say({ kind: 'ready', transferId: '0'.repeat(32), session: '0'.repeat(16), firstBlock: 0 });
    assert.deepEqual(told.at(-1), 'ready after 3');
    channel.say({ kind: 'entry', ...theirs(4) });
    await turn();
    assert.deepEqual(channel.lastWord, { kind: 'received', upTo: 4 });
    channel.say({ kind: 'entry', ...theirs(5) });
    await turn();
    assert.deepEqual(channel.lastWord, { kind: 'received', upTo: 5 });
  });

  it('show as sent what was written to them, and as delivered and read what their hello says', async () => {
    accept(ALI);
    for (const words of ['one', 'two', 'three']) await trial.conversations.sendText(ALI, words);
    const channel = adopted(ALI);
    channel.hello({ received: 2, read: 1 });
    await turn();
    assert.deepEqual(numbersIn(channel), [3]);
    assert.deepEqual(trial.published.state.peers[ALI]?.receipts, { sent: 3, delivered: 2, read: 1 });
  });

  it('tell where somebody is whom I have dialled, under which name, and when they were here last', () => {
    accept(ALI, 'somebody');
    adopted(ALI).lose();
    assert.equal(trial.people.contact(ALI)?.lastSeenAt, undefined, 'no link came up');
    const theirs = up(ALI);
    const { name, tcpPort: none, hosts } = trial.people.contact(ALI) ?? {};
    assert.deepEqual([name, none, hosts], ['Ali', undefined, []], 'they may have dialled from anywhere');
    theirs.lose();
    assert.equal(trial.people.contact(ALI)?.lastSeenAt, 5_000);
    adopted(ALI, true).hello();
    const { hosts: dialled, tcpPort } = trial.people.contact(ALI) ?? {};
    assert.deepEqual([dialled, tcpPort], [['127.0.0.1'], 5_000]);
  });

  it('keep where else somebody may be, behind the address that has answered: it may be gone first', () => {
    accept(ALI);
    trial.people.learn(ALI, { hosts: ['10.0.0.1', '127.0.0.1', 'fd00::1'] });
    adopted(ALI, true).hello();
    assert.deepEqual(trial.people.contact(ALI)?.hosts, ['127.0.0.1', '10.0.0.1', 'fd00::1']);
  });

  it('keep no more addresses of somebody than are dialled', () => {
    accept(ALI);
    const hosts = Array.from({ length: MAX_CANDIDATES }, (_, i) => `10.0.0.${i}`);
    trial.people.learn(ALI, { hosts });
    adopted(ALI, true).hello();
    assert.deepEqual(trial.people.contact(ALI)?.hosts, ['127.0.0.1', ...hosts.slice(0, -1)]);
  });

  it('are all asked for a sign of life after a sleep, and all told when the engine stops', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channels = [up(ALI), up(BABAK)];
    trial.links.probeAll();
    const lastWords = () => channels.map(({ lastWord }) => lastWord?.kind);
    assert.deepEqual(lastWords(), ['ping', 'ping']);
    trial.links.dispose();
    assert.deepEqual(lastWords(), ['close', 'close']);
  });

  it('keep what came right before the end', () => {
    accept(ALI);
    const channel = up(ALI);
    channel.say({ kind: 'entry', ...theirs(1) });
    channel.lose();
    assert.equal(trial.store.entries.marks(ALI).received, 1);
  });

  it('end, and nothing else does, when the disk takes nothing more', async () => {
    accept(ALI);
    const channel = up(ALI);
    trial.onEntry(() => {
      throw fail('diskFull', { path: 'x' });
    });
    channel.say({ kind: 'entry', ...theirs(1) });
    await turn();
    assert.deepEqual(channel.lastWord, { kind: 'close', reason: 'stopping' });
    assert.match(told.at(1) ?? '', /^error .*disk/);
    assert.equal(trial.store.entries.marks(ALI).received, 0);
  });

  it('take the numbers above those that the peer has and this store lost', async () => {
    accept(ALI);
    await trial.conversations.sendText(ALI, 'hello');
    const channel = adopted(ALI);
    channel.hello({ received: 40 });
    assert.deepEqual([channel.lastWord, told], [{ kind: 'close', reason: 'ahead' }, ['end ahead']]);
    const again = adopted(ALI);
    again.hello({ received: 40 });
    assert.deepEqual(numbersIn(again), [41]);
  });

  it('tell a peer whose store is new of what this store lost as withdrawn, and go on to what is here', async () => {
    accept(ALI);
    await trial.conversations.sendText(ALI, 'hello');
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
    assert.deepEqual([channel.isClosed, trial.store.entries.facts(ALI).undelivered], [false, 0]);
  });

  it('tell of a loss at the end of what I wrote before anything else is said', async () => {
    accept(ALI);
    adopted(ALI).hello({ received: 3 });
    const channel = adopted(ALI);
    channel.hello({ received: 1 });
    assert.deepEqual(numbersIn(channel), [2, 3]);
    await trial.conversations.sendText(ALI, 'hello');
    assert.deepEqual([channel.isClosed, numbersIn(channel)], [false, [2, 3, 4]]);
  });

  it('go on behind what a peer has whose store was put back, after mine was, to one that knew what mine has lost', async () => {
    accept(ALI);
    const channel = up(ALI);
    for (const said of ['one', 'two', 'three']) await trial.conversations.sendText(ALI, said);
    channel.say({ kind: 'received', upTo: 3 });
    channel.lose();
    const again = adopted(ALI);
    again.hello({ received: 2, receivedId: 'f'.repeat(32) });
    assert.deepEqual([again.isClosed, numbersIn(again)], [false, [3]]);
  });

  it('all end when my entries take other numbers, and a new one goes on with the next of them', async () => {
    accept(ALI);
    await trial.conversations.sendText(ALI, 'hello');
    const [mine, older, greeting] = [up(ALI), up(ALI), adopted(ALI)];
    adopted(ALI).hello({ received: 1_001 });
    assert.deepEqual(
      [mine, older, greeting].map(({ lastWord }) => lastWord),
      Array(3).fill({ kind: 'close', reason: 'stopping' }),
    );
    assert.deepEqual(told, ['up theirs', 'down', 'end ahead']);
    await trial.conversations.sendText(ALI, 'and on');
    const again = adopted(ALI);
    again.hello({ received: 1_001 });
    assert.deepEqual(numbersIn(again), [1_002, 1_003]);
  });

  it('take no other numbers for somebody who says again and again that they have more', async () => {
    accept(ALI);
    await trial.conversations.sendText(ALI, 'hello');
    const claims = Array.from({ length: SKIP_RATE.burst + 3 }, (_, i) => 100 * (i + 1));
    const lastMine = claims.map((received) => {
      adopted(ALI).hello({ received });
      return trial.store.entries.marks(ALI).lastMine;
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
    await trial.conversations.sendText(ALI, 'hello');
    assert.deepEqual([channel.isClosed, numbersIn(channel)], [false, [1]]);
  });

  it('believe no such number of a stranger', () => {
    adopted(ALI).hello({ received: 40 });
    assert.ok(trial.links.asking(ALI));
    assert.equal(trial.store.entries.marks(ALI).lastMine, 0);
  });

  it('make room for the next when too many have not said hello', () => {
    accept(BABAK, 'Babak');
    const silent = Array.from({ length: 256 }, () => adopted(ALI));
    const friend = up(BABAK);
    assert.deepEqual([friend.isClosed, silent.filter(({ isClosed }) => isClosed).length], [false, 1]);
    assert.ok(trial.links.up(BABAK));
  });

  it('make room by the oldest that has not said hello, and not by a friend’s who has come back', () => {
    accept(BABAK, 'Babak');
    up(BABAK);
    const [first] = Array.from({ length: 254 }, () => adopted(ALI));
    const back = adopted(BABAK);
    adopted(ALI);
    assert.deepEqual([first?.isClosed, back.isClosed], [true, false]);
  });

  it('are up with every one of 300 friends, and leave room for a stranger beside them', () => {
    const friends = Array.from({ length: 300 }, (_, i) => i.toString(16).padStart(64, '0') as Fingerprint);
    for (const [i, friend] of friends.entries()) accept(friend, `friend ${i}`);
    const channels = friends.map((friend) => adopted(friend));
    for (const channel of channels) channel.hello();
    assert.equal(friends.filter((friend) => trial.links.up(friend) !== undefined).length, 300);
    adopted(BABAK).hello({ name: 'Babak' });
    assert.ok(trial.links.asking(BABAK));
  });

  it('keep a friend who has not said hello, however many strangers come', () => {
    const keyOf = (i: number) => i.toString(16).padStart(64, '0') as Fingerprint;
    accept(ALI);
    const friend = adopted(ALI);
    const strangers = Array.from({ length: 800 }, (_, i) => adopted(keyOf(i)));
    assert.equal(strangers.filter(({ isClosed }) => !isClosed).length, 255);
    friend.hello();
    assert.ok(trial.links.up(ALI));
  });

  it('make room by the oldest that has not said hello where a friend holds as many as there can be', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const silent = Array.from({ length: 768 }, () => adopted(ALI));
    assert.equal(up(BABAK).isClosed, false);
    assert.deepEqual(
      silent.flatMap(({ isClosed }, i) => (isClosed ? [i] : [])),
      [0],
    );
  });

  it('leave room for others when one stranger says hello on as many as there can be', () => {
    accept(BABAK, 'Babak');
    const channels = Array.from({ length: 256 }, () => adopted(ALI));
    for (const channel of channels) channel.hello();
    assert.equal(channels.filter(({ isClosed }) => !isClosed).length, 3);
    assert.equal(up(BABAK).isClosed, false);
  });

  it('leave room for others when somebody says on as many as there can be that I am to wait', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channels = Array.from({ length: 256 }, () => adopted(ALI));
    for (const channel of channels) channel.hello({ accepts: false });
    assert.equal(channels.filter(({ isClosed }) => !isClosed).length, 4);
    assert.equal(up(BABAK).isClosed, false);
  });

  it('leave room for others when a friend brings up as many as there can be, and do not go down', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channels = Array.from({ length: 256 }, () => up(ALI));
    const left = channels.flatMap(({ isClosed }, i) => (isClosed ? [] : [i]));
    assert.deepEqual(left, [252, 253, 254, 255]);
    assert.deepEqual([up(BABAK).isClosed, trial.links.up(ALI)?.stage], [false, 'up']);
    assert.ok(!told.includes('down'));
  });
});

describe('of two links with a peer whose fingerprint is higher than mine', () => {
  const { told, accept, adopted, up } = linksTrial(LOW_ME);
  const duplicate = { kind: 'close', reason: 'duplicate' };

  it('I keep the one that I dialled where we have dialled each other at once', () => {
    accept(ALI);
    const mine = adopted(ALI, true);
    mine.hello();
    const theirs = up(ALI);
    assert.deepEqual([theirs.lastWord, mine.isClosed], [duplicate, false]);
    assert.deepEqual(told, ['up mine']);
  });

  it('I keep the one that I dialled also where theirs came up first', () => {
    accept(ALI);
    const theirs = up(ALI);
    adopted(ALI, true).hello();
    assert.deepEqual([theirs.lastWord, told], [duplicate, ['up theirs', 'up mine']]);
  });

  it('I keep the newer where their engine has started again', () => {
    accept(ALI);
    const mine = adopted(ALI, true);
    mine.hello();
    const theirs = adopted(ALI);
    theirs.hello({ instance: 'f'.repeat(16) });
    assert.deepEqual([mine.lastWord, theirs.isClosed], [duplicate, false]);
    assert.deepEqual(told, ['up mine', 'up theirs']);
  });
});
