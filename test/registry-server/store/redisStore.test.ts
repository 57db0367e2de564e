// The Redis store against a real redis-server: the common suite, what Redis does by itself, and Redis going away.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { connectRedis } from '../../../registry-server/store/connectRedis.ts';
import {
  ENTRIES_KEY,
  LIST,
  NAMES_KEY,
  peerKey,
  SEEN_KEY,
} from '../../../registry-server/store/redisScripts.ts';
import { RedisStore } from '../../../registry-server/store/redisStore.ts';
import { StoreAway } from '../../../registry-server/store/store.ts';
import { type Logger, loggerOf } from '../../../src/base/logger.ts';
import { BINDING_MS } from '../../../src/contract/registry.ts';
import { startRedis, startRedisWith, type TestRedis } from '../../support/redis.ts';
import { registrationOf } from './registrationOf.ts';
import { storeSuite } from './storeSuite.ts';
import { breakUnderLoad } from './underLoad.ts';

const NOW = 1_800_000_000_000;

/** Not `once`: that one ends at the first refused reconnection. */
function next(client: Redis, event: 'ready' | 'reconnecting'): Promise<void> {
  return new Promise((resolve) => client.once(event, () => resolve()));
}

describe('the Redis store', function () {
  // A real process is started; it is ready in a fraction of this.
  this.timeout(60_000);

  let server: TestRedis;
  let client: Redis;
  let watcher: Redis;
  let lines: string[];
  let log: Logger;

  before(async () => {
    server = await startRedis();
    // It comes back by itself when the test has restarted Redis.
    watcher = new Redis(server.url).on('error', () => undefined);
  });

  beforeEach(async () => {
    lines = [];
    log = loggerOf('store', ({ text }) => lines.push(text));
    await watcher.flushall();
    client = (await connectRedis(server.url, log)) as Redis;
  });

  afterEach(() => client.disconnect());

  after(async () => {
    watcher.disconnect();
    await server.stop();
  });

  storeSuite(async () => ({
    store: new RedisStore(client),
    countKept: () => watcher.zcard(NAMES_KEY),
  }));

  it('leaves the end of a record to Redis, 30 days after the last word of its owner', async () => {
    const store = new RedisStore(client);
    const { keys, ...rest } = registrationOf('Sara', NOW);
    await store.register({ keys, ...rest }, NOW);
    await watcher.pexpire(peerKey(keys.skeleton), 5_000);
    await store.signOff({ keys, fingerprint: rest.fingerprint, signedAt: NOW + 1 }, NOW + 1);
    const left = await watcher.pttl(peerKey(keys.skeleton));
    assert.ok(left > BINDING_MS - 60_000 && left <= BINDING_MS, `${left}`);
  });

  it('asks for a page in two commands, however many names it has', async () => {
    const store = new RedisStore(client);
    for (let i = 0; i < 30; i++) await store.register(registrationOf(`peer ${i}`, NOW), NOW);
    await watcher.config('RESETSTAT');
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 25 }, NOW);
    assert.equal(entries.length, 25);
    const stats = await watcher.info('commandstats');
    const calls = [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map(
      ([, command, count]) => `${command} ${count}`,
    );
    assert.deepEqual(calls.filter((call) => !/^(config|info|client)/.test(call)).sort(), [
      'hmget 1',
      'zrange 1',
    ]);
  });

  it('keeps in the directory what was signed last, in whichever order it was told', async () => {
    const store = new RedisStore(client);
    await store.register(registrationOf('Sara', NOW), NOW);
    const early = await watcher.hgetall(ENTRIES_KEY);
    await store.register(registrationOf('Sara', NOW + 1), NOW + 1);
    const [[skeleton = '', text = ''] = []] = Object.entries(early);
    const args = [skeleton, text, NOW, NOW - BINDING_MS, 16];
    await watcher.eval(LIST, 3, NAMES_KEY, ENTRIES_KEY, SEEN_KEY, ...args);
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 10 }, NOW);
    assert.deepEqual(
      entries.map(({ lastSeenAt }) => lastSeenAt),
      [NOW + 1],
    );
  });

  it('takes a name from the directory when its owner gives it up again, though the first time ended half-way', async () => {
    const store = new RedisStore(client);
    const { keys, fingerprint } = registrationOf('Sara', NOW);
    await store.register(registrationOf('Sara', NOW), NOW);
    await watcher.del(peerKey(keys.skeleton));
    const again = { keys, fingerprint, signedAt: NOW + 1 };
    assert.deepEqual(await store.release(again, NOW + 1), { kind: 'unknown' });
    assert.deepEqual((await store.page({ prefix: '', after: undefined, limit: 10 }, NOW)).entries, []);
    assert.equal(await watcher.exists(NAMES_KEY, ENTRIES_KEY, SEEN_KEY), 0);
  });

  it('puts the directory right again with the next refresh', async () => {
    const store = new RedisStore(client);
    await store.register(registrationOf('Sara', NOW), NOW);
    await watcher.del(NAMES_KEY, SEEN_KEY);
    await store.register(registrationOf('Sara', NOW + 1), NOW + 1);
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 10 }, NOW);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['Sara'],
    );
  });

  it('keeps everything below its own prefix and asks for no list of all keys', async () => {
    const store = new RedisStore(client);
    await watcher.config('RESETSTAT');
    await store.register(registrationOf('Sara', NOW), NOW);
    await store.page({ prefix: 's', after: undefined, limit: 10 }, NOW);
    await store.find(registrationOf('Sara', NOW).keys, NOW);
    assert.doesNotMatch(await watcher.info('commandstats'), /cmdstat_(keys|scan|smembers|hgetall|sort)/);
    const keys = await watcher.keys('*');
    assert.deepEqual(keys.sort(), ['hamta:peer:{sara}', NAMES_KEY, ENTRIES_KEY, SEEN_KEY].sort());
  });

  it('puts what changes in one step into one slot, whatever braces the name has', async () => {
    const store = new RedisStore(client);
    for (const name of ['{a}', '}', '{', 'a}b{c']) {
      assert.deepEqual(await store.register(registrationOf(name, NOW), NOW), { kind: 'created' });
      assert.match((await store.find(registrationOf(name, NOW).keys, NOW))?.recordText ?? '', /^\{"name":/);
    }
    assert.equal(peerKey('sara'), 'hamta:peer:{sara}');
  });

  it('goes on when Redis has forgotten the scripts', async () => {
    const store = new RedisStore(client);
    await store.register(registrationOf('Sara', NOW), NOW);
    await watcher.script('FLUSH');
    assert.deepEqual(await store.register(registrationOf('Sara', NOW + 1), NOW + 1), { kind: 'refreshed' });
  });

  it('tells away at once while Redis is gone, and works again when it is back', async () => {
    const store = new RedisStore(client);
    await store.register(registrationOf('Sara', NOW), NOW);
    const away = next(client, 'reconnecting');
    await server.stop();
    await away;
    const { keys } = registrationOf('Sara', NOW);
    await assert.rejects(store.register(registrationOf('Sara', NOW + 1), NOW + 1), StoreAway);
    await assert.rejects(store.find(keys, NOW), StoreAway);
    await assert.rejects(store.page({ prefix: '', after: undefined, limit: 10 }, NOW), StoreAway);
    await assert.rejects(store.ping(), StoreAway);
    const back = next(client, 'ready');
    server = await startRedis(server.port);
    await back;
    assert.deepEqual(await store.register(registrationOf('Sara', NOW + 2), NOW + 2), { kind: 'created' });
    assert.equal(lines.length, 2, lines.join('\n'));
    assert.match(lines[0] ?? '', /^Redis at 127\.0\.0\.1:\d+\/0 is away \(.+\); answering 503$/);
    assert.match(lines[1] ?? '', /^Redis at 127\.0\.0\.1:\d+\/0 is back$/);
  });

  it('gives up what Redis holds back for too long', async () => {
    const store = new RedisStore(client);
    await watcher.call('CLIENT', 'PAUSE', '60000', 'ALL').catch(() => undefined);
    await assert.rejects(store.ping(), StoreAway);
    await server.stop();
    server = await startRedis(server.port);
  });

  it('is back in less than 10 s after Redis was killed under load and started again, with every name', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'hamta-redis-'));
    const settings = { dir, appendonly: 'yes' };
    let durable = await startRedisWith({ settings });
    const store = new RedisStore(await connectRedis(durable.url, log));
    const restart = async () => {
      await durable.stop();
      durable = await startRedisWith({ settings, port: durable.port });
    };
    try {
      const { backAfterMs, statuses, names } = await breakUnderLoad(store, async () => undefined, restart);
      assert.ok(backAfterMs < 10_000, `${backAfterMs}`);
      assert.equal(statuses.get(201), names.length);
    } finally {
      await store.close();
      await durable.stop();
      rmSync(dir, { recursive: true });
    }
  });

  it('says at the start what to do when no Redis answers, without the password', async () => {
    const url = 'redis://sara:secret@127.0.0.1:1/3';
    await assert.rejects(connectRedis(url, log), (error: Error) => {
      assert.match(
        error.message,
        /^no Redis can be used at 127\.0\.0\.1:1\/3 \(.*ECONNREFUSED.*\)\. Start Redis/,
      );
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });

  it('says at the start when the password is wrong', async () => {
    const url = `redis://nobody:secret@127.0.0.1:${server.port}/0`;
    await assert.rejects(connectRedis(url, log), /WRONGPASS/);
  });
});
