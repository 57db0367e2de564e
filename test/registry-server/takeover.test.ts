// Thousands of hostile attempts on other people's names, at each kind of store, over real sockets: none may take, move, end or
// free one. Seeded; a failure prints the seed and the attempts. HAMTA_HOSTILE_ATTEMPTS says how many. Bytes are
// written by hand where an HTTP client would mend them.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectRedis } from '../../registry-server/store/connectRedis.ts';
import { RedisStore } from '../../registry-server/store/redisStore.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import type { Store } from '../../registry-server/store/store.ts';
import { loggerOf } from '../../src/base/logger.ts';
import type { RegisterBody, SignOffBody } from '../../src/contract/registry.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

const SEED = 20_261_120;
const ATTEMPTS = Number(process.env.HAMTA_HOSTILE_ATTEMPTS ?? 10_000);
/** Written at once on one connection; then the victims are looked at. */
const BATCH = 100;

const VICTIMS = ['Sara', 'سارا', 'bob', 'Ali Reza', 'x1l0'];
/** The same to the eye, or to the folding of names. */
const DOUBLES: Readonly<Record<string, readonly string[]>> = {
  Sara: [
    'sara',
    'SARA',
    'Ѕаrа',
    'Sаra',
    'ＳＡＲＡ',
    'Sa\u034fra',
    'Sara\u200d',
    'Sara\ufe0f',
    'S\u0430r\u0430',
  ],
  سارا: ['سارا\u200c', 'ساراـ', '\ufeb3\ufe8e\ufead\ufe8d'],
  bob: ['b0b', 'Bob', 'bоb', 'ВОВ', '\u{1d41b}\u{1d428}\u{1d41b}'],
  'Ali Reza': ['AIi Reza', 'ali reza', 'A1i Reza', 'Ali\u00a0Reza', 'Ali  Reza'],
  x1l0: ['xllo', 'xIlO', 'х1l0', 'x1lо'],
};

type Body = RegisterBody | SignOffBody;

