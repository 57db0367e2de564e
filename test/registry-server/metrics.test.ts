// What is counted, who may read it, and that nobody is named in it.

import assert from 'node:assert/strict';
import { Metrics } from '../../registry-server/metrics.ts';
import { MeasuredStore } from '../../registry-server/store/measuredStore.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import { StoreAway } from '../../registry-server/store/store.ts';
import { loggerOf } from '../../src/base/logger.ts';
import { signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

describe('the metrics of the registry', () => {
  const sara = signedPeer();
  let registry: TestRegistry;
  let metrics: Metrics;

  afterEach(() => registry.close());

  async function start(more: object = {}): Promise<void> {
    metrics = new Metrics();
    const log = loggerOf('registry', () => undefined);
    const store = new MeasuredStore(new SqliteStore(':memory:'), metrics, log);
    registry = await testRegistry({ store, more: { metrics, ...more } });
  }

  async function text(headers: Record<string, string> = {}): Promise<string> {
    const response = await fetch(`${registry.url}/metrics`, { headers });
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    return response.text();
  }

  it('count requests by call, method and answer, and time them and the store', async () => {
    await start({ metricsReaders: 'local' });
    // Course clients first: they are seen on new connections only.
    await registry.ask('GET', '/get_all_peers');
    await registry.ask('GET', '/get_peer_info/Ali');
    await registry.ask('PUT', '/v1/peers/Sara', sara.registration('Sara', registry.clock.time));
    await registry.ask('GET', '/v1/peers/Sara');
    await registry.ask('GET', '/v1/peers/Nobody');
    await registry.ask('GET', '/v1/peers');
    await registry.ask('PATCH', '/nothing');
    const lines = await text();
    for (const line of [
      'hamta_registry_requests_total{route="peer",method="PUT",status="201"} 1',
      'hamta_registry_requests_total{route="peer",method="GET",status="200"} 1',
      'hamta_registry_requests_total{route="peer",method="GET",status="404"} 1',
      'hamta_registry_requests_total{route="peers",method="GET",status="200"} 1',
      'hamta_registry_requests_total{route="other",method="other",status="404"} 1',
      'hamta_registry_request_seconds_count{route="peer"} 3',
      'hamta_registry_store_seconds_count{call="register"} 1',
      'hamta_registry_store_seconds_count{call="find"} 3',
      'hamta_registry_store_seconds_count{call="classicNames"} 1',
      'hamta_registry_store_seconds_count{call="classicFind"} 1',
    ]) {
      assert.ok(lines.includes(`${line}\n`), line);
    }
  });

  it('name nobody, and have no more labels than there are calls, whatever is asked', async () => {
    await start({ metricsReaders: 'all' });
    await registry.ask('PUT', '/v1/peers/Sara', sara.registration('Sara', registry.clock.time));
    for (let i = 0; i < 50; i++) await registry.ask('GET', `/v1/peers/x${i}`);
    for (let i = 0; i < 50; i++) await registry.ask('GET', `/y${i}`);
    const lines = await text();
    assert.doesNotMatch(lines, /sara|x1\b|y1\b|127\.0\.0\.1/i);
    assert.equal(lines.match(/^hamta_registry_requests_total\{/gm)?.length, 3);
  });

  it('are not there for others when they are for this machine, nor for anybody when they are off', async () => {
    await start({ metricsReaders: 'local', trustedHops: 1 });
    const from = (address: string) =>
      registry.ask('GET', '/metrics', undefined, { 'X-Forwarded-For': address });
    assert.equal((await from('198.51.100.7')).status, 404);
    assert.equal((await fetch(`${registry.url}/metrics`)).status, 200);
    await registry.close();
    await start({ metricsReaders: 'off' });
    assert.equal((await fetch(`${registry.url}/metrics`)).status, 404);
  });

  it('are at one path only, so that a proxy can keep it from others', async () => {
    await start({ metricsReaders: 'all' });
    for (const path of ['/metrics/', '/metrics//', '//metrics', '/Metrics', '/metrics/x', '/%6detrics']) {
      assert.equal((await fetch(registry.url + path)).status, 404, path);
    }
  });

  it('are not for those who come through a proxy on this machine', async () => {
    await start({ metricsReaders: 'local' });
    const proxied = [{ 'X-Forwarded-For': '198.51.100.7' }, { Forwarded: 'for=198.51.100.7' }];
    for (const headers of proxied) {
      assert.equal((await registry.ask('GET', '/metrics', undefined, headers)).status, 404);
    }
  });

  it('say how often the store was away', async () => {
    metrics = new Metrics();
    metrics.storeCalled('find', 3, true);
    registry = await testRegistry({ more: { metrics, metricsReaders: 'all' } });
    assert.match(await text(), /^hamta_registry_store_away_total\{call="find"\} 1$/m);
  });
});

describe('a store that is measured', () => {
  async function linesOf(...errors: StoreAway[]): Promise<string[]> {
    const lines: string[] = [];
    const store = new SqliteStore(':memory:');
    const log = loggerOf('registry', ({ level, text }) => lines.push(`${level} ${text}`));
    const measured = new MeasuredStore(store, new Metrics(), log);
    for (const error of errors) {
      store.ping = () => Promise.reject(error);
      await assert.rejects(measured.ping(), error);
    }
    await store.close();
    return lines;
  }

  it('has in the log why it does not do what it is asked, however often, once', async () => {
    const full = new StoreAway('OOM command not allowed when used memory > maxmemory');
    assert.deepEqual(await linesOf(full, full, full), [
      'warn the store does not do what it is asked (OOM command not allowed when used memory > maxmemory); answering 503',
    ]);
  });

  it('leaves it to its connection to say that this is lost', async () => {
    assert.deepEqual(await linesOf(new StoreAway('Connection is closed.', { isCutOff: true })), []);
  });
});
