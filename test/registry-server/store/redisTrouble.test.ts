// A Redis that is there and of no use: its memory is full, it is or becomes a replica, or the road to it is dead without a word.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { connectRedis } from '../../../registry-server/store/connectRedis.ts';
import { peerKey } from '../../../registry-server/store/redisScripts.ts';
import { RedisStore } from '../../../registry-server/store/redisStore.ts';
import { StoreAway } from '../../../registry-server/store/store.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { startRedis, startRedisWith, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/until.ts';
import { registrationOf } from './registrationOf.ts';

const NOW = 1_800_000_000_000;

/** A road to a server whose connections of now can be made to carry nothing any more, without being closed. */
class Road {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Road> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const road = new Road(server);
    server.on('connection', (from) => {
      const there = connect(port, '127.0.0.1');
      for (const socket of [from, there]) road.#sockets.push(socket.on('error', () => undefined));
      from.pipe(there).pipe(from);
    });
    return road;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What comes from now on on these is swallowed. */
  die(): void {
    for (const socket of this.#sockets) socket.unpipe().removeAllListeners('data').resume();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe('the Redis store in trouble', function () {
  // Real processes are started, and a dead road is only known after seconds.
  this.timeout(60_000);

  let server: TestRedis;
  let watcher: Redis;
  let lines: string[];
  const stores: RedisStore[] = [];

  async function storeAt(url: string): Promise<RedisStore> {
    const log = loggerOf('store', ({ text }) => lines.push(text));
    const store = new RedisStore(await connectRedis(url, log));
    stores.push(store);
    return store;
  }

  beforeEach(async () => {
    lines = [];
    server = await startRedis();
    watcher = new Redis(server.url).on('error', () => undefined);
  });

  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    watcher.disconnect();
    await server.stop();
  });

  it('binds no name while the memory is full, and forgets no release', async () => {
    const store = await storeAt(server.url);
    const { keys, fingerprint } = registrationOf('Sara', NOW);
    await store.register(registrationOf('Sara', NOW), NOW);
    await store.release({ keys, fingerprint, signedAt: NOW + 2 }, NOW + 2);
    await watcher.config('SET', 'maxmemory', '1');
    for (const name of ['Sara', 'Bob']) {
      await assert.rejects(store.register(registrationOf(name, NOW + 3), NOW + 3), (error: Error) => {
        assert.ok(error instanceof StoreAway && !error.isCutOff);
        assert.match(error.message, /^OOM /);
        return true;
      });
    }
    assert.equal(await watcher.exists(peerKey('bob')), 0);
    await watcher.config('SET', 'maxmemory', '0');
    assert.equal((await store.register(registrationOf('Sara', NOW + 1), NOW + 3)).kind, 'stale');
    assert.equal((await store.register(registrationOf('Sara', NOW + 3), NOW + 3)).kind, 'created');
    assert.deepEqual(await watcher.hmget(peerKey('sara'), 'releasedAt', 'keptUntil'), [null, null]);
  });

  it('lets a name be given up while the memory is full', async () => {
    const store = await storeAt(server.url);
    const { keys, fingerprint } = registrationOf('Sara', NOW);
    await store.register(registrationOf('Sara', NOW), NOW);
    await watcher.config('SET', 'maxmemory', '1');
    const { kind } = await store.release({ keys, fingerprint, signedAt: NOW + 2 }, NOW + 2);
    assert.equal(kind, 'released');
    assert.equal(await store.find(keys, NOW + 3), undefined);
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 9 }, NOW + 3);
    assert.deepEqual(entries, []);
    await watcher.config('SET', 'maxmemory', '0');
    assert.equal((await store.register(registrationOf('Sara', NOW + 1), NOW + 3)).kind, 'stale');
  });

  it('does not start at a replica that takes no names', async () => {
    const replica = await startRedisWith({ settings: { replicaof: `127.0.0.1 ${server.port}` } });
    await assert.rejects(storeAt(replica.url), /read-only replica/);
    await replica.stop();
  });

  it('does not start at a database that its Redis does not have', async () => {
    await assert.rejects(storeAt(`redis://127.0.0.1:${server.port}/99`), /\/99 \(.*out of range/);
  });

  it('answers look-ups while its Redis is a replica, and does not fill the log', async () => {
    const master = await startRedis();
    const store = await storeAt(server.url);
    await watcher.replicaof('127.0.0.1', master.port);
    const refused = store.register(registrationOf('Sara', NOW), NOW);
    await assert.rejects(refused, /^StoreAway: READONLY/);
    await assert.rejects(store.register(registrationOf('Sara', NOW), NOW), /^StoreAway: READONLY/);
    assert.equal(await store.find(registrationOf('Sara', NOW).keys, NOW), undefined);
    await watcher.replicaof('NO', 'ONE');
    assert.equal((await store.register(registrationOf('Sara', NOW), NOW)).kind, 'created');
    assert.deepEqual(lines, []);
    await master.stop();
  });

  it('tells why it is away this time, not why it was the last time', async () => {
    const log = loggerOf('store', ({ text }) => lines.push(text));
    const client = await connectRedis(server.url, log);
    const isBack = (times: number) => async () =>
      lines.filter((line) => / is back$/.test(line)).length === times;
    const refused = new Promise((resolve) => client.once('error', resolve));
    await server.stop();
    await refused;
    server = await startRedis(server.port);
    await until('Redis', 10_000, isBack(1));
    await watcher.ping();
    await watcher.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await until('Redis again', 10_000, isBack(2));
    assert.match(lines[2] ?? '', / is away \(connection closed\); /);
    client.disconnect();
  });

  it('comes back within seconds where the road is dead and nobody says so', async () => {
    const road = await Road.to(server.port);
    const store = await storeAt(road.url);
    road.die();
    await assert.rejects(store.ping(), StoreAway);
    await until('another road', 15_000, async () => {
      await store.ping();
      return true;
    });
    road.close();
  });
});
