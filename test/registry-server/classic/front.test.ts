// Who is answered as a course client and who is handed on, and what slow, hasty and hostile callers get.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { addressBehind } from '../../../registry-server/clientAddress.ts';
import { RateLimiter } from '../../../registry-server/rateLimit.ts';
import { ClassicFront } from '../../../registry-server/routes/classic/classicFront.ts';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import { type Store, StoreAway } from '../../../registry-server/store/store.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { type TestRegistry, testRegistry } from '../testRegistry.ts';
import { collect, dial, exchange, get, post, send } from './courseClient.ts';

const ALI = post('name', '{"name": "ali", "ip": "127.0.1.1", "port": 50000}');
const SEED = 20_261_121;

describe('the door for course clients', () => {
  let registry: TestRegistry;

  beforeEach(async () => {
    registry = await testRegistry();
  });

  afterEach(() => registry.close());

  it('leaves the calls of the registry alone, whatever a peer is called', async () => {
    for (const name of ['info', 'choseClient', 'listOfclients', 'list', 'users']) {
      assert.equal((await registry.ask('GET', `/v1/peers/${name}`)).body.type, 'not-found', name);
      assert.equal((await registry.ask('POST', `/v1/peers/${name}`, {})).body.type, 'wrong-method', name);
    }
    assert.equal((await registry.ask('GET', '/healthz')).status, 200);
    assert.equal((await registry.ask('POST', '/get_all_peers', {})).body.type, 'not-found');
  });

  it('hands everything on as it came: pieces, several requests on a connection, bodies', async () => {
    const socket = await dial(registry.port);
    const answers = collect(socket);
    for (const piece of [
      'G',
      'ET /hea',
      'lthz HTTP/1.1\r',
      '\nHost: x\r\n\r',
      '\nGET /v1/peers HTTP/1.1\r\nHost: x\r\n',
    ]) {
      await send(socket, piece);
    }
    await send(socket, 'Connection: close\r\n\r\n');
    assert.match(await answers, /^HTTP\/1\.1 200 .*\{"status":"ok"\}HTTP\/1\.1 200 .*\{"peers":\[\]\}$/s);
  });

  it('hands on what is no HTTP at once', async () => {
    for (const bytes of [
      '\u0016\u0003\u0001',
      ' GET / HTTP/1.1',
      '\r\n\r\nx\r\n',
      'GET nothing HTTP/1.1\r\n\r\n',
    ]) {
      assert.equal((await exchange(registry.port, bytes)).status, 400, JSON.stringify(bytes));
    }
    assert.equal((await exchange(registry.port, `GET /${'x'.repeat(20_000)}`)).status, 431);
  });

  it('takes a request in any pieces, down to single bytes', async () => {
    const socket = await dial(registry.port);
    const answer = collect(socket);
    for (const byte of ALI.join('')) await send(socket, byte);
    assert.match(await answer, /^HTTP\/1\.0 200 OK\r\n/);
  });

  it('registers a client that closes at once and reads nothing', async () => {
    const body = '{"bob": "127.0.0.1", "port": 5000, "hostname": "pc"}';
    for (const [name, leave] of [
      ['bob', 'end'],
      ['eve', 'resetAndDestroy'],
    ] as const) {
      const socket = await dial(registry.port);
      const record = body.replace('bob', name);
      await send(socket, post('http://localhost:8031/info', record, 'Content-type: 52\r\n', 'Post').join(''));
      socket[leave]();
      await once(socket.resume(), 'close');
    }
    const { headers } = await exchange(registry.port, get('/listOfclients'));
    assert.deepEqual(headers[2], ['ids', '["bob", "eve"]']);
  });

  it('registers nobody whose request did not arrive whole', async () => {
    const socket = await dial(registry.port);
    await send(socket, ALI[0]);
    await send(socket, ALI[1].slice(0, -1));
    socket.end();
    await once(socket.resume(), 'close');
    assert.equal((await exchange(registry.port, get('list'))).status, 400);
  });

  it('answers once and closes, whatever comes behind', async () => {
    const { text } = await exchange(registry.port, `${ALI.join('')}GET list HTTP/1.1\r\n\r\n`);
    assert.equal(text.split('HTTP/1.0').length, 2);
  });

  it('refuses what is too long or no request, and closes', async () => {
    const long = 'x'.repeat(9_000);
    const wrong: [string, number][] = [
      [`GET list HTTP/1.1\r\nX: ${long}\r\n\r\n`, 413],
      [`GET list HTTP/1.1\r\nX: ${long}`, 413],
      ['POST name HTTP/1.1\r\nContent-Length: 20000\r\n\r\n', 413],
      ['POST name HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
      ['POST name HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n', 400],
      ['POST name HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
      ['GET list HTTP/1.1\r\nno header\r\n\r\n', 400],
    ];
    for (const [bytes, status] of wrong) {
      const reply = await exchange(registry.port, bytes);
      assert.deepEqual([reply.status, reply.body], [status, ''], bytes.slice(0, 60));
    }
  });

  it('finishes when it is told to, though somebody is connected and asks for nothing', async () => {
    const [silent, slow] = [await dial(registry.port), await dial(registry.port)];
    await send(slow, 'POST name HTTP/1.1\r\n');
    const gone = [once(silent, 'close'), once(slow, 'close')];
    await registry.close();
    await Promise.all(gone);
    registry = await testRegistry();
  });

  it('can be closed for good', async () => {
    await registry.close();
    registry = await testRegistry({ more: { classic: false } });
    assert.equal((await exchange(registry.port, get('list'))).status, 400);
    assert.equal((await registry.ask('GET', '/users')).status, 404);
  });

  it('lives through nonsense', async () => {
    const random = seededRandom(SEED);
    const pieces = [
      'GET ',
      'Post ',
      'POST ',
      'name',
      'user/',
      '/info',
      '/signup',
      ' HTTP/1.1\r\n',
      '\r\n',
      '\r\n\r\n',
      '{"a":',
      'Content-Length: 9\r\n',
      '\u0000',
      'é',
      '%ff',
      '[',
      '"',
    ];
    for (let turn = 0; turn < 400; turn++) {
      const count = Math.floor(random() * 12);
      const bytes = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]).join(
        '',
      );
      const socket = connect(registry.port, '127.0.0.1').on('error', () => undefined);
      socket.end(bytes);
      await once(socket.resume(), 'close');
    }
    assert.equal((await registry.ask('GET', '/healthz')).status, 200, `seed ${SEED}`);
    const wrong = registry.lines.filter((line) => !line.startsWith('debug '));
    assert.deepEqual(wrong, [], `seed ${SEED}`);
  });
});

