// What passes between two sockets: signals, and the bytes of the relay.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { RELAY_WINDOW_BYTES } from '../../../src/contract/signal.ts';
import { roomForEach } from './room.ts';
import { Key, type SignalClient } from './signalClient.ts';

describe('between two signal sockets', function () {
  this.timeout(30_000);

  const room = roomForEach();

  describe('signals', () => {
    it('go as they are from key to key', async () => {
      const [a, b] = [await room.open(), await room.open()];
      const body = `{"kind":"close"} \u0000 ${'ü'.repeat(100)}`;
      a.send({ kind: 'signal', id: 1, to: b.key.fingerprint, body });
      assert.deepEqual(await b.next('signal'), { kind: 'signal', from: a.key.fingerprint, body });
    });

    it('are said to be undeliverable when nobody is there', async () => {
      const a = await room.open();
      a.send({ kind: 'signal', id: 7, to: new Key().fingerprint, body: 'x' });
      assert.deepEqual(await a.next('undeliverable'), { kind: 'undeliverable', id: 7, reason: 'offline' });
    });

    it('are refused beyond the rate of a pair, and others still get through', async () => {
      const [a, b, c] = [await room.open(), await room.open(), await room.open()];
      for (let id = 0; id < 40; id++) a.send({ kind: 'signal', id, to: b.key.fingerprint, body: 'x' });
      assert.equal((await a.next('undeliverable')).reason, 'tooMuch');
      a.send({ kind: 'signal', id: 99, to: c.key.fingerprint, body: 'y' });
      await c.next('signal');
    });

    it('leave no trace of their bodies in the log', async () => {
      const [a, b] = [await room.open(), await room.open()];
      a.send({ kind: 'signal', id: 1, to: b.key.fingerprint, body: 'a secret body' });
      a.send({ kind: 'signal', id: 2, to: new Key().fingerprint, body: 'a secret body' });
      await b.next('signal');
      await a.next('undeliverable');
      assert.ok(!room.instance.lines.join().includes('secret'));
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
      const [a, b] = [await room.open(), await room.open()];
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
      const [a, b, eve] = [await room.open(), await room.open(), await room.open()];
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
      const [a, b] = [await room.open(), await room.open()];
      a.send({ kind: 'relayOpen', id: 1, to: b.key.fingerprint });
      b.send({ kind: 'relayClose', stream: (await b.next('relayOffer')).stream });
      assert.deepEqual(await a.next('relayRefused'), { kind: 'relayRefused', id: 1, reason: 'refused' });
      a.send({ kind: 'relayOpen', id: 2, to: new Key().fingerprint });
      assert.equal((await a.next('relayRefused', ({ id }) => id === 2)).reason, 'offline');
    });

    it('ends for both when one closes, and for one when the other is gone', async () => {
      const [a, b] = [await room.open(), await room.open()];
      const number = await stream(a, b);
      b.close();
      assert.deepEqual(await a.next('relayClosed'), {
        kind: 'relayClosed',
        stream: number,
        reason: 'offline',
      });
      assert.equal(room.instance.registry.signalCounts().relayStreams, 0);
    });

    it('slows a writer down to its reader, and holds no more than a window', async () => {
      const [a, b] = [await room.open(), await room.open()];
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
      const [a, b] = [await room.open(), await room.open()];
      const number = await stream(a, b);
      b.ws.pause();
      for (let i = 0; i < 400; i++) a.relay(number, Buffer.alloc(16_000));
      assert.equal((await a.next('relayClosed')).reason, 'overrun');
    });
  });
});
