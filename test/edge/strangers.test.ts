// What anybody with an address can throw at an engine: nothing of it crashes it, fills it or stops a chat.

import assert from 'node:assert/strict';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { type Identity, loadIdentity } from '../../src/engine/identity/identity.ts';
import { asPicture } from '../support/asPicture.ts';
import { tapDatagrams } from '../support/datagramSwitch.ts';
import { type Person, Town } from '../support/engines.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { ended, helloFrame, plainConnection, secureConnection } from '../support/stranger.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;

describe('strangers', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;
  let open: Socket[];

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
    open = [];
  });
  afterEach(async () => {
    await stillChatting();
    for (const socket of open) socket.destroy();
    await town.close();
  });

  async function stillChatting(): Promise<void> {
    const { number } = await sara.say(bob, 'still here?');
    await sara.peer(bob, ({ receipts, link }) => link === 'connected' && receipts.delivered >= number);
    assert.deepEqual(
      bob.log.filter(({ level }) => level === 'error'),
      [],
    );
  }

  const plain = async () => kept(await plainConnection(bob.port));
  const secure = async (me?: Identity) => kept(await secureConnection(bob.port, me));

  function kept<Kind extends Socket>(socket: Kind): Kind {
    open.push(socket);
    return socket;
  }

  async function newIdentity(name: string): Promise<Identity> {
    const folder = path.join(town.folder, name);
    await mkdir(folder);
    return loadIdentity(folder);
  }

  it('who speak no TLS are let go of', async () => {
    const random = seededRandom(5);
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(100_000),
      randomBytesOf(random, 5_000),
    ]) {
      const socket = await plain();
      socket.write(bytes);
      await ended(socket);
    }
  });

  it('who show no certificate get no further', async () => {
    const socket = await secure();
    socket.write(helloFrame());
    await ended(socket);
    assert.equal(bob.window.peerCalled('stranger'), undefined);
  });

  it('who speak garbage behind a certificate are let go of', async () => {
    const me = await newIdentity('mallory');
    const random = seededRandom(7);
    const length = (bytes: number) => Buffer.from(Uint32Array.of(bytes).buffer).swap32();
    const frame = (text: string) => Buffer.concat([length(text.length), Buffer.from(text)]);
    const everything = [
      Buffer.concat([length(2 ** 32 - 1), Buffer.alloc(1_000)]),
      Buffer.concat([length(256 * 1024), Buffer.alloc(256 * 1024, '[')]),
      frame('{"kind":"hello"}'),
      frame('{"kind":"entry","number":1}'),
      frame('[]'),
      Buffer.from(helloFrame({ name: '\u202e' })),
      Buffer.concat([helloFrame(), frame('{"kind":"accept"}')]),
      Buffer.concat([helloFrame(), frame('{"kind":"received","upTo":5}')]),
      Buffer.concat([length(1_000), randomBytesOf(random, 1_000)]),
    ];
    for (const bytes of everything) {
      const socket = await secure(me);
      socket.write(bytes);
      await ended(socket);
    }
    await bob.window.until(({ peers }) => Object.keys(peers).length === 1);
  });

  it('who claim to know me better than I do are asked about like others', async () => {
    const socket = await secure(await newIdentity('mallory'));
    socket.write(helloFrame({ received: 1_000_000, read: 5 }));
    await bob.window.until(() => bob.window.peerCalled('stranger')?.link === 'asking');
    socket.destroy();
    await bob.window.until(() => bob.window.peerCalled('stranger') === undefined);
  });

  it('who call themselves by a friend’s name are not let in, and the friend is not doubted', async () => {
    const socket = await secure(await newIdentity('mallory'));
    socket.write(helloFrame({ name: 'SARA' }));
    await ended(socket);
    assert.equal(bob.state.peers[sara.fingerprint]?.nameConflict, undefined);
    assert.equal(Object.keys(bob.state.peers).length, 1);
  });

  it('who call themselves as somebody who is listed are not shown under that name', async () => {
    await town.person('eve');
    await bob.request('refreshPeers', null);
    const me = await newIdentity('mallory');
    const socket = await secure(me);
    socket.write(helloFrame({ name: 'Eve' }));
    const { name } = await bob.window.peer(me.fingerprint, ({ link }) => link === 'asking');
    assert.equal(name, me.fingerprint.slice(0, 8));
  });

  it('who call themselves by a name that looks like a friend’s are not shown under it', async () => {
    const me = await newIdentity('mallory');
    const socket = await secure(me);
    socket.write(helloFrame({ name: 's\u0430ra' })); // the second letter is Cyrillic
    const { name } = await bob.window.peer(me.fingerprint, ({ link }) => link === 'asking');
    assert.equal(name, me.fingerprint.slice(0, 8));
  });

  it('who come in numbers are asked about a few at a time', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, i) => newIdentity(`mallory ${i}`)));
    const sockets = await Promise.all(crowd.map((me) => secure(me)));
    for (const [i, socket] of sockets.entries()) socket.write(helloFrame({ name: `stranger ${i}` }));
    const asking = () => Object.values(bob.state.peers).filter(({ link }) => link === 'asking').length;
    await Promise.all([bob.window.until(() => asking() === 8), someEnded(sockets, 4)]);
    assert.equal(asking(), 8);
  });

  it('who only hold connections keep nobody out', async () => {
    await Promise.all(Array.from({ length: 300 }, plain));
    const eve = await town.person('eve');
    await eve.befriend(bob);
  });

  it('who hold connections with a certificate keep nobody out', async () => {
    const me = await newIdentity('mallory');
    for (let i = 0; i < 280; i++) await secure(me);
    const eve = await town.person('eve');
    await eve.befriend(bob);
  });

  it('who say hello on every connection that there can be keep nobody out', async () => {
    const me = await newIdentity('mallory');
    for (let i = 0; i < 280; i++) (await secure(me)).resume().write(helloFrame());
    await bob.window.peer(me.fingerprint, ({ link }) => link === 'asking');
    const eve = await town.person('eve');
    await eve.befriend(bob);
    await sara.request('disconnect', { peer: bob.fingerprint });
    await sara.request('connect', { peer: bob.fingerprint });
  });

  it('who hang up are not asked about any more, though they hold another connection', async () => {
    const me = await newIdentity('mallory');
    const asking = await secure(me);
    asking.write(helloFrame());
    await bob.window.peer(me.fingerprint, ({ link }) => link === 'asking');
    const silent = await secure(me);
    // Bob's hello: it is a link of his by then.
    await once(silent, 'data');
    asking.destroy();
    await bob.window.until(({ peers }) => peers[me.fingerprint] === undefined);
    silent.write(helloFrame());
    await bob.window.peer(me.fingerprint, ({ link }) => link === 'asking');
  });

  describe('with datagrams', () => {
    let socket: UdpSocket;
    let udpPort: number;

    beforeEach(async () => {
      socket = createSocket('udp4').bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const record = await fetch(`${town.registryUrl}/v1/peers/bob`);
      udpPort = ((await record.json()) as { record: { udpPort: number } }).record.udpPort;
    });
    afterEach(() => {
      socket.close();
    });

    const throwAt = (bytes: Uint8Array) =>
      new Promise<void>((resolve) => socket.send(bytes, udpPort, '127.0.0.1', () => resolve()));

    async function passFile(sizeBytes: number, meanwhile: () => Promise<void>): Promise<void> {
      const place = path.join(town.folder, 'file.bin');
      // Pictures go in datagrams.
      await writeFile(place, asPicture(randomBytesOf(seededRandom(1), sizeBytes)));
      const offered = { peer: bob.fingerprint, path: place, asPicture: false };
      const { id } = await sara.request('offerFile', offered);
      await bob.window.transfer(id, 'offered');
      await bob.request('answerTransfer', { id, accept: true });
      await meanwhile();
      await bob.window.transfer(id, 'done');
      await sara.window.transfer(id, 'done');
    }

    it('of noise waste nothing but the road', async () => {
      const random = seededRandom(3);
      const noise = Array.from({ length: 64 }, () => randomBytesOf(random, 1 + Math.floor(random() * 1_400)));
      for (const [i, bytes] of noise.entries()) bytes[0] = 0x40 + (i % 16);
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 100_000; i += noise.length) await Promise.all(noise.map(throwAt));
      await stillChatting();
      const grown = process.memoryUsage().rss - before;
      assert.ok(grown < 200 * MIB, `${grown} bytes more`);
    });

    it('that were on the way before, whole or changed, do not harm a file', async () => {
      const random = seededRandom(11);
      const real: Buffer[] = [];
      using _ = tapDatagrams((bytes) => real.length < 200 && real.push(Buffer.from(bytes)));
      await passFile(4 * MIB, async () => {});
      await until('they are here', 5_000, async () => real.length > 50);
      await passFile(16 * MIB, async () => {
        for (const bytes of real) {
          await throwAt(bytes);
          const changed = Buffer.from(bytes);
          changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
          await throwAt(changed);
        }
      });
    });
  });

  async function someEnded(sockets: readonly Socket[], count: number): Promise<void> {
    let left = count;
    await new Promise<void>((resolve) => {
      for (const socket of sockets) void ended(socket).then(() => --left === 0 && resolve());
    });
  }
});
