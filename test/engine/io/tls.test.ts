// Dialling and being dialled, over real sockets on loopback.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { fingerprintOfCertificate } from '../../../src/engine/identity/fingerprint.ts';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import type { BulkConnection } from '../../../src/engine/io/bulkConnection.ts';
import type { Credentials, SecureChannel } from '../../../src/engine/io/secureChannel.ts';
import { dialBulk, dialTls, OtherKeyError } from '../../../src/engine/io/tlsDial.ts';
import { TlsListener } from '../../../src/engine/io/tlsListener.ts';
import type { LinkFrame } from '../../../src/wire/linkFrames.ts';
import { ended, plainConnection } from '../../support/stranger.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const HOST = '127.0.0.1';

interface Someone extends Credentials {
  readonly fingerprint: Fingerprint;
}

describe('TLS between peers', () => {
  const folder = temporaryFolder();
  let sara: Someone;
  let bob: Someone;
  let listener: TlsListener;
  let accepted: SecureChannel[];
  let onAccepted: (channel: SecureChannel) => void;
  let dialled: SecureChannel[];
  let nobody: Server;

  beforeEach(async () => {
    [sara, bob] = (await Promise.all(['sara', 'bob'].map(someone))) as [Someone, Someone];
    accepted = [];
    dialled = [];
    onAccepted = () => {};
    listener = await TlsListener.open(HOST, 0, bob, (channel) => {
      accepted.push(channel);
      onAccepted(channel);
    });
    // Takes connections and never says anything.
    nobody = createServer(() => {}).listen(0, HOST);
    await once(nobody, 'listening');
  });
  afterEach(() => {
    listener.dispose();
    for (const channel of [...accepted, ...dialled]) channel.close();
    nobody.close();
  });

  async function someone(name: string): Promise<Someone> {
    const place = path.join(folder.path, name);
    await mkdir(place);
    return { ...(await loadIdentity(place)), fingerprintOf: fingerprintOfCertificate };
  }

  const bobs = () => ({ host: HOST, port: listener.port });
  const silent = () => ({ host: HOST, port: (nobody.address() as AddressInfo).port });

  async function dial(
    candidates: readonly { host: string; port: number }[],
    expected = bob.fingerprint,
    signal = new AbortController().signal,
  ): Promise<SecureChannel> {
    const channel = await dialTls(candidates, expected, sara, signal);
    dialled.push(channel);
    return channel;
  }

  /** Both ends of one connection; whoever is dialled is the later one to know. */
  async function bothEnds(): Promise<[mine: SecureChannel, theirs: SecureChannel]> {
    const theirs = new Promise<SecureChannel>((resolve) => {
      onAccepted = resolve;
    });
    return Promise.all([dial([bobs()]), theirs]);
  }

  it('proves both keys and gives both sides the same secret, which nobody else has', async () => {
    const [mine, theirs] = await bothEnds();
    assert.deepEqual([mine.peer, theirs.peer], [bob.fingerprint, sara.fingerprint]);
    assert.deepEqual([mine.dialledByMe, theirs.dialledByMe], [true, false]);
    assert.deepEqual(mine.secret, theirs.secret);
    assert.notDeepEqual((await dial([bobs()])).secret, mine.secret);
  });

  it('finds the address that answers among those that do not', async () => {
    const closed = { host: HOST, port: 1 };
    const { remotePort } = await dial([closed, silent(), bobs()]);
    assert.equal(remotePort, listener.port);
  });

  it('keeps one channel when several addresses lead to the peer', async () => {
    const ping: LinkFrame = { kind: 'ping', id: 5 };
    onAccepted = (theirs) => theirs.send(ping);
    const channel = await dial([bobs(), bobs(), bobs()]);
    const frame = new Promise((onFrame) => {
      const rest = { onGarbage() {}, onFlow() {}, onLost() {} };
      channel.listen({ onFrame, ...rest });
    });
    assert.deepEqual(await frame, ping);
  });

  it('hands on a connection for files apart from links, and only to the expected key', async () => {
    const bulk: BulkConnection[] = [];
    const other = await TlsListener.open(
      HOST,
      0,
      bob,
      () => assert.fail('a link'),
      (connection) => {
        bulk.push(connection);
        connection.listen({
          onBytes: (bytes) => connection.send([Buffer.from(bytes)]),
          onLost: () => undefined,
        });
      },
    );
    const { signal } = new AbortController();
    const at = { host: HOST, port: other.port };
    try {
      const mine = await dialBulk(at, bob.fingerprint, sara, signal);
      const echo = new Promise<string>((resolve) =>
        mine.listen({ onBytes: (bytes) => resolve(bytes.toString()), onLost: () => undefined }),
      );
      mine.send([Buffer.from('there'), Buffer.from(' and back')]);
      assert.equal(await echo, 'there and back');
      assert.deepEqual([mine.peer, bulk[0]?.peer], [bob.fingerprint, sara.fingerprint]);
      const lost = new Promise<void>((onLost) => bulk[0]?.listen({ onBytes: () => undefined, onLost }));
      mine.close();
      await lost;
      await assert.rejects(dialBulk(at, sara.fingerprint, sara, signal), OtherKeyError);
    } finally {
      other.dispose();
    }
  });

  it('hands parts that go apart over a connection for files on one by one, and in order with what is sent meanwhile', async () => {
    const mine = Promise.withResolvers<BulkConnection>();
    const other = await TlsListener.open(HOST, 0, bob, (channel) => channel.close(), mine.resolve);
    const theirs = await dialBulk(
      { host: HOST, port: other.port },
      bob.fingerprint,
      sara,
      new AbortController().signal,
    );
    try {
      const came: Buffer[] = [];
      const all = Promise.withResolvers<void>();
      theirs.listen({
        onBytes: (bytes) => {
          came.push(Buffer.from(bytes));
          if (came.at(-1)?.at(-1) === 9) all.resolve();
        },
        onLost: () => undefined,
      });
      const parts = [1, 2, 3, 4].map((each) => Buffer.alloc(1_000, each));
      const said: string[] = [];
      (await mine.promise).sendApart(parts, () => said.push('apart'));
      (await mine.promise).send([Buffer.alloc(3_000, 8), Buffer.alloc(1_000, 9)], () => said.push('behind'));
      await all.promise;
      assert.deepEqual(came, [...parts, Buffer.concat([Buffer.alloc(3_000, 8), Buffer.alloc(1_000, 9)])]);
      assert.deepEqual(said, ['apart', 'behind']);
    } finally {
      theirs.destroy();
      (await mine.promise).destroy();
      other.dispose();
    }
  });

  it('tells another key from nobody', async () => {
    await assert.rejects(dial([bobs()], sara.fingerprint), OtherKeyError);
    await assert.rejects(dial([{ host: HOST, port: 1 }, bobs()], sara.fingerprint), OtherKeyError);
    await assert.rejects(dial([{ host: HOST, port: 1 }]), { code: 'ECONNREFUSED' });
    await assert.rejects(dial([]), /no address/);
  });

  it('is given up when it is not wanted any more', async () => {
    const abort = new AbortController();
    const dialling = dial([silent()], bob.fingerprint, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(dialling, /enough/);
  });

  it('makes room for the next when too many have only connected', async () => {
    const idle = await Promise.all(Array.from({ length: 128 }, () => plainConnection(listener.port)));
    await dial([bobs()]);
    await Promise.race(idle.map(ended));
    for (const socket of idle) socket.destroy();
  });

  it('lets go of those who are still saying who they are when it ends', async () => {
    const socket = await plainConnection(listener.port);
    await dial([bobs()]);
    listener.dispose();
    await ended(socket);
  });

  it('reports garbage and the end of a connection, each once', async () => {
    const [mine, theirs] = await bothEnds();
    const said: string[] = [];
    const lost = new Promise<void>((resolve) => {
      theirs.listen({
        onFrame: (frame) => said.push(frame?.kind ?? 'unknown'),
        onGarbage: () => said.push('garbage'),
        onFlow: () => {},
        onLost: () => {
          said.push('lost');
          resolve();
        },
      });
    });
    mine.send({ kind: 'ping', id: 1 });
    mine.send({ kind: 'pong', id: -1 });
    mine.send({ kind: 'ping', id: 2 });
    mine.close();
    await lost;
    assert.deepEqual(said, ['ping', 'garbage', 'lost']);
  });
});
