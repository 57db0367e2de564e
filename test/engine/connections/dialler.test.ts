// Whom the engine dials and when, without a network: no dial gets any further than looking for the person.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { Dialler } from '../../../src/engine/connections/dialler.ts';
import { Links } from '../../../src/engine/connections/links.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { OtherKeyError } from '../../../src/engine/io/tlsDial.ts';
import type { LinkEnd } from '../../../src/engine/link/linkEnd.ts';
import { REDIAL } from '../../../src/engine/link/params.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { ListedPeer } from '../../../src/engine/reach/registryClient.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { alarmOf, VirtualTime } from '../../support/virtualTime.ts';
import { ALI, BABAK, fingerprintOf, StoreFile } from '../store/support.ts';
import { ToldChannel } from './toldChannel.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
/** Longer than any wait between dials. */
const LONG_MS = 10 * REDIAL.ceilingMs;
const HERE: readonly ListedPeer[] = [{ fingerprint: ALI, name: 'ali', online: true, lastSeenAt: 5_000 }];

describe('the dialler', () => {
  let file: StoreFile;
  let published: Published;
  let people: People;
  let links: Links;
  let dialler: Dialler;
  let time: VirtualTime;
  /** How each dial was looked for; it goes on until it is given up. */
  let dials: AbortSignal[];
  /** Why nobody is found; undefined: it is not known yet. */
  let lost: Error | undefined;

  beforeEach(() => {
    file = new StoreFile();
    const store = file.open();
    published = newPublished(fingerprintOf('f'));
    const clock = { now: () => 5_000 };
    people = new People(store, published, clock);
    const shown = new ShownMessages(store, published);
    const conversations = new Conversations(store, people, published, shown, clock);
    const introduction = () => ({ name: 'me', instance: 'fedcba9876543210', udpPort: 7 });
    links = new Links(fingerprintOf('f'), people, conversations, store, introduction, QUIET);
    dials = [];
    lost = undefined;
    const nobody = { keyPem: '', certPem: '', fingerprintOf: () => undefined };
    time = new VirtualTime();
    const dialTime = { clock: time, alarm: alarmOf(time) };
    dialler = new Dialler(people, links, nobody, (_, signal) => search(signal), QUIET, dialTime);
    links.connect({
      ...{ onDown() {}, onTransferFrame() {}, onAside() {} },
      onUp: ({ peer }) => dialler.onUp(peer),
      onEnd: (peer, end) => dialler.onEnd(peer, end),
    });
    people.learn(ALI, { standing: 'accepted', connectWanted: true, name: 'ali' });
  });
  afterEach(() => {
    dialler.dispose();
    links.dispose();
    file.remove();
  });

  function search(signal: AbortSignal): Promise<never> {
    dials.push(signal);
    if (lost !== undefined) return Promise.reject(lost);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }

  const underWay = () => dials.map(({ aborted }) => !aborted);

  function signIn(): void {
    people.setDirectory(HERE);
    dialler.considerAll();
  }

  function signOut(): void {
    people.setDirectory(undefined);
    dialler.considerAll();
    dialler.endAll();
  }

  it('dials whoever was being dialled when my person signed out, once they have signed in again', () => {
    signIn();
    signOut();
    assert.deepEqual(underWay(), [false]);
    signIn();
    assert.deepEqual(underWay(), [false, true]);
  });

  it('dials nobody any more once my person has signed out of a registry that does not answer', () => {
    people.learn(ALI, { hosts: ['127.0.0.1'] });
    dialler.considerAll();
    assert.equal(dials.length, 1, 'where they were last');
    const { name: _, ...nobody } = published.state.me;
    published.publish({ kind: 'meChanged', me: nobody });
    dialler.endAll();
    time.runUntil(() => false, LONG_MS);
    assert.equal(dials.length, 1);
  });

  it('waits, once its dials are ended, until there is a reason to dial again', () => {
    signIn();
    dialler.endAll();
    dialler.considerAll();
    assert.equal(dials.length, 1);
    dialler.wake();
    assert.equal(dials.length, 2);
  });

  it('dials whoever is there and wanted, once, and says so', () => {
    signIn();
    dialler.considerAll();
    assert.deepEqual([underWay(), published.state.peers[ALI]?.link], [[true], 'dialling']);
  });

  it('dials nobody whose name another key has now, not even when my person asks', async () => {
    people.setDirectory(HERE);
    people.doubt(ALI, BABAK);
    dialler.considerAll();
    await assert.rejects(dialler.connect(ALI), fail('keyChanged', { name: 'ali' }));
    dialler.want(ALI);
    assert.deepEqual(dials, []);
  });

  it('dials nobody who is blocked, declined, or not wanted any more', async () => {
    people.block(ALI);
    signIn();
    await assert.rejects(dialler.connect(ALI), fail('peerBlocked', { name: 'ali' }));
    people.learn(ALI, { standing: 'accepted', connectWanted: false });
    dialler.considerAll();
    assert.deepEqual(dials, []);
  });

  it('goes on wanting whoever is busy, and not whoever has said no', () => {
    signIn();
    const isWantedAfter = (end: LinkEnd) => {
      people.learn(ALI, { connectWanted: true });
      dialler.onEnd(ALI, end);
      return people.contact(ALI)?.connectWanted;
    };
    assert.equal(isWantedAfter({ kind: 'rejected', reason: 'busy' }), true);
    assert.equal(isWantedAfter({ kind: 'lost' }), true);
    assert.equal(isWantedAfter({ kind: 'rejected', reason: 'declined' }), false);
    assert.equal(isWantedAfter({ kind: 'rejected', reason: 'unanswered' }), false);
  });

  /** How many dials reach nobody until `ms` from now. */
  async function dialsWithin(ms: number): Promise<number> {
    const before = dials.length;
    const end = time.now() + ms;
    time.plan(end, () => undefined);
    for (let known = -1; known !== dials.length; ) {
      known = dials.length;
      await new Promise((resolve) => setImmediate(resolve));
      time.runUntil(() => dials.length > known, end);
    }
    return dials.length - before;
  }

  describe('while somebody who is there cannot be reached', () => {
    const HOUR_MS = 3_600_000;

    const say = (more: Partial<ListedPeer>) => {
      people.setDirectory(HERE.map((each) => ({ ...each, ...more })));
      dialler.considerAll();
    };

    beforeEach(async () => {
      lost = new Error('ETIMEDOUT');
      say({ version: 'home' });
      await dialsWithin(HOUR_MS);
    });

    it('dials them more and more rarely, and goes on', async () => {
      const inAnHour = await dialsWithin(HOUR_MS);
      assert.ok(inAnHour >= 10 && inAnHour <= 30, `${inAnHour}`);
    });

    const signs = {
      'they come back': () => {
        say({ version: 'home', online: false });
        say({ version: 'home' });
      },
      'they are elsewhere': () => say({ version: 'work' }),
      'the registry can be heard again': () => {
        people.setDirectory(undefined);
        dialler.considerAll();
        say({ version: 'home' });
      },
      'my own network is another one': () => dialler.wake(),
      'my person asks': () => void dialler.connect(ALI).catch(() => undefined),
      'my person writes to them': () => dialler.want(ALI),
    };
    for (const [sign, give] of Object.entries(signs))
      it(`dials them at once when ${sign}, and soon again`, async () => {
        const before = dials.length;
        give();
        assert.ok(dials.length > before, 'at once');
        assert.ok((await dialsWithin(10_000)) >= 4);
      });

    it('dials nobody sooner because the registry says the same once more', async () => {
      for (let i = 0; i < 50; i++) say({ version: 'home', lastSeenAt: 6_000 + i });
      assert.ok((await dialsWithin(10_000)) <= 1);
    });
  });

  it('is done with a wish once messages flow', async () => {
    people.setDirectory(HERE);
    const wishes = [dialler.connect(ALI), dialler.connect(ALI)];
    assert.deepEqual(underWay(), [true], 'one dial for both');
    dialler.onUp(ALI);
    await Promise.all(wishes);
  });

  for (const [end, failure] of [
    [{ kind: 'rejected', reason: 'declined' }, fail('connectionRejected', { name: 'ali' })],
    [{ kind: 'rejected', reason: 'unanswered' }, fail('connectionUnanswered', { name: 'ali', seconds: 60 })],
    [{ kind: 'version', theirs: 2 }, fail('versionMismatch', { name: 'ali', theirs: 2, ours: 1 })],
    [{ kind: 'local', reason: 'disconnected' }, fail('connectionCancelled', { name: 'ali' })],
    [{ kind: 'lost' }, fail('peerAway', { name: 'ali' })],
  ] as const)
    it(`says in words why a wish came to nothing: ${JSON.stringify(end)}`, async () => {
      people.setDirectory(HERE);
      const wish = assert.rejects(dialler.connect(ALI), failure);
      dialler.onEnd(ALI, end);
      await wish;
    });

  it('ends a dial that my person calls off, and does not begin another one by itself', async () => {
    people.setDirectory(HERE);
    const wish = assert.rejects(dialler.connect(ALI), fail('connectionCancelled', { name: 'ali' }));
    dialler.cancel(ALI);
    await wish;
    dialler.considerAll();
    assert.deepEqual([underWay(), people.contact(ALI)?.connectWanted], [[false], false]);
    assert.equal(published.state.peers[ALI]?.link, 'none');
  });

  it('ends the dial of whoever my person blocks', async () => {
    people.setDirectory(HERE);
    const wish = assert.rejects(dialler.connect(ALI), fail('peerBlocked', { name: 'ali' }));
    people.block(ALI);
    dialler.leave(ALI);
    await wish;
    dialler.wake();
    assert.deepEqual(underWay(), [false]);
  });

  it('calls off what is wished for when the window that wished has gone', async () => {
    people.setDirectory(HERE);
    const abort = new AbortController();
    const wish = assert.rejects(
      dialler.connect(ALI, abort.signal),
      fail('connectionCancelled', { name: 'ali' }),
    );
    abort.abort();
    await wish;
    assert.deepEqual(underWay(), [false]);
  });

  it('goes on for the other window when one of two that wished has gone', async () => {
    people.setDirectory(HERE);
    const [one, other] = [new AbortController(), new AbortController()];
    const cancelled = fail('connectionCancelled', { name: 'ali' });
    const gone = assert.rejects(dialler.connect(ALI, one.signal), cancelled);
    const wish = dialler.connect(ALI, other.signal);
    one.abort();
    await gone;
    assert.deepEqual([underWay(), people.contact(ALI)?.connectWanted], [[true], true]);
    dialler.onUp(ALI);
    await wish;
  });

  it('calls nothing off for a window whose wish has had its outcome', async () => {
    people.setDirectory(HERE);
    const abort = new AbortController();
    const wish = assert.rejects(dialler.connect(ALI, abort.signal), fail('peerAway', { name: 'ali' }));
    dialler.onEnd(ALI, { kind: 'lost' });
    await wish;
    abort.abort();
    assert.deepEqual([underWay(), people.contact(ALI)?.connectWanted], [[true], true]);
  });

  it('lets go of every wish when the engine ends', async () => {
    people.setDirectory(HERE);
    const wish = assert.rejects(dialler.connect(ALI), fail('engineGone', {}));
    dialler.dispose();
    await wish;
    dialler.considerAll();
    assert.deepEqual(underWay(), [false]);
  });

  it('says that nobody is signed up any more to whoever waits when my person signs out', async () => {
    people.setDirectory(HERE);
    const wish = assert.rejects(dialler.connect(ALI), fail('notSignedUp', {}));
    dialler.endAll();
    await wish;
  });

  for (const [error, failure] of [
    [fail('keyChanged', { name: 'ali' }), fail('keyChanged', { name: 'ali' })],
    [new OtherKeyError('another key'), fail('otherKeyAnswers', { name: 'ali' })],
    [new Error('ECONNREFUSED'), fail('peerAway', { name: 'ali' })],
  ] as const)
    it(`says in words why nobody was reached: ${failure.failure.code}`, async () => {
      people.setDirectory(HERE);
      lost = error;
      await assert.rejects(dialler.connect(ALI), { failure: failure.failure });
      assert.equal(published.state.peers[ALI]?.link, 'none');
    });

  it('is done at once where a link is up', async () => {
    people.setDirectory(HERE);
    const channel = new ToldChannel(ALI);
    links.adopt(channel.channel);
    channel.hello();
    await dialler.connect(ALI);
    dialler.cancel(ALI);
    assert.deepEqual([dials, channel.isClosed], [[], false], 'nor can that be called off');
  });

  it('says yes to whoever asks already, instead of dialling them', async () => {
    const channel = new ToldChannel(BABAK);
    links.adopt(channel.channel);
    channel.hello({ name: 'babak' });
    await dialler.connect(BABAK);
    assert.deepEqual([channel.lastWord, people.contact(BABAK)?.standing], [{ kind: 'accept' }, 'accepted']);
    assert.deepEqual(dials, []);
  });

  it('leaves whoever my person disconnects from, until something is written to them', () => {
    const channel = new ToldChannel(ALI);
    links.adopt(channel.channel);
    channel.hello();
    people.setDirectory(HERE);
    dialler.disconnect(ALI);
    dialler.considerAll();
    assert.deepEqual([channel.lastWord, dials], [{ kind: 'close', reason: 'disconnected' }, []]);
    dialler.want(ALI);
    assert.deepEqual([underWay(), people.contact(ALI)?.connectWanted], [[true], true]);
  });

  it('dials again whoever it was connected with when that link is lost', () => {
    people.setDirectory(HERE);
    const channel = new ToldChannel(ALI);
    links.adopt(channel.channel);
    channel.hello();
    dialler.considerAll();
    assert.deepEqual(dials, []);
    channel.lose();
    time.runUntil(() => dials.length > 0, LONG_MS);
    assert.equal(dials.length, 1);
  });
});
