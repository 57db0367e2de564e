// The signal socket over real connections: who may open it, and what it refuses.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import { MAX_PIECES, MAX_STRANGERS_PER_ADDRESS } from '../../../registry-server/signal/params.ts';
import { nameTopic } from '../../../registry-server/signal/presenceBus.ts';
import {
  MAX_CLIENT_FRAME_BYTES,
  MAX_NAMES_IN_FRAME,
  MAX_WATCHED,
  SIGNAL_CLOSE,
  SIGNAL_PATH,
} from '../../../src/contract/signal.ts';
import { challengeBytes } from '../../../src/wire/signalChallenge.ts';
import { exchange } from '../classic/courseClient.ts';
import { eventually, startInstance } from './instance.ts';
import { roomForEach } from './room.ts';
import { Key, SignalClient } from './signalClient.ts';

/** Of RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1008;

function upgradeHead(host: string): string {
  return (
    `GET ${SIGNAL_PATH} HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n`
  );
}

describe('the signal socket', function () {
  this.timeout(30_000);

  const room = roomForEach();

  describe('opening', () => {
    it('welcomes the key that signs the challenge for the host that was dialled', async () => {
      const client = await room.open();
      const challenge = await client.next('challenge');
      assert.equal(challenge.host, new URL(room.instance.url).host);
      assert.equal(Buffer.from(challenge.challenge, 'base64').length, 32);
      assert.equal((await client.next('welcome')).fingerprint, client.key.fingerprint);
    });

    it('gives every socket another challenge', async () => {
      const [a, b] = [await room.stranger(), await room.stranger()];
      const [one, other] = [await a.next('challenge'), await b.next('challenge')];
      assert.notEqual(one.challenge, other.challenge);
    });

    it("closes a socket whose answer is another key's, to another challenge, for another host, or of another kind", async () => {
      const wrong: ((right: { challenge: string; host: string; key: Key }) => unknown)[] = [
        ({ challenge, host, key }) => ({
          ...key.answer({ challenge, host }),
          publicKey: new Key().publicKey,
        }),
        ({ host, key }) => key.answer({ challenge: randomBytes(32).toString('base64'), host }),
        ({ challenge, key }) => key.answer({ challenge, host: 'registry.example' }),
        ({ key: { publicKey } }) => ({
          kind: 'answer',
          publicKey,
          signature: randomBytes(64).toString('base64'),
        }),
        ({ challenge, host, key: { publicKey } }) => {
          const signature = Buffer.from(challengeBytes({ challenge, host, publicKey })).toString('base64');
          return { kind: 'answer', publicKey, signature: signature.slice(0, 88) };
        },
        () => ({ kind: 'watch', id: 1, add: [], remove: [] }),
        () => ({ kind: 'ping' }),
      ];
      for (const answer of wrong) {
        const client = await room.stranger();
        const { challenge, host } = await client.next('challenge');
        client.ws.send(JSON.stringify(answer({ challenge, host, key: client.key })));
        assert.equal((await client.closed).code, SIGNAL_CLOSE.unauthenticated, String(answer));
        assert.deepEqual(
          client.frames.map(({ kind }) => kind),
          ['challenge'],
        );
      }
    });

    it('closes a socket that says nothing after five seconds', async () => {
      const startedAt = performance.now();
      const client = await room.stranger();
      assert.equal((await client.closed).code, SIGNAL_CLOSE.silent);
      const ms = performance.now() - startedAt;
      assert.ok(ms > 4_900 && ms < 8_000, `${ms}`);
    });

    it('takes no second answer', async () => {
      const client = await room.open();
      client.send(client.key.answer(await client.next('challenge')));
      assert.equal((await client.closed).code, SIGNAL_CLOSE.unauthenticated);
    });

    it('keeps one socket of a key, the newest', async () => {
      const key = new Key();
      const older = await room.open(key);
      const newer = await room.open(key);
      assert.equal((await older.closed).code, SIGNAL_CLOSE.replaced);
      newer.send({ kind: 'ping' });
      await newer.next('pong');
    });

    /** The status of the answer: 101 for a socket, which is closed at once. */
    async function knock(url: string, path: string, headers: Record<string, string>): Promise<number> {
      const ws = new WebSocket(url.replace('http', 'ws') + path, { headers });
      const answer = await new Promise<number>((resolve) => {
        ws.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        ws.on('open', () => resolve(101));
        ws.on('error', () => undefined);
      });
      ws.terminate();
      return answer;
    }

    it('is refused on other paths, to web pages, and without a host that fits into a challenge', async () => {
      const refusals: [string, Record<string, string>, number][] = [
        ['/v1/other', {}, 404],
        [SIGNAL_PATH, { Origin: 'http://evil.example' }, 403],
        [SIGNAL_PATH, { Host: 'h'.repeat(301) }, 400],
      ];
      for (const [path, headers, status] of refusals)
        assert.equal(await knock(room.instance.url, path, headers), status);
      for (const host of ['', 'Host:\r\n'])
        assert.equal((await exchange(room.instance.registry.port, `${upgradeHead(host)}\r\n`)).status, 400);
      assert.equal(room.instance.registry.signalCounts().sockets, 0);
    });

    it('counts behind a proxy whom that names, and not what was written before', async () => {
      const limits = { requestsPerSecond: 1, burst: 2, limitLoopback: true };
      const behind = await startInstance({ limits, trustedHops: 1 });
      const knockFrom = (forwarded: string) =>
        knock(behind.url, SIGNAL_PATH, { 'X-Forwarded-For': forwarded });
      assert.equal(await knockFrom('198.51.100.7'), 101);
      assert.equal(await knockFrom('127.0.0.1, 198.51.100.7'), 101);
      assert.equal(await knockFrom('203.0.113.1, 198.51.100.7'), 429);
      assert.equal(await knockFrom('198.51.100.7, 203.0.113.1'), 101);
      await eventually(() => behind.registry.signalCounts().sockets === 0);
      await behind.close();
    });

    it('holds a flood of strangers from one address to its bound, and counts all of them out again', async () => {
      const limited = await startInstance({
        limits: { requestsPerSecond: 1_000, burst: 1_000, limitLoopback: true },
      });
      const flood = await Promise.allSettled(
        Array.from({ length: MAX_STRANGERS_PER_ADDRESS + 40 }, () => SignalClient.stranger(limited.url)),
      );
      const let_in = flood.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.equal(let_in.length, MAX_STRANGERS_PER_ADDRESS);
      assert.equal(limited.registry.signalCounts().strangers, MAX_STRANGERS_PER_ADDRESS);
      await Promise.all(let_in.map(({ closed }) => closed));
      const { signalCounts } = limited.registry;
      await eventually(() => signalCounts().sockets === 0 && signalCounts().strangers === 0);
      (await SignalClient.open(limited.url)).close();
      await limited.close();
    });

    it('is refused with 429 to an address that knocks too often', async () => {
      const limited = await startInstance({
        limits: { requestsPerSecond: 1, burst: 3, limitLoopback: true },
      });
      const knocks = await Promise.allSettled(
        Array.from({ length: 6 }, () => SignalClient.stranger(limited.url)),
      );
      assert.equal(knocks.filter(({ status }) => status === 'fulfilled').length, 3);
      await limited.close();
    });
  });

  describe('what is no frame', () => {
    const wrong: [string, string | Buffer][] = [
      ['no JSON', '{'],
      ['nothing', ''],
      ['no object', '42'],
      ['a list', '[]'],
      ['null', 'null'],
      ['an unknown kind', '{"kind":"hello"}'],
      ['a missing field', '{"kind":"signal","id":1}'],
      ['a wrong type', '{"kind":"watch","id":"1","add":[],"remove":[]}'],
      ['a name that is none', '{"kind":"watch","id":1,"add":[{"name":"\\u0000"}],"remove":[]}'],
      [
        'too many names',
        JSON.stringify({
          kind: 'watch',
          id: 1,
          add: Array(MAX_NAMES_IN_FRAME + 1).fill({ name: 'a' }),
          remove: [],
        }),
      ],
      ['a fingerprint that is none', '{"kind":"signal","id":1,"to":"ab","body":""}'],
      [
        'too long a signal',
        JSON.stringify({ kind: 'signal', id: 1, to: 'a'.repeat(64), body: 'x'.repeat(4_097) }),
      ],
      ['a number out of range', '{"kind":"relayAccept","stream":-1}'],
      ['a relay frame without a number', Buffer.from([1, 2])],
      ['a relay frame without bytes', Buffer.from([0, 0, 0, 1])],
      ['a prototype', '{"__proto__":{"kind":"ping"}}'],
    ];
    for (const [what, frame] of wrong) {
      it(`closes the socket: ${what}`, async () => {
        const client = await room.open();
        client.ws.send(frame);
        assert.equal((await client.closed).code, SIGNAL_CLOSE.malformed);
      });
    }

    it('closes the socket of a frame that is too large before it is read', async () => {
      const client = await room.open();
      client.ws.send('x'.repeat(MAX_CLIENT_FRAME_BYTES + 1));
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooLarge);
    });

    it('takes a frame in many pieces, and closes the socket of one in more than that', async () => {
      const client = await room.open();
      const ping = Buffer.from('{"kind":"ping"}'.padEnd(MAX_PIECES));
      const sendPieces = (count: number) => {
        for (let i = 0; i < count; i++)
          client.ws.send(ping.subarray(i, i + 1), { fin: i === count - 1, binary: false });
      };
      sendPieces(MAX_PIECES);
      await client.next('pong');
      sendPieces(MAX_PIECES + 1);
      assert.equal((await client.closed).code, POLICY_VIOLATION);
    });

    it('closes the socket of a frame that is read byte by byte', async () => {
      const { port } = room.instance.registry;
      const raw = connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => undefined);
      raw.write(`${upgradeHead('Host: a\r\n')}\r\n`);
      const heard: Buffer[] = [];
      const closed = new Promise((resolve) =>
        raw.on('close', resolve).on('data', (bytes) => heard.push(bytes)),
      );
      raw.write(Buffer.from([0x81, 0xfe, 0x40, 0, 0, 0, 0, 0]));
      const byte = setInterval(() => raw.write('x'), 1);
      await closed;
      clearInterval(byte);
      const code = Buffer.from([POLICY_VIOLATION >> 8, POLICY_VIOLATION & 0xff]);
      assert.ok(Buffer.concat(heard).includes(code));
    });

    it('cuts a connection that speaks no WebSocket, and serves the others on', async () => {
      const client = await room.open();
      for (const bytes of [
        Buffer.from([0xff, 0xff, 0xff, 0xff]),
        randomBytes(200),
        Buffer.from([0x81, 0x7f]),
      ]) {
        const raw = connect(room.instance.registry.port, '127.0.0.1').on('error', () => undefined);
        raw.write(`${upgradeHead('Host: a\r\n')}\r\n`);
        raw.write(bytes);
        raw.end();
        await new Promise((resolve) => raw.on('close', resolve).resume());
      }
      const broken = connect(room.instance.registry.port, '127.0.0.1').on('error', () => undefined);
      broken.write(
        `GET ${SIGNAL_PATH} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
      );
      await new Promise((resolve) => broken.on('close', resolve).resume());
      client.send({ kind: 'ping' });
      await client.next('pong');
      await eventually(() => room.instance.registry.signalCounts().sockets === 1);
    });

    it('closes the socket that sends more frames than its rate', async () => {
      const client = await room.open();
      for (let i = 0; i < 150; i++) client.send({ kind: 'ping' });
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooMuch);
    });

    it('closes the socket that watches more names than it may', async () => {
      const client = await room.open();
      for (let from = 0; from <= MAX_WATCHED; from += MAX_NAMES_IN_FRAME) {
        const add = Array.from({ length: MAX_NAMES_IN_FRAME }, (_, i) => ({ name: `peer ${from + i}` }));
        client.send({ kind: 'watch', id: from, add, remove: [] });
      }
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooMuch);
      await eventually(() => room.instance.registry.signalCounts().watchedNames === 0);
    });
  });

  it('drops a reader that does not read, and keeps nothing for it', async () => {
    const bus = new LocalBus();
    const busy = await startInstance({ bus });
    const names = Array.from({ length: 480 }, (_, i) => `${String(i).padStart(4, '0')}${'long'.repeat(15)}`);
    const slow = await SignalClient.open(busy.url);
    for (let from = 0; from < names.length; from += MAX_NAMES_IN_FRAME)
      await slow.watch(names.slice(from, from + MAX_NAMES_IN_FRAME));
    slow.ws.pause();
    let lastSeenAt = Date.now();
    const changeAll = () => {
      lastSeenAt += 1;
      for (const name of names) {
        const holder = { name, fingerprint: 'a'.repeat(64), lastSeenAt, leaseUntil: lastSeenAt };
        void bus.publish(nameTopic(name), JSON.stringify({ sortKey: name, holder }));
      }
    };
    await eventually(() => {
      changeAll();
      return busy.registry.signalCounts().droppedReaders === 1;
    }, 25_000);
    await eventually(() => busy.registry.signalCounts().sockets === 0);
    slow.close();
    await busy.close();
  });

  it('says goodbye to every socket when the registry stops', async () => {
    const client = await room.open();
    await room.instance.registry.close();
    assert.equal((await client.closed).code, SIGNAL_CLOSE.stopping);
  });
});
