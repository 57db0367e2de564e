// The engine's UDP port, before and after there is something for the thread of the datagrams.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { UdpPort } from '../../../src/engine/carriers/udpPort.ts';
import type { SessionWord } from '../../../src/engine/carriers/udpWords.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';

const HOST = '127.0.0.1';
/** For each test, and for last words: a thread that starts beside twenty busy programs has taken 19 s. */
const LONG_MS = 60_000;

describe('the UDP port of an engine', function () {
  this.timeout(LONG_MS);
  let port: UdpPort;
  let threads: number;
  const count = (_worker: Worker) => threads++;

  beforeEach(async () => {
    threads = 0;
    process.on('worker', count);
    port = new UdpPort();
    await port.listen(HOST, 0);
  });
  afterEach(async () => {
    process.off('worker', count);
    await port.close();
  });

  const options = {
    keys: sessionKeysOf({
      ...{ secret: Buffer.alloc(32, 7), transferId: '0'.repeat(32), session: '0'.repeat(16) },
    }),
    ...{ sizeBytes: 10, firstBlock: 0 },
  };

  /** A session that sends `text` to `to`; the port from which its first datagram comes. */
  async function portOfSender(text: string, whenOpen: () => void = () => undefined): Promise<number> {
    const socket = createSocket('udp4').bind(0, HOST);
    await once(socket, 'listening');
    const end = port.open((word: SessionWord) => {
      if (word.kind === 'read')
        end.say({ kind: 'block', id: end.id, ask: word.ask, bytes: Buffer.from(text) });
    });
    whenOpen();
    end.say({ kind: 'send', id: end.id, options, to: { host: HOST, port: socket.address().port } });
    const [, from] = (await once(socket, 'message')) as [Buffer, { port: number }];
    socket.close();
    return from.port;
  }

  it('stands still for as long as something else goes first', async () => {
    const socket = createSocket('udp4').bind(0, HOST);
    await once(socket, 'listening');
    const end = port.open((word: SessionWord) => {
      if (word.kind === 'read') port.giveWay(150);
      if (word.kind === 'read')
        end.say({ kind: 'block', id: end.id, ask: word.ask, bytes: Buffer.from('0123456789') });
    });
    end.say({ kind: 'send', id: end.id, options, to: { host: HOST, port: socket.address().port } });
    const begin = performance.now();
    await once(socket, 'message');
    assert.ok(performance.now() - begin >= 140, `${performance.now() - begin} ms`);
    socket.close();
  });

  it('is held without a thread while there is no session', () => {
    assert.notEqual(port.port, 0);
    assert.equal(threads, 0);
  });

  it('is in the thread already where a session was expected', async () => {
    const { port: before } = port;
    port.expect();
    await once(process, 'worker');
    assert.equal(await portOfSender('0123456789'), before);
    assert.equal(threads, 1);
  });

  it('starts no thread for a session that is expected after it was closed', async () => {
    await port.close();
    port.expect();
    await new Promise(setImmediate);
    assert.equal(threads, 0);
  });

  it('is the same one in the thread, which the first session starts', async () => {
    assert.equal(await portOfSender('0123456789'), port.port);
    assert.equal(await portOfSender('9876543210'), port.port);
    assert.equal(threads, 1);
  });

  it('is left with the last words of its sessions, also while the thread still starts', async () => {
    const said: string[] = [];
    const end = port.open(({ kind }: SessionWord) => said.push(kind));
    end.say({ kind: 'send', id: end.id, options, to: { host: HOST, port: 9 } });
    await port.close(LONG_MS);
    assert.equal(said.at(-1), 'sent');
  });

  it('is left without them where the thread takes too long', async () => {
    const said: string[] = [];
    const end = port.open(({ kind }: SessionWord) => said.push(kind));
    end.say({ kind: 'send', id: end.id, options, to: { host: HOST, port: 9 } });
    await port.close(0);
    assert.deepEqual(said, ['gone']);
  });

  it('says why it cannot be had, and takes another one', async () => {
    const other = createSocket('udp4').bind(0, HOST);
    await once(other, 'listening');
    const { port: taken } = other.address();
    const another = new UdpPort();
    await assert.rejects(another.listen(HOST, taken), { code: 'EADDRINUSE' });
    await another.listen(HOST, 0);
    assert.notEqual(another.port, taken);
    await another.close();
    other.close();
  });

  it('is another one where somebody takes it before the thread has it', async () => {
    const { port: before } = port;
    const thief = createSocket('udp4');
    const sending = portOfSender('0123456789', () => thief.bind(before, HOST));
    await once(thief, 'listening');
    const from = await sending;
    assert.notEqual(from, before);
    assert.equal(port.port, from);
    thief.close();
  });

  it('is free when it is closed, with a thread and without', async () => {
    for (const isUsed of [false, true]) {
      const mine = new UdpPort();
      await mine.listen(HOST, 0);
      if (isUsed) mine.open(() => undefined);
      await mine.close();
      const next = createSocket('udp4').bind(mine.port, HOST);
      await once(next, 'listening');
      next.close();
    }
  });
});
