// Who comes and who goes, as the signal socket tells it over real connections.

import assert from 'node:assert/strict';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import { READS_AT_ONCE } from '../../../registry-server/signal/params.ts';
import { nameTopic } from '../../../registry-server/signal/presenceBus.ts';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import { BINDING_MS, LEASE_MS } from '../../../src/contract/registry.ts';
import { MAX_NAMES_IN_FRAME, type WatchedName } from '../../../src/contract/signal.ts';
import { signedPeer } from '../signedPeer.ts';
import { eventually, type Instance, startInstance } from './instance.ts';
import { roomForEach } from './room.ts';
import { SignalClient } from './signalClient.ts';

/** A bus that says what is followed. */
class KnownBus extends LocalBus {
  readonly topics = new Set<string>();

  override follow(topic: string): Promise<void> {
    this.topics.add(topic);
    return super.follow(topic);
  }

  override unfollow(topic: string): void {
    this.topics.delete(topic);
    super.unfollow(topic);
  }
}

/** A store that finds nothing before it is told to. */
class SlowStore extends SqliteStore {
  readonly mayFind = Promise.withResolvers<void>();

  override async find(...question: Parameters<SqliteStore['find']>) {
    await this.mayFind.promise;
    return super.find(...question);
  }
}

describe('presence over the signal socket', function () {
  this.timeout(30_000);

  const room = roomForEach();

  it('tells first how it is, then who comes and who goes, each within a second', async () => {
    const [sara, bob] = [signedPeer(), signedPeer()];
    await room.instance.register(sara, 'Sara');
    const client = await room.open();
    await client.watch(['sARA', 'Bob']);
    assert.deepEqual(client.told, { Sara: 'here', Bob: 'nobody' });
    const registeredAt = performance.now();
    await room.instance.register(bob, 'Bob');
    await client.until(() => client.told.Bob === 'here', 'Bob');
    await room.instance.signOff(sara, 'Sara');
    await client.until(() => client.told.Sara === 'away', 'leave of Sara');
    assert.ok(performance.now() - registeredAt < 2_000);
  });

  it('says who holds the name: the key, and since when they are away', async () => {
    const sara = signedPeer();
    await room.instance.register(sara, 'Sara');
    await room.instance.signOff(sara, 'Sara');
    const client = await room.open();
    await client.watch(['Sara']);
    const [told] = (await client.next('people')).people;
    assert.equal(told?.holder?.fingerprint, sara.fingerprint);
    assert.ok(Date.now() - (told?.holder?.lastSeenAt ?? 0) < 10_000);
  });

  it('tells nobody of a heartbeat', async () => {
    const sara = signedPeer();
    await room.instance.register(sara, 'Sara');
    const client = await room.open();
    await client.watch(['Sara']);
    await room.instance.register(sara, 'Sara');
    await room.instance.register(signedPeer(), 'Other');
    await client.watch(['Other']);
    assert.equal(client.frames.filter(({ kind }) => kind === 'people').length, 2);
  });

  it('tells that somebody who stays has another address', async () => {
    const sara = signedPeer();
    await room.instance.register(sara, 'Sara');
    const client = await room.open();
    await client.watch(['Sara']);
    const [before] = (await client.next('people')).people;
    await room.instance.register(sara, 'Sara', { addresses: ['192.0.2.8'] });
    const isNews = ({ people: [sara] }: { people: WatchedName[] }) => sara?.version !== before?.version;
    const [after] = (await client.next('people', isNews)).people;
    assert.deepEqual([before?.holder?.online, after?.holder?.online], [true, true]);
  });

  it('makes one change of several within a moment', async () => {
    const sara = signedPeer();
    await room.instance.register(sara, 'Sara');
    const client = await room.open();
    await client.watch(['Sara', 'Bob']);
    const before = client.frames.length;
    await room.instance.signOff(sara, 'Sara');
    await room.instance.register(sara, 'Sara');
    await room.instance.register(signedPeer(), 'Bob');
    await client.until(() => client.told.Bob === 'here', 'Bob');
    await client.until(() => client.told.Sara === 'here', 'Sara');
    assert.ok(client.frames.length - before <= 3);
  });

  it('tells the end of a lease that nobody renewed', async () => {
    await room.instance.register(signedPeer(), 'Sara');
    const client = await room.open();
    await client.watch(['Sara']);
    room.instance.clock.aheadMs = LEASE_MS;
    // The registry looks at far deadlines every few seconds.
    await client.until(() => client.told.Sara === 'away', 'end of the lease');
  });

  it('tells that nobody has a name any more when it was given back or its binding is over', async () => {
    const sara = signedPeer();
    await room.instance.register(sara, 'Sara');
    const client = await room.open();
    await client.watch(['Sara']);
    room.instance.clock.aheadMs = BINDING_MS + 1;
    await client.until(() => client.told.Sara === 'nobody', 'end of the binding');
  });

  it('goes on where a client was: only what differs from what it has is told', async () => {
    const [sara, bob] = [signedPeer(), signedPeer()];
    await room.instance.register(sara, 'Sara');
    await room.instance.register(bob, 'Bob');
    const before = await room.open();
    await before.watch(['Sara', 'Bob', 'Nobody']);
    const have = (await before.next('people')).people.map(({ name, version }) => ({ name, have: version }));
    before.close();
    await room.instance.signOff(bob, 'Bob');
    const again = await room.open();
    again.send({ kind: 'watch', id: 1, add: have, remove: [] });
    await again.next('present');
    assert.deepEqual(again.told, { Bob: 'away' });
  });

  it('tells of names no longer that are not watched any more', async () => {
    const client = await room.open();
    await client.watch(['Sara', 'Bob']);
    client.send({ kind: 'watch', id: 99, add: [], remove: ['Sara'] });
    await client.next('present', ({ id }) => id === 99);
    await room.instance.register(signedPeer(), 'Sara');
    await room.instance.register(signedPeer(), 'Bob');
    await client.until(() => client.told.Bob === 'here', 'Bob');
    assert.equal(client.told.Sara, 'nobody');
    assert.equal(room.instance.registry.signalCounts().watchedNames, 1);
  });

  it('tells of newcomers to whoever asked, and of nobody who was here before', async () => {
    const sara = signedPeer();
    const [curious, other] = [await room.open(), await room.open()];
    await curious.watch([], { newcomers: true });
    await other.watch([]);
    await room.instance.register(sara, 'Sara');
    await curious.next('newcomers', ({ people }) => people[0]?.name === 'Sara');
    await room.instance.register(sara, 'Sara');
    await room.instance.register(signedPeer(), 'Bob');
    const { people, more } = await curious.next('newcomers', ({ people }) => people[0]?.name !== 'Sara');
    assert.deepEqual([people.map(({ name }) => name), more], [['Bob'], false]);
    assert.ok(!other.frames.some(({ kind }) => kind === 'newcomers'));
  });

  it('forgets what a socket watched when it is gone', async () => {
    const client = await room.open();
    await client.watch(['Sara', 'Bob']);
    assert.equal(room.instance.registry.signalCounts().watchedNames, 2);
    client.close();
    const other = await room.open();
    await other.watch(['Cem']);
    await eventually(() => room.instance.registry.signalCounts().watchedNames === 1);
  });

  describe('while the store is slow', () => {
    const bus = new KnownBus();
    const store = new SlowStore(':memory:');
    const clients: SignalClient[] = [];
    let instance: Instance;

    before(async () => {
      instance = await startInstance({ bus, store });
    });

    after(async () => {
      store.mayFind.resolve();
      for (const client of clients) client.close();
      await instance.close();
    });

    async function open(): Promise<SignalClient> {
      const client = await SignalClient.open(instance.url);
      clients.push(client);
      return client;
    }

    it('follows nothing for a socket that was gone before its names had their turn', async () => {
      const { signalCounts } = instance.registry;
      const client = await open();
      const inFrame = Array.from({ length: MAX_NAMES_IN_FRAME }, (_, i) => i);
      for (let id = 0; id * MAX_NAMES_IN_FRAME < 2 * READS_AT_ONCE; id++)
        client.send({ kind: 'watch', id, add: inFrame.map((i) => ({ name: `${id} ${i}` })), remove: [] });
      await eventually(() => signalCounts().watchedNames >= 2 * READS_AT_ONCE);
      client.close();
      await eventually(() => signalCounts().watchedNames === 0);
      store.mayFind.resolve();
      await (await open()).watch(['Sara']);
      const names = [...bus.topics].filter((topic) => topic.startsWith(nameTopic('')));
      assert.deepEqual(names, [nameTopic('sara')]);
    });
  });
});
