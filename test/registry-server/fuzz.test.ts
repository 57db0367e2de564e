// Thousands of wrong requests: each gets an answer below 500, and the registry works afterwards. A failure prints its seed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { seededRandom } from '../support/seededRandom.ts';
import { signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

const SEED = 20_261_120;

describe('the registry under nonsense', function () {
  // Thousands of requests over real sockets; a few seconds on a slow machine.
  this.timeout(60_000);

  const peer = signedPeer();
  const random = seededRandom(SEED);
  let registry: TestRegistry;

  before(async () => {
    registry = await testRegistry();
  });

  after(() => registry.close());

  function below(count: number): number {
    return Math.floor(random() * count);
  }

  function pick<T>(from: readonly T[]): T {
    return from[below(from.length)] as T;
  }

  function junk(length: number): string {
    const limit = pick([0x80, 0x800, 0x110000]);
    return String.fromCodePoint(...Array.from({ length: below(length) }, () => below(limit)));
  }

  function value(depth = 0): unknown {
    const leaves = [
      null,
      true,
      0,
      -1,
      1.5,
      1e308,
      2 ** 53,
      '',
      'Sara',
      junk(40),
      registry.clock.time,
      '127.0.0.1',
    ];
    const kind = below(depth > 3 ? 1 : 4);
    if (kind === 1) return Array.from({ length: below(5) }, () => value(depth + 1));
    if (kind === 2)
      return Object.fromEntries(Array.from({ length: below(5) }, () => [field(), value(depth + 1)]));
    return pick(leaves);
  }

  function field(): string {
    return pick([
      'record',
      'signature',
      'name',
      'publicKey',
      'addresses',
      'tcpPort',
      'udpPort',
      'time',
      'nonce',
      junk(9),
    ]);
  }

  /** A right body with one thing wrong, or nothing right at all. */
  function body(): string {
    const right = peer.registration(pick(['Sara', 'سارا', junk(70)]), registry.clock.time + below(1_000));
    const mutations = [
      () => JSON.stringify({ ...right, [field()]: value() }),
      () => JSON.stringify({ ...right, record: { ...right.record, [field()]: value() } }),
      () => JSON.stringify(value()),
      () => JSON.stringify(right).slice(0, below(700)),
      () => JSON.stringify(right).replace(/[a-zA-Z0-9]/, () => junk(4)),
      () => junk(500),
      () => '['.repeat(below(8_000)),
    ];
    return pick(mutations)();
  }

  function path(): string {
    const name = encodeURIComponent(pick(['Sara', 'سارا', junk(70).toWellFormed(), junk(5).toWellFormed()]));
    const paths = [
      `/v1/peers/${name}`,
      `/v1/peers?prefix=${name}`,
      `/v1/peers?cursor=${name}&limit=${below(200)}`,
    ];
    return pick([...paths, `/v1/peers/%${name}`, `/${name}`]);
  }

  it('never answers 500 to any method, path and body', async () => {
    const ask = async (turn: number) => {
      const [method, target, text] = [pick(['PUT', 'PUT', 'PUT', 'DELETE', 'GET', 'POST']), path(), body()];
      const { status } = await registry.ask(method, target, method === 'GET' ? undefined : text);
      assert.ok(status < 500, `seed ${SEED}, turn ${turn}: ${status} to ${method} ${target} ${text}`);
    };
    for (let turn = 0; turn < 4_000; turn += 8) {
      await Promise.all(Array.from({ length: 8 }, (_, i) => ask(turn + i)));
    }
    assert.deepEqual(
      registry.lines.filter((line) => !line.startsWith('debug ')),
      [],
    );
  });

  it('lives through bytes that are no HTTP', async () => {
    const lines = [
      'GET /v1/peers HTTP/1.1\r\n',
      'Host: x\r\n',
      'Content-Length: 9\r\n',
      '\r\n',
      'PUT /v1/peers/a HTTP/1.1\r\n',
    ];
    for (let turn = 0; turn < 300; turn++) {
      const socket = connect(registry.port, '127.0.0.1').on('error', () => undefined);
      socket.end(Buffer.from(Array.from({ length: below(6) }, () => pick([...lines, junk(60)])).join('')));
      socket.resume();
      await once(socket, 'close');
    }
    assert.equal((await registry.ask('GET', '/healthz')).status, 200);
    assert.deepEqual(
      registry.lines.filter((line) => !line.startsWith('debug ')),
      [],
    );
  });
});
