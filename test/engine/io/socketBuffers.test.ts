// What the engine's socket asks the system for, whatever that gives.

import assert from 'node:assert/strict';
import { Socket } from 'node:dgram';
import { mock } from 'node:test';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';

const HOST = '127.0.0.1';
const FOUR_MIB = 4 * 1024 * 1024;

describe('the buffers of a UdpSocket', () => {
  afterEach(() => mock.restoreAll());

  /** Sizes of the buffers that were asked for, in either direction; `answer` is the system's. */
  function asking(answer: () => void): { received: number[]; sent: number[] } {
    const asked = { received: [] as number[], sent: [] as number[] };
    mock.method(Socket.prototype, 'setRecvBufferSize', (bytes: number) => {
      asked.received.push(bytes);
      answer();
    });
    mock.method(Socket.prototype, 'setSendBufferSize', (bytes: number) => {
      asked.sent.push(bytes);
      answer();
    });
    return asked;
  }

  it('are asked for with 4 MiB each', async () => {
    const asked = asking(() => undefined);
    (await UdpSocket.open(HOST, 0, () => undefined)).dispose();
    assert.deepEqual(asked, { received: [FOUR_MIB], sent: [FOUR_MIB] });
  });

  it('are what they are where the system refuses, and datagrams come all the same', async () => {
    asking(() => {
      throw new Error('ENOBUFS');
    });
    const heard = Promise.withResolvers<string>();
    const bob = await UdpSocket.open(HOST, 0, (bytes) => heard.resolve(bytes.toString()));
    const sara = await UdpSocket.open(HOST, 0, () => undefined);
    sara.send(Buffer.from('hello'), HOST, bob.port);
    assert.equal(await heard.promise, 'hello');
    sara.dispose();
    bob.dispose();
  });
});
