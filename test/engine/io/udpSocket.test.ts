// The engine's socket on loopback: what leaves by a lane looks like what leaves by the socket.

import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';
import { copiesFromPort0 } from '../../support/port0.ts';

const HOST = '127.0.0.1';

interface Heard {
  readonly text: string;
  readonly port: number;
}

describe('UdpSocket', () => {
  let owned: DisposableStore;

  beforeEach(() => {
    owned = new DisposableStore();
  });

  afterEach(() => owned.dispose());

  /** A socket, a way to wait for what it hears next, and the bytes of all that it has heard. */
  async function ear() {
    const heard: Heard[] = [];
    const kept: Buffer[] = [];
    let tell: (() => void) | undefined;
    const socket = await UdpSocket.open(HOST, 0, (bytes, _host, port) => {
      heard.push({ text: bytes.toString(), port });
      kept.push(bytes);
      tell?.();
    });
    owned.add(socket);
    const next = async () => {
      if (heard.length === 0) await new Promise<void>((resolve) => (tell = resolve));
      return heard.shift() as Heard;
    };
    return { socket, next, kept };
  }

  it('sends by a lane from its own port, and hears the answers', async () => {
    const sara = await ear();
    const bob = await ear();
    const lane = owned.add(sara.socket.laneTo(HOST, bob.socket.port));
    for (const text of ['at once', 'and a while later']) {
      lane.send(Buffer.from(text));
      assert.deepEqual(await bob.next(), { text, port: sara.socket.port });
      bob.socket.send(Buffer.from(`heard ${text}`), HOST, sara.socket.port);
      assert.deepEqual(await sara.next(), { text: `heard ${text}`, port: bob.socket.port });
    }
  });

  it('still hears everybody else while a lane is open, and after it', async () => {
    const sara = await ear();
    const bob = await ear();
    const carol = await ear();
    const lane = owned.add(sara.socket.laneTo(HOST, bob.socket.port));
    lane.send(Buffer.from('hello'));
    await bob.next();
    carol.socket.send(Buffer.from('me, too'), HOST, sara.socket.port);
    assert.equal((await sara.next()).text, 'me, too');
    lane.dispose();
    bob.socket.send(Buffer.from('still there?'), HOST, sara.socket.port);
    assert.equal((await sara.next()).text, 'still there?');
  });

  it('has one lane to an address, open until the last who uses it is gone', async () => {
    const sara = await ear();
    const bob = await ear();
    const [first, second] = [0, 1].map(() => owned.add(sara.socket.laneTo(HOST, bob.socket.port)));
    first?.send(Buffer.from('one'));
    await bob.next();
    first?.dispose();
    first?.dispose();
    first?.send(Buffer.from('too late'));
    second?.send(Buffer.from('two'));
    assert.equal((await bob.next()).text, 'two');
    bob.socket.send(Buffer.from('heard'), HOST, sara.socket.port);
    assert.equal((await sara.next()).text, 'heard');
    second?.dispose();
    const third = owned.add(sara.socket.laneTo(HOST, bob.socket.port));
    third.send(Buffer.from('three'));
    assert.equal((await bob.next()).text, 'three');
  });

  it('gives the memory of a datagram back once its listener has returned, whichever way it came', async () => {
    const sara = await ear();
    const bob = await ear();
    bob.socket.send(Buffer.from('to the socket'), HOST, sara.socket.port);
    await sara.next();
    const lane = owned.add(sara.socket.laneTo(HOST, bob.socket.port));
    for (const text of ['at once', 'by the lane']) {
      lane.send(Buffer.from(text));
      await bob.next();
      bob.socket.send(Buffer.from(text), HOST, sara.socket.port);
      await sara.next();
    }
    assert.deepEqual(
      [...sara.kept, ...bob.kept].map(({ length }) => length),
      [0, 0, 0, 0, 0],
    );
  });

  it('says nothing when nobody hears it, or when it is closed', async () => {
    const sara = await ear();
    const gone = await ear();
    const { port } = gone.socket;
    gone.socket.dispose();
    const lane = owned.add(sara.socket.laneTo(HOST, port));
    for (let i = 0; i < 3; i++) {
      lane.send(Buffer.from('anybody?'));
      sara.socket.send(Buffer.from('anybody?'), HOST, port);
      await new Promise(setImmediate);
    }
    sara.socket.dispose();
    sara.socket.send(Buffer.from('too late'), HOST, port);
    lane.dispose();
    lane.send(Buffer.from('too late'));
    assert.throws(() => sara.socket.port);
  });

  it('hears nothing from port 0, and gives the memory back all the same', async () => {
    const sara = await ear();
    const bob = await ear();
    using doubled = copiesFromPort0(new Set([bob.socket.port]));
    const lane = owned.add(bob.socket.laneTo(HOST, sara.socket.port));
    for (const text of ['to the socket', 'by the lane']) {
      sara.socket.send(Buffer.from(text), HOST, bob.socket.port);
      assert.deepEqual(await bob.next(), { text, port: sara.socket.port });
      lane.send(Buffer.from(text));
      await sara.next();
    }
    assert.deepEqual(
      doubled.copies.map(({ length }) => length),
      [0, 0],
    );
  });

  it('loses what is sent to a port that is none', async () => {
    const sara = await ear();
    const bob = await ear();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) {
      const lane = owned.add(sara.socket.laneTo(HOST, port));
      sara.socket.send(Buffer.from('anybody?'), HOST, port);
      // By the socket at first, and then as far as the lane has one of its own.
      for (let turn = 0; turn < 10; turn++) {
        lane.send(Buffer.from('anybody?'));
        await new Promise(setImmediate);
      }
    }
    sara.socket.send(Buffer.from('bob?'), HOST, bob.socket.port);
    assert.equal((await bob.next()).text, 'bob?');
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });
});
