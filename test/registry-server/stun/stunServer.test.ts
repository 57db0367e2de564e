// The STUN server over real UDP on loopback, asked by hand and by the clients of two other houses.

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { RateLimits } from '../../../registry-server/rateLimit.ts';
import { StunServer } from '../../../registry-server/stun/stunServer.ts';
import { runProgram } from '../../../scripts/run/runProgram.ts';
import { requireProgram, stunClient, turnutilsStunClient } from '../../../scripts/systemPackages.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { StunAttributeType } from '../../../src/wire/stunAttributeType.ts';
import { encodeChangeRequest } from '../../../src/wire/stunChangeRequest.ts';
import {
  decodeStunMessage,
  encodeStunMessage,
  STUN_BINDING,
  STUN_COOKIE,
  type StunAttribute,
  stunValue,
} from '../../../src/wire/stunMessage.ts';
import { decodeXorAddress } from '../../../src/wire/stunXorAddress.ts';
import { sampleRequest } from '../../vectors/rfc5769.ts';

const OTHER_PORT = {
  type: StunAttributeType.changeRequest,
  value: encodeChangeRequest({ address: false, port: true }),
};
const PROGRAM_MS = 20_000;
/** Containers may have no IPv6 at all. */
const LOOPBACKS = ['127.0.0.1', '::1'].filter((host) =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host)),
);

