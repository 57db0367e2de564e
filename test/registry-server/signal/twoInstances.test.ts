// Two instances on one real Redis: whoever is at one is told of, and reached from, the other.

import assert from 'node:assert/strict';
import { openBus } from '../../../registry-server/signal/openBus.ts';
import { connectRedis } from '../../../registry-server/store/connectRedis.ts';
import { RedisStore } from '../../../registry-server/store/redisStore.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { SIGNAL_CLOSE } from '../../../src/contract/signal.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { signedPeer } from '../signedPeer.ts';
import { eventually, type Instance, startInstance } from './instance.ts';
import { Key, SignalClient } from './signalClient.ts';

const LOG = loggerOf('test', () => undefined);

describe('two instances on one Redis', function () {
  this.timeout(60_000);

  let redis: TestRedis;
  let a: Instance;
  let b: Instance;
  const clients: SignalClient[] = [];

  async function instance(): Promise<Instance> {
    const client = await connectRedis(redis.url, LOG);
    return startInstance({ store: new RedisStore(client), bus: await openBus(client) });
  }

  async function open(at: Instance, key?: Key): Promise<SignalClient> {
    const client = await SignalClient.open(at.url, key);
    clients.push(client);
    return client;
  }

  beforeEach(async () => {
    redis = await startRedis();
    [a, b] = [await instance(), await instance()];
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all([a.close(), b.close()]);
    await redis.stop();
  });

  it('tell each other who comes and goes, and who is new', async () => {
    const sara = signedPeer();
    const client = await open(a);
    await client.watch(['Sara'], { newcomers: true });
    const startedAt = performance.now();
    await b.register(sara, 'Sara');
    await client.until(() => client.told.Sara === 'here', 'Sara');
    await b.signOff(sara, 'Sara');
    await client.until(() => client.told.Sara === 'away', 'end of Sara');
    assert.ok(performance.now() - startedAt < 2_000);
    assert.equal((await client.next('newcomers')).people[0]?.name, 'Sara');
  });

  it('go on telling after one of them is gone, at the other', async () => {
    const sara = signedPeer();
    await a.register(sara, 'Sara');
    const client = await open(a);
    await client.watch(['Sara']);
    const have = (await client.next('people')).people.map(({ name, version }) => ({ name, have: version }));
    await a.registry.close();
    assert.equal((await client.closed).code, SIGNAL_CLOSE.stopping);
    const again = await open(b, client.key);
    again.send({ kind: 'watch', id: 1, add: have, remove: [] });
    await again.next('present');
    assert.deepEqual(again.told, {});
    await b.signOff(sara, 'Sara');
    await again.until(() => again.told.Sara === 'away', 'end of Sara');
  });

  it('pass signals on, and say when the key is at neither', async () => {
    const [here, there] = [await open(a), await open(b)];
    here.send({ kind: 'signal', id: 1, to: there.key.fingerprint, body: 'sealed' });
    assert.deepEqual(await there.next('signal'), {
      ...{ kind: 'signal', from: here.key.fingerprint },
      body: 'sealed',
    });
    here.send({ kind: 'signal', id: 9, to: new Key().fingerprint, body: 'x' });
    assert.equal((await here.next('undeliverable', ({ id }) => id === 9)).reason, 'offline');
  });

  it('do not relay between each other, and say so', async () => {
    const [here, there] = [await open(a), await open(b)];
    here.send({ kind: 'relayOpen', id: 1, to: there.key.fingerprint });
    assert.deepEqual(await here.next('relayRefused'), { kind: 'relayRefused', id: 1, reason: 'elsewhere' });
  });

  it('keep one socket of a key between them, the newest', async () => {
    const older = await open(a);
    await open(b, older.key);
    assert.equal((await older.closed).code, SIGNAL_CLOSE.replaced);
  });

  it('tell watchers that Redis is away, and everything that changed once it is back', async () => {
    const client = await open(a);
    await client.watch(['Sara']);
    await redis.stop();
    await client.next('stale');
    redis = await startRedis(redis.port);
    await client.next('fresh');
    await eventually(() => {
      void b.register(signedPeer(), 'Sara').catch(() => undefined);
      return client.told.Sara === 'here';
    });
  });
});