for (const kind of ['embedded', 'Redis'] as const) {
  describe(`a name at the ${kind} store`, function () {
    // Thousands of requests on a busy machine.
    this.timeout(180_000);

    const random = seededRandom(SEED);
    const mallory = signedPeer();
    const others = Array.from({ length: 5 }, signedPeer);
    const victims = VICTIMS.map((name) => ({
      name,
      peer: signedPeer(),
      said: [] as { method: string; body: Body }[],
    }));
    let redis: TestRedis | undefined;
    let registry: TestRegistry;
    let standing: unknown[];

    before(async () => {
      if (kind === 'Redis') redis = await startRedis();
      registry = await testRegistry({ store: await storeOf(redis) });
      for (const victim of victims) {
        const { name, peer, said } = victim;
        const start = registry.clock.time;
        // What went over the wire before, for whoever was listening: a whole life, a release included.
        const life = [
          { method: 'PUT', body: peer.registration(name, start - 40) },
          { method: 'DELETE', body: peer.signOff(name, start - 30) },
          { method: 'DELETE', body: peer.release(name, start - 20) },
          { method: 'PUT', body: peer.registration(name, start - 10) },
        ];
        for (const { method, body } of life) {
          const query = body === life[2]?.body ? '?release=1' : '';
          const { status } = await registry.ask(method, pathOf(name) + query, body);
          assert.ok(status < 300, `${status}`);
        }
        said.push(...life);
      }
      standing = await look();
    });

    after(async () => {
      await registry.close();
      await redis?.stop();
    });

    function below(count: number): number {
      return Math.floor(random() * count);
    }

    function pick<T>(from: readonly T[]): T {
      return from[below(from.length)] as T;
    }

    async function look(): Promise<unknown[]> {
      return Promise.all(VICTIMS.map(async (name) => (await registry.ask('GET', pathOf(name))).body));
    }

    /** A claim with something wrong in it: all that keeps it from being the owner's is what was changed. */
    function wrongClaim(): { method: string; name: string; query: string; body: Body } {
      const { name, peer, said } = pick(victims);
      const [other] = [pick(victims.filter((victim) => victim.name !== name))];
      const time = registry.clock.time + below(1_000) - 500;
      const double = pick(DOUBLES[name] ?? [name]);
      const registration = mallory.registration(name, time);
      const own = pick(said);
      const claims = [
        // Another key, honestly its own.
        () => ({ method: 'PUT', name, body: registration }),
        () => ({ method: 'PUT', name: double, body: mallory.registration(double, time) }),
        () => ({ method: 'DELETE', name, body: mallory.signOff(name, time) }),
        () => ({ method: 'DELETE', name, query: '?release=1', body: mallory.release(name, time) }),
        // The owner's key without its signature.
        () => ({
          method: 'PUT',
          name,
          body: mallory.registration(name, time, { publicKey: peer.publicKey }),
        }),
        () => ({ method: 'PUT', name, body: { ...registration, signature: own.body.signature } }),
        () => ({
          method: 'PUT',
          name,
          body: { ...registration, signature: Buffer.alloc(64, below(2)).toString('base64') },
        }),
        // Replays: as they were, at other names, as other kinds, with other times and nonces.
        () => ({ ...own, name }),
        () => ({ ...own, name, query: '?release=1' }),
        () => ({ ...own, name: double }),
        () => ({ ...pick(other.said), name }),
        () => ({ method: pick(['PUT', 'DELETE']), name, body: own.body }),
        () => ({ method: own.method, name, body: withRecord(own.body, { time }) }),
        () => ({
          method: own.method,
          name,
          body: withRecord(own.body, { nonce: pick(other.said).body.record.nonce }),
        }),
        () => ({ method: own.method, name, body: withRecord(own.body, { name: double }) }),
        () => ({
          method: 'PUT',
          name,
          body: withRecord(own.body, { tcpPort: 1 + below(65_535), addresses: ['203.0.113.66'] }),
        }),
        // The owner's own, from another day.
        () => ({ method: 'PUT', name, body: peer.registration(name, time - 3_600_000) }),
        () => ({ method: 'DELETE', name, query: '?release=1', body: peer.release(name, time + 3_600_000) }),
        () => ({ method: 'DELETE', name, query: '?release=1', body: peer.signOff(name, time + 10) }),
        () => ({ method: 'DELETE', name, body: peer.release(name, time + 10) }),
        // A stranger's name in the path, the victim's in the record, and the other way.
        () => ({ method: 'PUT', name, body: pick(others).registration(double, time) }),
        () => ({ method: 'PUT', name: double, body: pick(others).registration(name, time) }),
      ];
      return { query: '', ...pick(claims)() };
    }

    /** The claim as bytes, in one of the ways by which a registry could be made to read something else. */
    function bytesOf({ method, name, query, body }: ReturnType<typeof wrongClaim>): string {
      const text = JSON.stringify(body);
      const path = `${pathOf(name)}${query}`;
      const twice = `{"record":${JSON.stringify(pick(victims).said[0]?.body.record)},${text.slice(1)}`;
      const length = Buffer.byteLength(text);
      const chunked = `${length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
      const sized = (content: string) => `Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
      const ways = [
        () => head(method, path) + sized(text),
        () => head(method, path) + sized(twice),
        () =>
          `${head(method, path)}X-Forwarded-For: 127.0.0.1, ::1\r\nForwarded: for=127.0.0.1\r\n${sized(text)}`,
        () =>
          `${head('POST', path)}X-HTTP-Method-Override: ${method}\r\nX-Method-Override: ${method}\r\n${sized(text)}`,
        () => `${head('GET', `${path}${query === '' ? '?' : '&'}_method=${method}`)}${sized(text)}`,
        () => `${head(method, `http://registry.example${path}`)}${sized(text)}`,
        () =>
          `${head(method, path)}Host: other.example\r\nX-Original-URL: ${path}\r\nX-Rewrite-URL: ${path}\r\n${sized(text)}`,
        () => `${head(method, path)}Transfer-Encoding: chunked\r\n\r\n${chunked}`,
        () => `${head(method, path.replace('/v1/', '/v1/./'))}${sized(text)}`,
        () => `${head(method, path.replace('/peers/', '//peers/'))}${sized(text)}`,
        () => `${head(method, `${path}%00`)}${sized(text)}`,
        () => `${head(method, path)}Content-Type: application/json\r\n${sized(text)}`,
        // The three below end the connection.
        () =>
          `${head(method, path)}Content-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
        () => `${head(method, path)}Content-Length: ${length}\r\nContent-Length: 0\r\n\r\n${text}`,
        () => `${head(method, path)}Content-Length: ${length - 1 - below(20)}\r\n\r\n${text}`,
      ];
      return pick(random() < 0.5 ? ways.slice(0, 1) : ways)();
    }

    it(`is not taken, moved, ended or freed by any of ${ATTEMPTS} hostile attempts`, async () => {
      let answered = 0;
      for (let done = 0; done < ATTEMPTS; done += BATCH) {
        const attempts = Array.from({ length: BATCH }, () => bytesOf(wrongClaim()));
        const statuses = (
          await Promise.all(spread(attempts).map((each) => exchange(registry.port, each)))
        ).flat();
        answered += statuses.length;
        const wrong = statuses.filter((status) => status >= 500 || (status < 400 && status !== 200));
        assert.deepEqual(wrong, [], `seed ${SEED}, after ${done}`);
        assert.deepEqual(
          await look(),
          standing,
          `seed ${SEED}, after ${done}: ${JSON.stringify(attempts).slice(0, 2_000)}`,
        );
      }
      assert.ok(answered >= ATTEMPTS * 0.9, `${answered}`);
      const lines = registry.lines.filter((line) => !line.startsWith('debug '));
      assert.deepEqual(lines, []);
    });

    it('still obeys its owner afterwards', async () => {
      registry.clock.time += 2_000;
      for (const { name, peer } of victims) {
        const { status } = await registry.ask(
          'PUT',
          pathOf(name),
          peer.registration(name, registry.clock.time),
        );
        assert.equal(status, 200, name);
      }
    });
  });
}

async function storeOf(redis: TestRedis | undefined): Promise<Store> {
  if (redis === undefined) return new SqliteStore(':memory:');
  const log = loggerOf('store', () => undefined);
  return new RedisStore(await connectRedis(redis.url, log));
}

function pathOf(name: string): string {
  return `/v1/peers/${encodeURIComponent(name)}`;
}

function head(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\nHost: registry.example\r\nContent-Type: application/json\r\n`;
}

function withRecord(body: Body, change: object): Body {
  return { ...body, record: { ...body.record, ...change } };
}

/** Over ten connections. */
function spread(attempts: readonly string[]): string[][] {
  return Array.from({ length: 10 }, (_, i) => attempts.filter((__, at) => at % 10 === i));
}

/** Sends each and reads its answer, on one connection for as long as it lives and then on the next. Gives the statuses. */
async function exchange(port: number, attempts: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  let socket: Socket | undefined;
  for (const bytes of attempts) {
    if (socket === undefined || socket.destroyed || !socket.writable) socket = await dial(port);
    const status = await ask(socket, bytes);
    if (status !== undefined) statuses.push(status);
    // Whatever was left of a body whose length was a lie must not be taken for the answer to the next.
    if (status === undefined || status === 400 || /Content-Length: \d+\r\n(?=[\s\S]*\r\n(Tr|Co))/.test(bytes))
      socket.destroy();
  }
  socket?.destroy();
  return statuses;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** The status of one answer; undefined when the connection ended without one. */
function ask(socket: Socket, bytes: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let heard = '';
    const settle = (status: number | undefined) => {
      socket.off('data', hear).off('close', gone);
      resolve(status);
    };
    const hear = (text: string) => {
      heard += text;
      const [, status, length] =
        /^HTTP\/1\.1 (\d+)[\s\S]*?(?:\r\nContent-Length: (\d+)[\s\S]*?)?\r\n\r\n/.exec(heard) ?? [];
      const start = heard.indexOf('\r\n\r\n') + 4;
      if (status === undefined || Buffer.byteLength(heard.slice(start)) < Number(length ?? 0)) return;
      settle(Number(status));
    };
    const gone = () => settle(undefined);
    socket.on('data', hear).on('close', gone);
    socket.write(bytes);
  });
}
