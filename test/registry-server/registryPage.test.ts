// docs/registry.md against running servers, in both directions: what is kept, what is logged, what is counted; and deploy/.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { configFields, helpText, parseConfig } from '../../registry-server/config.ts';
import { Metrics } from '../../registry-server/metrics.ts';
import { countServer } from '../../registry-server/serverMetrics.ts';
import { openBus } from '../../registry-server/signal/openBus.ts';
import { connectRedis } from '../../registry-server/store/connectRedis.ts';
import { RedisRates } from '../../registry-server/store/redisRates.ts';
import { ENTRIES_KEY } from '../../registry-server/store/redisScripts.ts';
import { RedisStore } from '../../registry-server/store/redisStore.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import { loggerOf } from '../../src/base/logger.ts';
import { startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { registrationOf } from './store/registrationOf.ts';

const MAIN = fileURLToPath(new URL('../../registry-server/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = readFileSync(path.join(ROOT, 'docs', 'registry.md'), 'utf8');
const NOW = Date.now();
const NO_SIGNALS = {
  ...{ sockets: 0, strangers: 0, watchedNames: 0, relayStreams: 0 },
  ...{ framesSent: 0, relayedBytes: 0, signals: 0, droppedReaders: 0 },
};

/** The first `columns` cells of each row of the table below a heading, without their backticks. */
function rowsBelow(heading: string, columns: number): string[] {
  const section = PAGE.split(`\n${heading}\n`)[1]?.split(/\n##+ /)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const cells = row.split('|').slice(1, 1 + columns);
    return cells.map((cell) => cell.trim().replaceAll('`', '')).join(' ');
  });
}

function deployed(file: string): string {
  return readFileSync(path.join(ROOT, 'deploy', file), 'utf8');
}

function sorted(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}

describe('the page about running a registry', function () {
  // Real processes are started.
  this.timeout(60_000);

  it('names each key and field in Redis, and none that is not there', async () => {
    const server = await startRedis();
    const client = await connectRedis(
      server.url,
      loggerOf('store', () => undefined),
    );
    const watcher = new Redis(server.url);
    const store = new RedisStore(client);
    try {
      await store.register(registrationOf('Sara', NOW), NOW);
      const given = registrationOf('Zoe', NOW);
      await store.register(given, NOW);
      await store.release({ ...given, signedAt: NOW + 1 }, NOW + 1);
      const course = { dialect: 's0', name: 'Ali', keys: registrationOf('Ali', NOW).keys } as const;
      await store.classic.register({ ...course, place: '192.0.2.1:4000', isOnce: false }, NOW);
      const limits = { requestsPerSecond: 1, burst: 9, limitLoopback: false };
      await new RedisRates(client).spend(new Map([['192.0.2.1', 3]]), limits, NOW);
      assert.deepEqual(sorted(await fieldsIn(watcher)), sorted(rowsBelow('### In Redis', 2)));
    } finally {
      watcher.disconnect();
      await store.close();
      await server.stop();
    }
  });

  it('names what a user of Redis must be allowed, and that is enough', async () => {
    const rules = /`(~hamta:\* [^`]+)`/.exec(PAGE)?.[1]?.split(' ') ?? [];
    const server = await startRedis();
    const watcher = new Redis(server.url);
    await watcher.call('ACL', 'SETUSER', 'hamta', 'on', '>secret', ...rules);
    const lines: string[] = [];
    const log = loggerOf('store', ({ text }) => lines.push(text));
    const client = await connectRedis(server.url.replace('//', '//hamta:secret@'), log);
    const [store, bus] = [new RedisStore(client), await openBus(client)];
    try {
      bus.listen({ heard: (_, text) => lines.push(text), road: (isUp) => lines.push(`road ${isUp}`) });
      await bus.follow('name:sara');
      const sara = registrationOf('Sara', NOW);
      const course = { dialect: 's0', name: 'Sara', keys: sara.keys } as const;
      await store.classic.register({ ...course, place: '192.0.2.1:4000', isOnce: false }, NOW);
      await store.classic.names('s0', NOW);
      await store.register(sara, NOW);
      await store.find(sara.keys, NOW);
      await store.page({ prefix: '', after: undefined, limit: 9 }, NOW);
      await store.signOff({ ...sara, signedAt: NOW + 1 }, NOW);
      await store.release({ ...sara, signedAt: NOW + 2 }, NOW);
      const limits = { requestsPerSecond: 1, burst: 9, limitLoopback: false };
      await new RedisRates(client).spend(new Map([['192.0.2.1', 3]]), limits, NOW);
      await bus.publish('name:sara', 'here');
      await until('the announcement', 10_000, async () => lines.length > 0);
      assert.deepEqual(lines, ['here']);
      assert.deepEqual(await watcher.acl('LOG'), []);
    } finally {
      bus.close();
      watcher.disconnect();
      await store.close();
      await server.stop();
    }
  });

  it('names each table and column of the file, and none that is not there', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hamta-page-'));
    const file = path.join(folder, 'registry.db');
    await new SqliteStore(file).close();
    const db = new DatabaseSync(file);
    const columns = db
      .prepare(
        `SELECT t.name || ' ' || c.name AS place FROM sqlite_schema t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
      )
      .all();
    db.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      sorted(columns.map(({ place }) => String(place))),
      sorted(rowsBelow('### In the file', 2)),
    );
  });

  it('names each field of the log, and none that is not there; no name and no address above debug', async () => {
    const redis = await startRedis();
    const args = [
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--redis',
      redis.url,
      '--log',
      'debug',
      '--log-format',
      'json',
    ];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    try {
      const [ready] = (await once(child.stdout, 'data')) as [Buffer];
      const url = /http:\S+/.exec(ready.toString())?.[0];
      await fetch(`${url}/v1/peers/SaraNobody`);
      await redis.stop();
      await until('the loss of Redis', 10_000, async () => said.includes('is away'));
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    } finally {
      child.kill('SIGKILL');
      await redis.stop();
    }
    const lines = said
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(sorted(lines.flatMap(Object.keys)), sorted(rowsBelow('## What is logged', 1)));
    const refusals = lines.filter(({ path: asked }) => asked !== undefined);
    assert.deepEqual(
      refusals.map(({ level, path: asked, address, problem }) => [level, asked, address, problem]),
      [['debug', '/v1/peers/SaraNobody', '127.0.0.1', 'not-found']],
    );
    const above = lines.filter(({ level }) => level !== 'debug');
    assert.doesNotMatch(JSON.stringify(above), /SaraNobody/);
  });

  it('names each metric of the registry, and none that is not there', async () => {
    const metrics = new Metrics();
    countServer(metrics, { signalCounts: () => NO_SIGNALS, stunCounts: () => undefined });
    const all = await metrics.registry.getMetricsAsJSON();
    assert.deepEqual(sorted(all.map(({ name }) => name)), sorted(rowsBelow('## Watching it', 1)));
  });

  it('and what is in deploy/ name only settings that there are, and files that there are', () => {
    const folder = path.join(ROOT, 'deploy');
    const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const help = helpText({ env: {}, platform: 'linux', homeDir: '/home/sara' });
    for (const [variable, rest = ''] of [PAGE, ...texts]
      .join('\n')
      .matchAll(/HAMTA_REGISTRY_([A-Z0-9_]+)/g)) {
      const flag = `--${rest.toLowerCase().replaceAll('_', '-')}`;
      assert.ok(help.includes(`${flag} `), variable);
    }
    for (const [, linked = ''] of PAGE.matchAll(/\]\(\.\.\/(deploy\/[^)]+)\)/g)) {
      assert.ok(readFileSync(path.join(ROOT, linked)).length > 0, linked);
    }
    const [balancer, compose] = ['haproxy.cfg', 'compose.yaml'].map((file) =>
      readFileSync(path.join(folder, file), 'utf8'),
    );
    for (const [, host] of balancer?.matchAll(/^ {2}server \S+ ([\w-]+):8000$/gm) ?? []) {
      assert.match(compose ?? '', new RegExp(`^ {2}${host}:$`, 'm'));
    }
    assert.doesNotMatch(compose ?? '', /\t/);
  });

  it('and the settings in deploy/ go together', () => {
    const settingsIn = (file: string) => {
      const text = readFileSync(path.join(ROOT, 'deploy', file), 'utf8').replaceAll(/^\s*#.*$/gm, '');
      const pairs = text.matchAll(/\b((?:HAMTA_REGISTRY|XDG)_[A-Z0-9_]+)(?:: |=)"?([^"\s\\]+)/g);
      return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
    };
    const configOf = (env: Record<string, string | undefined>) => {
      const config = parseConfig([], { env, platform: 'linux', homeDir: '/' });
      assert.ok(config !== 'help');
      return config;
    };
    const image = settingsIn('Dockerfile');
    const together = configOf({ ...image, ...settingsIn('compose.yaml') });
    assert.deepEqual([together.store.kind, together.trustedHops, together.logFormat], ['redis', 1, 'json']);
    const file = (env: Record<string, string | undefined>) => configFields(configOf(env)).store;
    assert.equal(file(image), 'embedded /data/hamta/hamta-registry.db');
    assert.equal(file(settingsIn('hamta-registry.service')), 'embedded /var/lib/hamta/hamta-registry.db');
    const exposed = /^EXPOSE 8000\/tcp (\d+)\/udp (\d+)\/udp$/m.exec(deployed('Dockerfile'));
    assert.deepEqual(configOf(image).stun, { port: Number(exposed?.[1]), port2: undefined });
    assert.equal(Number(exposed?.[2]), Number(exposed?.[1]) + 1);
    // Without, the system keeps from a service which addresses it has.
    assert.match(deployed('hamta-registry.service'), /^RestrictAddressFamilies=.*\bAF_NETLINK\b/m);
  });
});

/** Every key with each of its fields, as the page writes them. */
async function fieldsIn(redis: Redis): Promise<string[]> {
  const found: string[] = [];
  for (const key of await redis.keys('*')) {
    const shape = shapeOf(key);
    if ((await redis.type(key)) === 'zset') found.push(`${shape} members`);
    else found.push(...(await redis.hkeys(key)).map((field) => `${shape} ${fieldShapeOf(key, field)}`));
  }
  return found;
}

/** The fields of these hashes are what somebody chose. */
function fieldShapeOf(key: string, field: string): string {
  return key === ENTRIES_KEY ? '<name>' : field.replace(/^s\d:.*$/, '<dialect>:<name>');
}

function shapeOf(key: string): string {
  return key
    .replace(/^(hamta:(?:peer|classic)):\{.*\}$/, '$1:{<name>}')
    .replace(/^(hamta:rate):\{.*\}$/, '$1:{<address>}')
    .replace(/^hamta:\{classic:\w+\}/, 'hamta:{classic:<dialect>}');
}