describe('the STUN server', function () {
  // Programs of others are started; they take a second.
  this.timeout(30_000);

  let servers: StunServer[];
  let sockets: Socket[];
  let clock: { time: number };

  beforeEach(() => {
    servers = [];
    sockets = [];
    clock = { time: 0 };
  });

  afterEach(async () => {
    for (const socket of sockets) socket.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  async function start(
    change: {
      host?: string;
      httpPort?: number;
      port?: number;
      port2?: number | 'off';
      limits?: RateLimits;
    } = {},
  ): Promise<StunServer> {
    const server = await StunServer.start({
      host: '127.0.0.1',
      httpPort: 0,
      clock: { now: () => clock.time },
      log: loggerOf('stun', () => undefined),
      ...change,
    });
    servers.push(server);
    return server;
  }

  async function openSocket(host = '127.0.0.1', port = 0): Promise<Socket> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(port, host);
    sockets.push(socket);
    await once(socket, 'listening');
    return socket;
  }

  function requestOf(attributes: readonly StunAttribute[] = []): Buffer {
    const transactionId = Buffer.alloc(12, sockets.length);
    return encodeStunMessage({
      method: STUN_BINDING,
      kind: 'request',
      cookie: STUN_COOKIE,
      transactionId,
      attributes,
    });
  }

  /** The address in the answer, and the port it came from. */
  async function ask(
    socket: Socket,
    port: number,
    attributes: readonly StunAttribute[] = [],
    host = '127.0.0.1',
  ) {
    const answered = once(socket, 'message');
    socket.send(requestOf(attributes), port, host);
    const [bytes, from] = await answered;
    const message = decodeStunMessage(bytes);
    const value = stunValue(message, StunAttributeType.xorMappedAddress) as Uint8Array;
    return { seen: decodeXorAddress(value, message), fromPort: from.port };
  }

  it('tells a client where it is seen, on two ports', async () => {
    const { ports } = await start();
    const socket = await openSocket();
    assert.equal(ports.length, 2);
    for (const port of ports) {
      const { seen, fromPort } = await ask(socket, port);
      assert.deepEqual(seen, { host: '127.0.0.1', port: socket.address().port });
      assert.equal(fromPort, port);
    }
  });

  it('answers from the other of its ports when it is asked to', async () => {
    const [first = 0, second = 0] = (await start()).ports;
    const socket = await openSocket();
    assert.equal((await ask(socket, first, [OTHER_PORT])).fromPort, second);
    assert.equal((await ask(socket, second, [OTHER_PORT])).fromPort, first);
  });

  it('tells IPv4 and IPv6 clients of one socket their own kind of address', async () => {
    const { ports } = await start({ host: '::' });
    for (const host of LOOPBACKS) {
      const socket = await openSocket(host);
      const { seen } = await ask(socket, ports[0] as number, [], host);
      assert.deepEqual(seen, { host, port: socket.address().port });
    }
  });

  it('has the number of the HTTP port and the next one, or any that are free', async () => {
    const taken = await openSocket();
    const { port } = taken.address();
    const [first = 0, second = 0] = (await start({ httpPort: port })).ports;
    assert.notEqual(first, port);
    assert.notEqual(second, first);
    taken.close();
    sockets = [];
    await once(taken, 'close');
    assert.equal((await start({ httpPort: port })).ports[0], port);
  });

  it('has one port when it is told so', async () => {
    const { ports } = await start({ port2: 'off' });
    assert.equal(ports.length, 1);
  });

  it('says what to do when a port that was asked for is in use, and keeps no other', async () => {
    const { port } = (await openSocket()).address();
    await assert.rejects(start({ port }), {
      message: /^UDP port \d+ is in use\. .*--stun-port /,
      exitCode: 2,
    });
    const first = await openSocket();
    const free = first.address().port;
    first.close();
    sockets.pop();
    await once(first, 'close');
    await assert.rejects(start({ port: free, port2: port }), { message: /--stun-port2/, exitCode: 2 });
    await openSocket('127.0.0.1', free);
  });

  it('answers no more than its limit, and counts what it does', async () => {
    const server = await start({ limits: { requestsPerSecond: 1, burst: 2, limitLoopback: true } });
    const port = server.ports[0] as number;
    const socket = await openSocket();
    await ask(socket, port);
    socket.send('garbage', port, '127.0.0.1');
    socket.send(requestOf(), port, '127.0.0.1');
    const other = await openSocket();
    // The clock moves after the datagrams before it have been counted: they come in order.
    const answered = once(other, 'message');
    while (server.counts.limited === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.time = 1_000;
    other.send(requestOf(), port, '127.0.0.1');
    await answered;
    assert.deepEqual(server.counts, { answered: 2, ignored: 1, limited: 1, lost: 0 });
  });

  it('answers after any number of datagrams that make no sense', async () => {
    const server = await start();
    const port = server.ports[0] as number;
    const socket = await openSocket();
    const wrong = [
      Buffer.alloc(0),
      Buffer.alloc(1),
      Buffer.alloc(1_400, 0x55),
      sampleRequest.subarray(0, 40),
    ];
    for (const bytes of wrong) socket.send(bytes, port, '127.0.0.1');
    assert.equal((await ask(socket, port)).seen.host, '127.0.0.1');
    assert.equal(server.counts.ignored, wrong.length);
  });

  it('is gone after its close, and its ports are free', async () => {
    const server = await start();
    await server.close();
    servers = [];
    await openSocket('127.0.0.1', server.ports[0]);
  });

  // On other systems these programs are not to be had everywhere.
  if (process.platform === 'linux') {
    it('is understood by a client of RFC 3489', async () => {
      const port = (await start()).ports[0];
      const args = [`127.0.0.1:${port}`, '1', '-v'];
      const { code, output } = await runProgram(requireProgram(stunClient), args, { timeoutMs: PROGRAM_MS });
      const own = /Opened port (\d+)/.exec(output)?.[1];
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`mappedAddr=127\\.0\\.0\\.1:${own}\n`));
      assert.match(output, new RegExp(`SourceAddress = 127\\.0\\.0\\.1:${port}\n`));
    });

    it('lets a client of RFC 3489 find that there is no router between, and no other address to ask', async () => {
      const port = (await start()).ports[0];
      const args = [`127.0.0.1:${port}`, '-v'];
      const { output } = await runProgram(requireProgram(stunClient), args, { timeoutMs: PROGRAM_MS });
      assert.match(output, /test I = 1\ntest II = 0\n/);
      assert.match(output, /test I\(2\) = 1\nis nat {2}= 0\nmapped IP same = 1\n/);
    });

    for (const host of LOOPBACKS) {
      it(`is understood by a client of RFC 8489 at ${host}`, async () => {
        const port = (await start({ host })).ports[0];
        const args = ['-p', String(port), host];
        const { code, output } = await runProgram(requireProgram(turnutilsStunClient), args, {
          timeoutMs: PROGRAM_MS,
        });
        assert.equal(code, 0, output);
        assert.match(output, new RegExp(`UDP reflexive addr: ${host}:\\d+`));
      });
    }
  }
});
