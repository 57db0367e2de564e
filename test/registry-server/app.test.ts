// What surrounds the calls: health, unknown routes and methods, limits, a store that is away or broken, and no HTTP at all.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import * as v from 'valibot';
import { MAX_CONNECTIONS_PER_ADDRESS } from '../../registry-server/connectionGate.ts';
import { DEFAULT_RATE_LIMITS } from '../../registry-server/rateLimit.ts';
import { type Store, StoreAway } from '../../registry-server/store/store.ts';
import { Problem } from '../../src/contract/registry.ts';
import { until } from '../support/until.ts';
import { signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

const sara = signedPeer();

/** A store whose every call fails with `error`. */
function failingStore(error: Error): Store {
  const fail = () => Promise.reject(error);
  const close = async () => undefined;
  const classic = { register: fail, find: fail, names: fail };
  return { classic, register: fail, signOff: fail, release: fail, find: fail, page: fail, ping: fail, close };
}

/** Sends bytes as they are and gives what came back until the other side closed. */
async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

describe('the registry as a server', () => {
  let registry: TestRegistry | undefined;

  afterEach(async () => {
    await registry?.close();
    registry = undefined;
  });

  it('is healthy while its store answers', async () => {
    registry = await testRegistry();
    const { status, body } = await registry.ask('GET', '/healthz');
    assert.deepEqual([status, body], [200, { status: 'ok' }]);
  });

  it('answers 404 to every path that it does not have', async () => {
    registry = await testRegistry();
    for (const path of [
      '/',
      '/v1',
      '/v1/peers/a/b',
      '/V1/peers',
      '/v1/PEERS/a',
      '/v1/signal',
      '/favicon.ico',
      '//v1/peers',
    ]) {
      const { status, body } = await registry.ask('GET', path);
      assert.deepEqual([status, body.type], [404, 'not-found'], path);
    }
  });

  it('answers 405 to every other method, with those that there are', async () => {
    registry = await testRegistry();
    const wrong: [string, string, string][] = [
      ['POST', '/v1/peers/Sara', 'GET, HEAD, PUT, DELETE'],
      ['PATCH', '/v1/peers/Sara', 'GET, HEAD, PUT, DELETE'],
      ['OPTIONS', '/v1/peers/Sara', 'GET, HEAD, PUT, DELETE'],
      ['PUT', '/v1/peers', 'GET, HEAD'],
      ['DELETE', '/healthz', 'GET, HEAD'],
    ];
    for (const [method, path, allow] of wrong) {
      const { status, headers, body } = await registry.ask(method, path);
      assert.deepEqual(
        [status, body.type, headers.get('allow')],
        [405, 'wrong-method', allow],
        `${method} ${path}`,
      );
    }
  });

  it('answers HEAD as GET without a body', async () => {
    registry = await testRegistry();
    const { status, body } = await registry.ask('HEAD', '/v1/peers');
    assert.deepEqual([status, body], [200, undefined]);
  });

  it('does not say what it is made of, and is not to be guessed at', async () => {
    registry = await testRegistry();
    const { headers } = await registry.ask('GET', '/healthz');
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('access-control-allow-origin'), null);
  });

  it('answers 503 with Retry-After to everything while the store is away, and logs nothing per request', async () => {
    registry = await testRegistry({ store: failingStore(new StoreAway('connection to 10.0.0.1 refused')) });
    const registration = sara.registration('Sara', registry.clock.time);
    const answers = [
      await registry.ask('GET', '/healthz'),
      await registry.ask('GET', '/v1/peers'),
      await registry.ask('GET', '/v1/peers/Sara'),
      await registry.ask('PUT', '/v1/peers/Sara', registration),
      await registry.ask('DELETE', '/v1/peers/Sara', sara.signOff('Sara', registry.clock.time)),
      await registry.ask('DELETE', '/v1/peers/Sara?release=1', sara.release('Sara', registry.clock.time)),
    ];
    for (const answer of answers) {
      assert.deepEqual([answer.status, answer.body.type], [503, 'store-away']);
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      assert.doesNotMatch(JSON.stringify(answer.body), /10\.0\.0\.1/);
    }
    assert.deepEqual(
      registry.lines.filter((line) => !line.startsWith('debug ')),
      [],
    );
  });

  it('names who was refused at the debug level only', async () => {
    registry = await testRegistry();
    await registry.ask('GET', '/v1/peers/No%0Abody');
    await registry.ask('PUT', '/v1/peers/Sara', sara.registration('Sara', registry.clock.time));
    assert.deepEqual(registry.lines, ['debug GET /v1/peers/No%0Abody from 127.0.0.1: bad-request']);
  });

  it('answers 500 without a word of the cause to its own mistake, and logs it with the stack', async () => {
    registry = await testRegistry({ store: failingStore(new TypeError('secret is undefined')) });
    const { status, body } = await registry.ask('GET', '/v1/peers');
    assert.deepEqual([status, body.type], [500, 'internal']);
    assert.doesNotMatch(JSON.stringify(body), /secret|TypeError| at /);
    assert.match(registry.lines.join('\n'), /^error GET failed: TypeError: secret is undefined\n +at /);
  });

  it('answers 429 with Retry-After to an address that asks too much, and serves it again after a rest', async () => {
    registry = await testRegistry({ limits: { requestsPerSecond: 2, burst: 3, limitLoopback: true } });
    for (let i = 0; i < 3; i++) assert.equal((await registry.ask('GET', '/v1/peers')).status, 200);
    const { status, headers, body } = await registry.ask('GET', '/v1/peers');
    assert.deepEqual([status, body.type, headers.get('retry-after')], [429, 'too-many-requests', '1']);
    registry.clock.time += 500;
    assert.equal((await registry.ask('GET', '/v1/peers')).status, 200);
    assert.equal((await registry.ask('GET', '/v1/peers')).status, 429);
  });

  it('holds so many connections of one address, whatever they say, and others come in when they go', async () => {
    const limits = { requestsPerSecond: 10_000, burst: 10_000, limitLoopback: true };
    registry = await testRegistry({ limits });
    const { port } = registry;
    const silent: Socket[] = [];
    while (silent.length < MAX_CONNECTIONS_PER_ADDRESS) {
      // The system keeps a few hundred that wait to be taken.
      const some = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'));
      await Promise.all(some.map((socket) => once(socket, 'connect')));
      silent.push(...some);
    }
    const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    assert.doesNotMatch(await exchange(port, request).catch(String), /HTTP/);
    silent.pop()?.destroy();
    await until('a free place', 5_000, async () => /^HTTP\/1\.1 200 /.test(await exchange(port, request)));
    for (const socket of silent) socket.destroy();
  });

  it('says once that a proxy on this machine is not trusted, for then nobody is limited', async () => {
    registry = await testRegistry({ limits: DEFAULT_RATE_LIMITS });
    for (const address of ['198.51.100.7', '198.51.100.8']) {
      await registry.ask('GET', '/v1/peers', undefined, { 'X-Forwarded-For': address });
    }
    assert.equal(registry.lines.length, 1);
    assert.match(registry.lines[0] ?? '', /^warn .*--trust-proxy 1\.$/);
    assert.doesNotMatch(registry.lines.join(), /198/);
    await registry.close();
    registry = await testRegistry({ more: { trustedHops: 1 } });
    await registry.ask('GET', '/v1/peers', undefined, { 'X-Forwarded-For': '198.51.100.7' });
    assert.deepEqual(registry.lines, []);
  });

  it('answers in its own form to what is no HTTP', async () => {
    registry = await testRegistry();
    const wrong: [string, number][] = [
      ['hello\r\n\r\n', 400],
      ['GET nothing HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['GET / HTTP/9.9\r\n\r\n', 400],
      ['\u0016\u0003\u0001\u0000\u0001', 400],
      ['PUT /v1/peers/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n', 400],
      [`GET /v1/peers/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ];
    for (const [bytes, status] of wrong) {
      const [head = '', text = '']: string[] = (await exchange(registry.port, bytes)).split('\r\n\r\n');
      assert.ok(head.startsWith(`HTTP/1.1 ${status} `), `${JSON.stringify(bytes.slice(0, 60))}: ${head}`);
      assert.match(head, /application\/problem\+json/);
      assert.equal(v.parse(Problem, JSON.parse(text)).status, status);
    }
    assert.equal((await registry.ask('GET', '/healthz')).status, 200);
  });

  it('refuses in its own form also what it does not even look into', async () => {
    registry = await testRegistry();
    const put = 'PUT /v1/peers/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json';
    const handshake = 'GET /v1/signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade';
    const wrong: [string, number, string][] = [
      ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
      [
        `${put}; charset=utf-16\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
        415,
        'wrong-content-type',
      ],
      [`${put}\r\nExpect: tea\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`, 400, 'bad-request'],
      [`${handshake}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`, 400, 'bad-request'],
    ];
    for (const [bytes, status, type] of wrong) {
      const [head = '', text = '']: string[] = (await exchange(registry.port, bytes)).split('\r\n\r\n');
      assert.ok(head.startsWith(`HTTP/1.1 ${status} `), head);
      assert.deepEqual([v.parse(Problem, JSON.parse(text)).type, JSON.parse(text).status], [type, status]);
    }
  });

  it('refuses a body that says that it is too large before it comes', async () => {
    registry = await testRegistry();
    const socket = connect(registry.port, '127.0.0.1').setEncoding('utf8');
    const head = 'PUT /v1/peers/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json';
    socket.write(`${head}\r\nContent-Length: 99999999\r\n\r\n{`);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    assert.match(answer, /^HTTP\/1\.1 413 .*"too-large"/s);
  });

  it('answers a request that offers another upgrade than to a WebSocket as if it did not', async () => {
    registry = await testRegistry();
    const offer =
      'Host: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nConnection: Upgrade, HTTP2-Settings, close\r\n';
    const body = JSON.stringify(sara.registration('Sara', registry.clock.time));
    const entity = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const put = await exchange(registry.port, `PUT /v1/peers/Sara HTTP/1.1\r\n${offer}${entity}`);
    assert.match(put, /^HTTP\/1\.1 201 /);
    const get = await exchange(registry.port, `GET /v1/peers/Sara HTTP/1.1\r\n${offer}\r\n`);
    assert.match(get, /^HTTP\/1\.1 200 /);
  });

  it('finishes a running request before it closes, and takes no other', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ping = () => {
      asked.resolve();
      return answered.promise;
    };
    const slow = { ...failingStore(new Error('not used')), ping };
    const { url, ask, close } = await testRegistry({ store: slow });
    const running = ask('GET', '/healthz');
    await asked.promise;
    const closed = close();
    await assert.rejects(fetch(`${url}/healthz`));
    answered.resolve();
    assert.equal((await running).status, 200);
    await closed;
  });
});
