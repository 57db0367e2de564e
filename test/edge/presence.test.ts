// Who comes and who goes, over real processes: engines without a display, registries as they are started, a real Redis.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRegistry } from '../../registry-server/registryServer.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import { loggerOf } from '../../src/base/logger.ts';
import { RegistryProcess } from '../registry-server/registryProcess.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { startRedis, startRedisWith, type TestRedis } from '../support/redis.ts';
import { Switchboard } from '../support/switchboard.ts';
import type { TestWindow } from '../support/testWindow.ts';
import { until } from '../support/until.ts';

describe('presence', function () {
  this.timeout(90_000);

  let folder: string;
  let redis: TestRedis;
  const toClose: (() => Promise<unknown>)[] = [];

  before(async () => {
    redis = await startRedis();
  });

  after(() => redis.stop());

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-presence-'));
  });

  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((close) => close()));
    await rm(folder, { recursive: true, force: true });
  });

  async function registry(...store: string[]): Promise<RegistryProcess> {
    const started = await RegistryProcess.start(...store);
    toClose.push(() => started.kill());
    return started;
  }

  async function person(name: string, url: string): Promise<HeadlessEngine> {
    const engine = await HeadlessEngine.start(path.join(folder, name));
    toClose.push(() => engine.stop());
    await engine.window.request('signUp', { name, registryUrl: url });
    return engine;
  }

  async function shown(window: TestWindow, name: string, presence: 'here' | 'away', ms?: number) {
    await window.until(
      ({ peers }) => Object.values(peers).some((peer) => peer.name === name && peer.presence === presence),
      ms,
    );
  }

  /** How long until `window` shows it, counted from when `act` was done. */
  async function msUntil(
    window: TestWindow,
    name: string,
    presence: 'here' | 'away',
    act: () => Promise<unknown>,
  ) {
    await act();
    const doneAt = performance.now();
    await shown(window, name, presence);
    return performance.now() - doneAt;
  }

  /** Bob comes, goes and comes again; Sara sees each within a second. */
  async function comesAndGoes(sara: HeadlessEngine, urlOfBob: string): Promise<void> {
    const bob = await HeadlessEngine.start(path.join(folder, 'bob'));
    toClose.push(() => bob.stop());
    const signUp = () => bob.window.request('signUp', { name: 'bob', registryUrl: urlOfBob });
    const signOut = () => bob.window.request('signOut', null);
    const times = {
      newcomer: await msUntil(sara.window, 'bob', 'here', signUp),
      leave: await msUntil(sara.window, 'bob', 'away', signOut),
      join: await msUntil(sara.window, 'bob', 'here', signUp),
      leaveAgain: await msUntil(sara.window, 'bob', 'away', signOut),
    };
    for (const [what, ms] of Object.entries(times)) assert.ok(ms < 1_000, `${what}: ${ms} ms`);
  }

  it('is seen within a second between two people at one registry with a file', async () => {
    const { url } = await registry('--data', path.join(folder, 'registry.db'));
    await comesAndGoes(await person('sara', url), url);
  });

  it('is seen within a second between two people at two instances on one Redis', async () => {
    const [a, b] = [await registry('--redis', redis.url), await registry('--redis', redis.url)];
    await comesAndGoes(await person('sara', a.url), b.url);
  });

  it('is asked for where a registry has no such socket', async () => {
    const store = new SqliteStore(':memory:');
    const limits = { requestsPerSecond: 0, burst: 0, limitLoopback: false };
    const parts = {
      store,
      limits,
      log: loggerOf('registry', () => undefined),
      clock: { now: () => Date.now() },
    };
    const old = await startRegistry({ ...parts, port: 0, host: '127.0.0.1' });
    old.server.removeAllListeners('upgrade');
    toClose.push(() => old.close());
    const sara = await person('sara', old.url);
    const bob = await person('bob', old.url);
    await shown(sara.window, 'bob', 'here');
    await bob.window.request('signOut', null);
    await shown(sara.window, 'bob', 'away');
  });

  it('is right again within ten seconds after the instance that somebody was at is killed', async () => {
    const [a, b] = [await registry('--redis', redis.url), await registry('--redis', redis.url)];
    const board = await Switchboard.inFrontOf(a.port);
    toClose.push(() => board.close());
    const sara = await person('cem', board.url);
    const bob = await person('dora', b.url);
    await shown(sara.window, 'dora', 'here');
    board.switchTo(b.port);
    await a.kill();
    const killedAt = performance.now();
    await bob.window.request('signOut', null);
    await shown(sara.window, 'dora', 'away');
    const ms = performance.now() - killedAt;
    assert.ok(ms < 10_000, `${ms} ms`);
    assert.equal(sara.window.state.registry.kind, 'joined');
  });

  it('is right again within ten seconds after Redis was restarted, and no name is lost', async () => {
    const settings = { appendonly: 'yes', dir: folder };
    const before = await startRedisWith({ settings });
    const a = await registry('--redis', before.url);
    const b = await registry('--redis', before.url);
    const sara = await person('sara', a.url);
    const bob = await person('bob', b.url);
    await shown(sara.window, 'bob', 'here');
    await before.stop();
    const again = await startRedisWith({ port: before.port, settings });
    toClose.push(() => again.stop());
    const backAt = performance.now();
    const dora = await HeadlessEngine.start(path.join(folder, 'dora'));
    toClose.push(() => dora.stop());
    await until('a registry that answers', 10_000, async () => {
      await dora.window.request('signUp', { name: 'dora', registryUrl: b.url });
      return true;
    });
    await bob.window.request('signOut', null);
    await Promise.all([shown(sara.window, 'dora', 'here'), shown(sara.window, 'bob', 'away')]);
    const ms = performance.now() - backAt;
    assert.ok(ms < 10_000, `${ms} ms`);
    assert.equal(sara.window.state.registry.kind, 'joined');
  });
});