describe('the door for course clients by itself', () => {
  let server: Server;
  let front: ClassicFront;
  let store: Store;
  let lines: string[];

  beforeEach(() => {
    store = new SqliteStore(':memory:');
    lines = [];
  });

  afterEach(async () => {
    front.close();
    server.close();
    await once(server, 'close');
    await store.close();
  });

  async function open({
    hops = 0,
    ...change
  }: {
    store?: Store;
    limiter?: RateLimiter;
    deadlineMs?: number;
    hops?: number;
  } = {}): Promise<number> {
    const limits = { requestsPerSecond: 0, burst: 0, limitLoopback: true };
    const log = loggerOf('classic', ({ level, text }) => lines.push(`${level} ${text}`));
    const clock = { now: () => 1_800_000_000_000 };
    front = new ClassicFront({ store, limits, log, clock, addressOf: addressBehind(hops), ...change });
    server = createServer((_request, response) => response.end('handed on'));
    front.standBefore(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  }

  /** A store in which every question about course records fails. */
  function failing(error: Error): Store {
    const fail = () => Promise.reject(error);
    return Object.assign(Object.create(store), { classic: { register: fail, find: fail, names: fail } });
  }

  it('does not wait for ever', async () => {
    const port = await open({ deadlineMs: 50 });
    assert.equal((await exchange(port)).status, 408);
    assert.equal((await exchange(port, 'GET ')).status, 408);
    assert.equal((await exchange(port, ALI[0], '{')).status, 408);
  });

  it('says when to come again to an address that asks too much', async () => {
    const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 1, limitLoopback: true });
    const port = await open({ limiter });
    assert.equal((await exchange(port, ...ALI)).status, 200);
    const { status, headers } = await exchange(port, get('list'));
    assert.deepEqual([status, headers[2]], [429, ['Retry-After', '1']]);
  });

  it('counts behind a proxy whom that names, and not what was written before', async () => {
    const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 1, limitLoopback: true });
    const port = await open({ limiter, hops: 1 });
    const statusOf = async (...forwarded: string[]) => {
      const headers = forwarded.map((each) => `X-Forwarded-For: ${each}\r\n`).join('');
      return (await exchange(port, get('/users').replace(/\r\n$/, `${headers}\r\n`))).status;
    };
    assert.equal(await statusOf('198.51.100.7'), 200);
    assert.equal(await statusOf('203.0.113.1, 198.51.100.7'), 429);
    assert.equal(await statusOf('203.0.113.2', '198.51.100.7'), 429);
    assert.equal(await statusOf('198.51.100.7', '203.0.113.2'), 200);
  });

  it('says when to come again while the store is away', async () => {
    const port = await open({ store: failing(new StoreAway('gone')) });
    const { status, headers } = await exchange(port, get('list'));
    assert.deepEqual([status, headers[2]], [503, ['Retry-After', '2']]);
    assert.deepEqual(lines, []);
  });

  it('says nothing of its own mistakes, but logs them', async () => {
    const port = await open({ store: failing(new TypeError('secret')) });
    const { status, text } = await exchange(port, get('list'));
    assert.equal(status, 500);
    assert.doesNotMatch(text, /secret/);
    assert.match(lines.join('\n'), /^error .*TypeError: secret/);
  });
});
