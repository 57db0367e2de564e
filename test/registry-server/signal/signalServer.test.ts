// The signal socket over real connections: who may open it, what it tells, and what it refuses.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import { MAX_STRANGERS_PER_ADDRESS } from '../../../registry-server/signal/params.ts';
import { nameTopic } from '../../../registry-server/signal/presenceBus.ts';
import { BINDING_MS, LEASE_MS } from '../../../src/contract/registry.ts';
import {
  MAX_CLIENT_FRAME_BYTES,
  MAX_NAMES_IN_FRAME,
  MAX_WATCHED,
  RELAY_WINDOW_BYTES,
  SIGNAL_CLOSE,
  SIGNAL_PATH,
} from '../../../src/contract/signal.ts';
import { challengeBytes } from '../../../src/wire/signalChallenge.ts';
import { signedPeer } from '../signedPeer.ts';
import { eventually, type Instance, startInstance } from './instance.ts';
import { Key, SignalClient } from './signalClient.ts';

describe('the signal socket', function () {
  this.timeout(30_000);

  let instance: Instance;
  const clients: SignalClient[] = [];

  async function open(key?: Key): Promise<SignalClient> {
    const client = await SignalClient.open(instance.url, key);
    clients.push(client);
    return client;
  }

  async function stranger(): Promise<SignalClient> {
    const client = await SignalClient.stranger(instance.url);
    clients.push(client);
    return client;
  }

  beforeEach(async () => {
    instance = await startInstance();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await instance.close();
  });

  describe('opening', () => {
    it('welcomes the key that signs the challenge for the host that was dialled', async () => {
      const client = await open();
      const challenge = await client.next('challenge');
      assert.equal(challenge.host, new URL(instance.url).host);
      assert.equal(Buffer.from(challenge.challenge, 'base64').length, 32);
      assert.equal((await client.next('welcome')).fingerprint, client.key.fingerprint);
    });

    it('gives every socket another challenge', async () => {
      const [a, b] = [await stranger(), await stranger()];
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
        const client = await stranger();
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
      const client = await stranger();
      assert.equal((await client.closed).code, SIGNAL_CLOSE.silent);
      const ms = performance.now() - startedAt;
      assert.ok(ms > 4_900 && ms < 8_000, `${ms}`);
    });

    it('takes no second answer', async () => {
      const client = await open();
      client.send(client.key.answer(await client.next('challenge')));
      assert.equal((await client.closed).code, SIGNAL_CLOSE.unauthenticated);
    });

    it('keeps one socket of a key, the newest', async () => {
      const key = new Key();
      const older = await open(key);
      const newer = await open(key);
      assert.equal((await older.closed).code, SIGNAL_CLOSE.replaced);
      newer.send({ kind: 'ping' });
      await newer.next('pong');
    });

    it('is refused on other paths, to web pages, and without a host', async () => {
      const refusals: [string, Record<string, string>, number][] = [
        ['/v1/other', {}, 404],
        [SIGNAL_PATH, { Origin: 'http://evil.example' }, 403],
      ];
      for (const [path, headers, status] of refusals) {
        const ws = new WebSocket(instance.url.replace('http', 'ws') + path, { headers });
        const answer = await new Promise<number | undefined>((resolve) => {
          ws.on('unexpected-response', (_request, response) => resolve(response.statusCode));
          ws.on('error', () => undefined);
        });
        assert.equal(answer, status);
        ws.terminate();
      }
      assert.equal(instance.registry.signalCounts().sockets, 0);
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
        const client = await open();
        client.ws.send(frame);
        assert.equal((await client.closed).code, SIGNAL_CLOSE.malformed);
      });
    }

    it('closes the socket of a frame that is too large before it is read', async () => {
      const client = await open();
      client.ws.send('x'.repeat(MAX_CLIENT_FRAME_BYTES + 1));
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooLarge);
    });

    it('cuts a connection that speaks no WebSocket, and serves the others on', async () => {
      const client = await open();
      for (const bytes of [
        Buffer.from([0xff, 0xff, 0xff, 0xff]),
        randomBytes(200),
        Buffer.from([0x81, 0x7f]),
      ]) {
        const raw = connect(instance.registry.port, '127.0.0.1').on('error', () => undefined);
        raw.write(
          `GET ${SIGNAL_PATH} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
            `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
        );
        raw.write(bytes);
        raw.end();
        await new Promise((resolve) => raw.on('close', resolve).resume());
      }
      const broken = connect(instance.registry.port, '127.0.0.1').on('error', () => undefined);
      broken.write(
        `GET ${SIGNAL_PATH} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
      );
      await new Promise((resolve) => broken.on('close', resolve).resume());
      client.send({ kind: 'ping' });
      await client.next('pong');
      await eventually(() => instance.registry.signalCounts().sockets === 1);
    });

    it('closes the socket that sends more frames than its rate', async () => {
      const client = await open();
      for (let i = 0; i < 150; i++) client.send({ kind: 'ping' });
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooMuch);
    });

    it('closes the socket that watches more names than it may', async () => {
      const client = await open();
      for (let from = 0; from <= MAX_WATCHED; from += MAX_NAMES_IN_FRAME) {
        const add = Array.from({ length: MAX_NAMES_IN_FRAME }, (_, i) => ({ name: `peer ${from + i}` }));
        client.send({ kind: 'watch', id: from, add, remove: [] });
      }
      assert.equal((await client.closed).code, SIGNAL_CLOSE.tooMuch);
      await eventually(() => instance.registry.signalCounts().watchedNames === 0);
    });
  });

  describe('presence', () => {
    it('tells first how it is, then who comes and who goes, each within a second', async () => {
      const [sara, bob] = [signedPeer(), signedPeer()];
      await instance.register(sara, 'Sara');
      const client = await open();
      await client.watch(['sARA', 'Bob']);
      assert.deepEqual(client.told, { Sara: 'here', Bob: 'nobody' });
      const registeredAt = performance.now();
      await instance.register(bob, 'Bob');
      await client.until(() => client.told.Bob === 'here', 'Bob');
      await instance.signOff(sara, 'Sara');
      await client.until(() => client.told.Sara === 'away', 'leave of Sara');
      assert.ok(performance.now() - registeredAt < 2_000);
    });

    it('says who holds the name: the key, and since when they are away', async () => {
      const sara = signedPeer();
      await instance.register(sara, 'Sara');
      await instance.signOff(sara, 'Sara');
      const client = await open();
      await client.watch(['Sara']);
      const [told] = (await client.next('people')).people;
      assert.equal(told?.holder?.fingerprint, sara.fingerprint);
      assert.ok(Date.now() - (told?.holder?.lastSeenAt ?? 0) < 10_000);
    });

    it('tells nobody of a heartbeat', async () => {
      const sara = signedPeer();
      await instance.register(sara, 'Sara');
      const client = await open();
      await client.watch(['Sara']);
      await instance.register(sara, 'Sara');
      await instance.register(signedPeer(), 'Other');
      await client.watch(['Other']);
      assert.equal(client.frames.filter(({ kind }) => kind === 'people').length, 2);
    });

    it('makes one change of several within a moment', async () => {
      const sara = signedPeer();
      await instance.register(sara, 'Sara');
      const client = await open();
      await client.watch(['Sara', 'Bob']);
      const before = client.frames.length;
      await instance.signOff(sara, 'Sara');
      await instance.register(sara, 'Sara');
      await instance.register(signedPeer(), 'Bob');
      await client.until(() => client.told.Bob === 'here', 'Bob');
      await client.until(() => client.told.Sara === 'here', 'Sara');
      assert.ok(client.frames.length - before <= 3);
    });

    it('tells the end of a lease that nobody renewed', async () => {
      await instance.register(signedPeer(), 'Sara');
      const client = await open();
      await client.watch(['Sara']);
      instance.clock.aheadMs = LEASE_MS;
      // The registry looks at far deadlines every few seconds.
      await client.until(() => client.told.Sara === 'away', 'end of the lease');
    });

    it('tells that nobody has a name any more when it was given back or its binding is over', async () => {
      const sara = signedPeer();
      await instance.register(sara, 'Sara');
      const client = await open();
      await client.watch(['Sara']);
      instance.clock.aheadMs = BINDING_MS + 1;
      await client.until(() => client.told.Sara === 'nobody', 'end of the binding');
    });

    it('goes on where a client was: only what differs from what it has is told', async () => {
      const [sara, bob] = [signedPeer(), signedPeer()];
      await instance.register(sara, 'Sara');
      await instance.register(bob, 'Bob');
      const before = await open();
      await before.watch(['Sara', 'Bob', 'Nobody']);
      const have = (await before.next('people')).people.map(({ name, version }) => ({ name, have: version }));
      before.close();
      await instance.signOff(bob, 'Bob');
      const again = await open();
      again.send({ kind: 'watch', id: 1, add: have, remove: [] });
      await again.next('present');
      assert.deepEqual(again.told, { Bob: 'away' });
    });

    it('tells of names no longer that are not watched any more', async () => {
      const client = await open();
      await client.watch(['Sara', 'Bob']);
      client.send({ kind: 'watch', id: 99, add: [], remove: ['Sara'] });
      await client.next('present', ({ id }) => id === 99);
      await instance.register(signedPeer(), 'Sara');
      await instance.register(signedPeer(), 'Bob');
      await client.until(() => client.told.Bob === 'here', 'Bob');
      assert.equal(client.told.Sara, 'nobody');
      assert.equal(instance.registry.signalCounts().watchedNames, 1);
    });

    it('tells of newcomers to whoever asked, and of nobody who was here before', async () => {
      const sara = signedPeer();
      const [curious, other] = [await open(), await open()];
      await curious.watch([], { newcomers: true });
      await other.watch([]);
      await instance.register(sara, 'Sara');
      await curious.next('newcomers', ({ people }) => people[0]?.name === 'Sara');
      await instance.register(sara, 'Sara');
      await instance.register(signedPeer(), 'Bob');
      const { people, more } = await curious.next('newcomers', ({ people }) => people[0]?.name !== 'Sara');
      assert.deepEqual([people.map(({ name }) => name), more], [['Bob'], false]);
      assert.ok(!other.frames.some(({ kind }) => kind === 'newcomers'));
    });

    it('forgets what a socket watched when it is gone', async () => {
      const client = await open();
      await client.watch(['Sara', 'Bob']);
      assert.equal(instance.registry.signalCounts().watchedNames, 2);
      client.close();
      const other = await open();
      await other.watch(['Cem']);
      await eventually(() => instance.registry.signalCounts().watchedNames === 1);
    });
  });

  describe('signals', () => {
    it('go as they are from key to key', async () => {
      const [a, b] = [await open(), await open()];
      const body = `{"kind":"close"} \u0000 ${'ü'.repeat(100)}`;
      a.send({ kind: 'signal', id: 1, to: b.key.fingerprint, body });
      assert.deepEqual(await b.next('signal'), { kind: 'signal', from: a.key.fingerprint, body });
    });

    it('are said to be undeliverable when nobody is there', async () => {
      const a = await open();
      a.send({ kind: 'signal', id: 7, to: new Key().fingerprint, body: 'x' });
      assert.deepEqual(await a.next('undeliverable'), { kind: 'undeliverable', id: 7, reason: 'offline' });
    });

    it('are refused beyond the rate of a pair, and others still get through', async () => {
      const [a, b, c] = [await open(), await open(), await open()];
      for (let id = 0; id < 40; id++) a.send({ kind: 'signal', id, to: b.key.fingerprint, body: 'x' });
      assert.equal((await a.next('undeliverable')).reason, 'tooMuch');
      a.send({ kind: 'signal', id: 99, to: c.key.fingerprint, body: 'y' });
      await c.next('signal');
    });

    it('leave no trace of their bodies in the log', async () => {
      const [a, b] = [await open(), await open()];
      a.send({ kind: 'signal', id: 1, to: b.key.fingerprint, body: 'a secret body' });
      a.send({ kind: 'signal', id: 2, to: new Key().fingerprint, body: 'a secret body' });
      await b.next('signal');
      await a.next('undeliverable');
      assert.ok(!instance.lines.join().includes('secret'));
    });
  });

  describe('the relay', () => {
    async function stream(a: SignalClient, b: SignalClient): Promise<number> {
      a.send({ kind: 'relayOpen', id: 1, to: b.key.fingerprint });
      const offer = await b.next('relayOffer', ({ from }) => from === a.key.fingerprint);
      b.send({ kind: 'relayAccept', stream: offer.stream });
      return (await a.next('relayOpened')).stream;
    }

    it('carries bytes both ways, as they are', async () => {
      const [a, b] = [await open(), await open()];
      const number = await stream(a, b);
      const bytes = randomBytes(10_000);
      a.relay(number, bytes);
      b.relay(number, Buffer.from('{"kind":"ping"}'));
      await b.until(() => b.relayed.length === 1, 'bytes');
      await a.until(() => a.relayed.length === 1, 'bytes');
      assert.ok(bytes.equals(b.relayed[0]?.bytes ?? Buffer.alloc(0)));
      assert.equal(Buffer.from(a.relayed[0]?.bytes ?? []).toString(), '{"kind":"ping"}');
      assert.deepEqual(b.relayed[0]?.stream, number);
    });

    it('carries nothing that was not accepted, nor for a third', async () => {
      const [a, b, eve] = [await open(), await open(), await open()];
      a.send({ kind: 'relayOpen', id: 1, to: b.key.fingerprint });
      const offer = await b.next('relayOffer');
      a.relay(offer.stream, Buffer.from('early'));
      eve.send({ kind: 'relayAccept', stream: offer.stream });
      eve.send({ kind: 'relayClose', stream: offer.stream });
      eve.relay(offer.stream, Buffer.from('mine'));
      eve.send({ kind: 'ping' });
      await eve.next('pong');
      b.send({ kind: 'relayAccept', stream: offer.stream });
      await a.next('relayOpened');
      a.relay(offer.stream, Buffer.from('right'));
      await b.until(() => b.relayed.length > 0, 'bytes');
      assert.equal(Buffer.from(b.relayed[0]?.bytes ?? []).toString(), 'right');
    });

    it('says that an offer was refused, or that nobody is there', async () => {
      const [a, b] = [await open(), await open()];
      a.send({ kind: 'relayOpen', id: 1, to: b.key.fingerprint });
      b.send({ kind: 'relayClose', stream: (await b.next('relayOffer')).stream });
      assert.deepEqual(await a.next('relayRefused'), { kind: 'relayRefused', id: 1, reason: 'refused' });
      a.send({ kind: 'relayOpen', id: 2, to: new Key().fingerprint });
      assert.equal((await a.next('relayRefused', ({ id }) => id === 2)).reason, 'offline');
    });

    it('ends for both when one closes, and for one when the other is gone', async () => {
      const [a, b] = [await open(), await open()];
      const number = await stream(a, b);
      b.close();
      assert.deepEqual(await a.next('relayClosed'), {
        kind: 'relayClosed',
        stream: number,
        reason: 'offline',
      });
      assert.equal(instance.registry.signalCounts().relayStreams, 0);
    });

    it('slows a writer down to its reader, and holds no more than a window', async () => {
      const [a, b] = [await open(), await open()];
      const number = await stream(a, b);
      b.ws.pause();
      // The systems between take a while to fill up; the writer keeps to its credit.
      let credit = RELAY_WINDOW_BYTES;
      let sent = 0;
      const spend = () => {
        for (; credit >= 16_000; credit -= 16_000, sent += 16_000) a.relay(number, Buffer.alloc(16_000));
      };
      let seen = 0;
      const credits = () => {
        const all = a.frames.filter(({ kind }) => kind === 'relayCredit');
        for (const frame of all.slice(seen)) credit += frame.kind === 'relayCredit' ? frame.bytes : 0;
        seen = all.length;
      };
      spend();
      await a.until(() => {
        credits();
        spend();
        return sent > 1_000_000;
      }, 'credit');
      b.ws.resume();
      await b.until(() => b.relayed.reduce((sum, { bytes }) => sum + bytes.length, 0) === sent, 'all bytes');
    });

    it('ends a stream whose writer overruns its window', async () => {
      const [a, b] = [await open(), await open()];
      const number = await stream(a, b);
      b.ws.pause();
      for (let i = 0; i < 400; i++) a.relay(number, Buffer.alloc(16_000));
      assert.equal((await a.next('relayClosed')).reason, 'overrun');
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
    const client = await open();
    await instance.registry.close();
    assert.equal((await client.closed).code, SIGNAL_CLOSE.stopping);
  });
});
