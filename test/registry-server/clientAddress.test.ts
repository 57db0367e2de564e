// Whom a request is from, behind proxies that are counted, and what a caller cannot make of that.

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { addressBehind } from '../../registry-server/clientAddress.ts';
import { exchange } from './classic/courseClient.ts';
import { signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

function addressOf(
  hops: number,
  forwarded: string | undefined,
  remoteAddress = '192.0.2.1',
): string | undefined {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return addressBehind(hops)({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);
}

const UPGRADE = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
];

describe('the address of a caller', () => {
  it('is that of the connection when no proxy is trusted, whatever the header says', () => {
    assert.equal(addressOf(0, '203.0.113.66'), '192.0.2.1');
    assert.equal(addressOf(0, undefined), '192.0.2.1');
  });

  it('is counted from the end, so that nothing that was written before is believed', () => {
    assert.equal(addressOf(1, '198.51.100.7'), '198.51.100.7');
    assert.equal(addressOf(1, '127.0.0.1, 203.0.113.66,198.51.100.7'), '198.51.100.7');
    assert.equal(addressOf(2, '127.0.0.1, 203.0.113.66, 198.51.100.7'), '203.0.113.66');
  });

  it('is the first entry when there are fewer than proxies, and the connection without any', () => {
    assert.equal(addressOf(3, '198.51.100.7, 10.0.0.1'), '198.51.100.7');
    assert.equal(addressOf(3, undefined), '192.0.2.1');
  });

  it('is taken without the port that some proxies add', () => {
    assert.equal(addressOf(1, '198.51.100.7:4711'), '198.51.100.7');
    assert.equal(addressOf(1, '[2001:db8::7]:4711'), '2001:db8::7');
    assert.equal(addressOf(1, '2001:db8::7'), '2001:db8::7');
  });

  it('is unknown when the proxy named none', () => {
    for (const text of ['', 'unknown', '_hidden', '999.1.1.1', 'a, '])
      assert.equal(addressOf(1, text), undefined);
  });

  describe('at the registry', () => {
    let registry: TestRegistry;

    afterEach(() => registry.close());

    async function observedOf(forwarded: string): Promise<string> {
      const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': forwarded };
      registry.clock.time += 1;
      const body = signedPeer().registration(`p${registry.clock.time}`, registry.clock.time);
      return (await registry.ask('PUT', `/v1/peers/p${registry.clock.time}`, body, headers)).body
        .observedAddress;
    }

    it('is not what a caller writes itself', async () => {
      registry = await testRegistry();
      assert.equal(await observedOf('203.0.113.66'), '127.0.0.1');
    });

    it('is what the trusted proxy adds, and a forged beginning is ignored, for the record and for the limit', async () => {
      const limits = { requestsPerSecond: 1, burst: 2, limitLoopback: true };
      registry = await testRegistry({ limits, more: { trustedHops: 1 } });
      assert.equal(await observedOf('203.0.113.66, 198.51.100.7'), '198.51.100.7');
      const statusOf = async (forwarded: string) =>
        (await registry.ask('GET', '/v1/peers', undefined, { 'X-Forwarded-For': forwarded })).status;
      assert.equal(await statusOf('203.0.113.1, 198.51.100.7'), 200);
      assert.equal(await statusOf('203.0.113.2, 198.51.100.7'), 429);
      assert.equal(await statusOf('198.51.100.7, 203.0.113.2'), 200);
    });

    /** As a proxy passes it on: the caller's own headers, then the proxy's word. */
    async function throughProxy(path: string, own: readonly string[]): Promise<number> {
      const head = [`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...own];
      const bytes = `${head.join('\r\n')}\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n`;
      return (await exchange(registry.port, bytes)).status;
    }

    it("is the proxy's word behind any number of headers that the caller wrote, also when these are too many", async () => {
      const limits = { requestsPerSecond: 1, burst: 4, limitLoopback: false };
      registry = await testRegistry({ limits, more: { trustedHops: 1, metricsReaders: 'local' } });
      const own = (count: number) => ['X-Forwarded-For: 127.0.0.1', ...Array(count - 1).fill('X: 1')];
      assert.equal(await throughProxy('/metrics', own(61)), 404);
      assert.equal(await throughProxy('/metrics', own(62)), 431);
      assert.equal(await throughProxy('/metrics', Array(2_500).fill('X: 1')), 431);
      assert.equal(await throughProxy('/v1/signal', [...UPGRADE, ...own(62)]), 431);
      assert.equal(await throughProxy('/v1/peers', own(1)), 200);
      assert.equal(await throughProxy('/v1/peers', own(62)), 429);
      assert.deepEqual(registry.lines, [
        'debug GET /metrics from 198.51.100.7: not-found',
        'debug GET /metrics from 198.51.100.7: too-large',
        'debug GET /metrics from 198.51.100.7: too-large',
        'debug GET /v1/peers from 198.51.100.7: too-many-requests',
      ]);
    });
  });
});
