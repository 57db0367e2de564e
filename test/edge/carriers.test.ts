// Two carriers for one file, between real engines over real sockets: each is blocked, torn or frozen, from the start or in the middle,
// and the other one brings what is missing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { noisePicture } from '../../bench/noisePicture.ts';
import type { CarrierKind } from '../../src/contract/transfer.ts';
import { type Identity, loadIdentity } from '../../src/engine/identity/identity.ts';
import { BULK_ALPN } from '../../src/wire/bulkFrame.ts';
import { asPicture } from '../support/asPicture.ts';
import { slowSource } from '../support/badDisks.ts';
import { BulkRoad } from '../support/bulkRoad.ts';
import { dataDatagrams, loseDatagrams, loseDatagramsAfter } from '../support/datagramSwitch.ts';
import { type Person, Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { ended } from '../support/stranger.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** On loopback a block is two datagrams, and its end a third. */
const DATAGRAMS_OF_5_MIB = 160;

const bytesOf = (sizeBytes: number) => randomBytesOf(seededRandom(sizeBytes), sizeBytes);

const pictureOf = (sizeBytes: number) => asPicture(bytesOf(sizeBytes));

describe('a file and its carriers', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;
  let road: BulkRoad;
  let deadRoads: ReturnType<typeof overDeadRoads>;

  // Half a minute of waiting: it goes on beside the others.
  before(async () => {
    deadRoads = overDeadRoads();
    deadRoads.catch(() => undefined);
  });
  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
    road = await BulkRoad.open(sara.port, bob.port);
  });
  afterEach(async () => {
    road[Symbol.dispose]();
    await town.close();
  });

  async function send(bytes: Buffer, from = sara, to = bob): Promise<string> {
    const place = path.join(town.folder, 'the file');
    await writeFile(place, bytes);
    const { id } = await from.request('offerFile', { peer: to.fingerprint, path: place, asPicture: false });
    await to.window.transfer(id, 'offered');
    await to.request('answerTransfer', { id, accept: true });
    return id;
  }

  async function arrives(id: string, bytes: Buffer, at = bob, from = sara): Promise<void> {
    const { path: place = '' } = await at.window.transfer(id, 'done', 30_000);
    await from.window.transfer(id, 'done');
    assert.ok((await readFile(place)).equals(bytes));
  }

  const shown = (person: Person, id: string) =>
    person.window.events.flatMap((event) =>
      event.kind === 'transferChanged' && event.transfer.id === id ? [event.transfer.state] : [],
    );

  /** The carriers that somebody was shown, in order. */
  function carriersOf(person: Person, id: string): CarrierKind[] {
    const carriers = shown(person, id).flatMap((state) =>
      state.kind === 'running' && state.carrier !== undefined ? [state.carrier] : [],
    );
    return carriers.filter((carrier, i) => carrier !== carriers[i - 1]);
  }

  /** Bytes that were on the receiver's disk and came once more. */
  function cameAgain(at = bob): number {
    const lines = at.log.flatMap(({ text }) => / (\d+) bytes came again/.exec(text)?.[1] ?? []);
    return Number(lines.at(-1));
  }

  /** The longest time in which the receiver was shown no progress, in ms. */
  async function longestPause(id: string, at = bob): Promise<number> {
    let last = performance.now();
    let longest = 0;
    let bytes = -1;
    await at.window.until(({ transfers }) => {
      const state = transfers[id]?.state;
      const now = performance.now();
      const isNews = state?.kind !== 'running' || state.bytes !== bytes;
      if (isNews) {
        longest = Math.max(longest, now - last);
        last = now;
      }
      if (state?.kind === 'running') bytes = state.bytes;
      return state?.kind === 'done';
    }, 30_000);
    return longest;
  }

  it('goes over a connection of its own when it is no picture, and not a byte of it in datagrams', async () => {
    const before = dataDatagrams();
    const bytes = bytesOf(40 * MIB);
    const id = await send(bytes);
    await arrives(id, bytes);
    assert.equal(dataDatagrams(), before);
    assert.deepEqual(road.dialled, [bob.port], 'whoever has dialled the link dials once more');
    assert.ok(road.passedBytes > bytes.length);
    for (const carrier of [...carriersOf(sara, id), ...carriersOf(bob, id)]) assert.equal(carrier, 'tls');
    assert.ok(cameAgain() <= BLOCK_BYTES);
  });

  it('goes so with many others at once, each over a connection of its own', async () => {
    const place = path.join(town.folder, 'one of many');
    const bytes = bytesOf(MIB);
    await writeFile(place, bytes);
    const offers = Array.from({ length: 8 }, () =>
      sara.request('offerFile', { peer: bob.fingerprint, path: place, asPicture: false }),
    );
    const ids = (await Promise.all(offers)).map(({ id }) => id);
    for (const id of ids) await bob.window.transfer(id, 'offered');
    await Promise.all(ids.map((id) => bob.request('answerTransfer', { id, accept: true })));
    for (const id of ids) await arrives(id, bytes);
    assert.ok(road.dialled.filter((port) => port === bob.port).length >= ids.length);
    for (const id of ids) assert.ok(!carriersOf(bob, id).includes('udp'));
  });

  it('goes the other way over the link of the same side, too', async () => {
    const bytes = bytesOf(5 * MIB);
    await arrives(await send(bytes, bob, sara), bytes, sara, bob);
    assert.deepEqual(road.dialled, [bob.port]);
    assert.ok(road.passedBytes > bytes.length);
  });

  it('goes in datagrams when it is a picture', async () => {
    const before = dataDatagrams();
    const bytes = pictureOf(5 * MIB);
    const id = await send(bytes);
    await arrives(id, bytes);
    assert.ok(dataDatagrams() - before >= DATAGRAMS_OF_5_MIB, `${dataDatagrams() - before} datagrams`);
    assert.equal(bob.state.transfers[id]?.mediaType, 'image/webp');
    assert.deepEqual(road.dialled, []);
  });

  it('goes just so when it is fetched: a text over a connection, a picture in datagrams', async () => {
    for (const [name, bytes, carrier] of [
      ['notes.txt', Buffer.from('all of it\n'.repeat(300_000)), 'tls'],
      ['noise.png', noisePicture(3 * MIB), 'udp'],
    ] as const) {
      const place = path.join(town.folder, name);
      await writeFile(place, bytes);
      const [item] = await sara.request('share', { paths: [place], with: 'accepted' });
      const itemId = item?.id ?? '';
      await bob.window.until(({ sharedBy }) => sharedBy?.[sara.fingerprint]?.some(({ id }) => id === itemId));
      const { id } = await bob.request('fetchShared', { peer: sara.fingerprint, itemId });
      await arrives(id, bytes);
      const roads = bob.log.flatMap(({ text }) => /^(.*): over (\w+) from byte/.exec(text)?.slice(1) ?? []);
      assert.deepEqual(roads.slice(-2), [name, carrier]);
    }
  });

  it('goes over the other carrier when no datagram gets through, and the next one at once', async () => {
    using _ = loseDatagrams();
    const bytes = pictureOf(5 * MIB);
    const begun = performance.now();
    await arrives(await send(bytes), bytes);
    const first = performance.now() - begun;
    assert.ok(first < 4_000, `${first} ms`);
    const again = performance.now();
    await arrives(await send(bytes), bytes);
    assert.ok(performance.now() - again < 1_000);
    assert.equal(cameAgain(), 0);
  });

  it('goes on over the other carrier when datagrams stop to get through in the middle', async () => {
    using _ = loseDatagramsAfter(DATAGRAMS_OF_5_MIB);
    const bytes = pictureOf(24 * MIB);
    const id = await send(bytes);
    const pause = await longestPause(id);
    await arrives(id, bytes);
    assert.ok(pause < 3_000, `nothing for ${pause} ms`);
    assert.ok(road.passedBytes < bytes.length, 'what came in datagrams does not come again');
    assert.ok(cameAgain() <= BLOCK_BYTES, `${cameAgain()} bytes came again`);
  });

  it('goes in datagrams when nobody takes the connection', async () => {
    road.refuse(sara.port, bob.port);
    const bytes = bytesOf(5 * MIB);
    const id = await send(bytes);
    await until('the connection is left', 2_000, async () =>
      bob.log.some(({ text }) => / over udp from byte/.test(text)),
    );
    await arrives(id, bytes);
    assert.deepEqual(new Set(road.dialled), new Set([sara.port, bob.port]), 'both directions were tried');
  });

  it('goes over a connection from the other side where the first direction leads nowhere', async () => {
    road.freeze(bob.port);
    const bytes = bytesOf(5 * MIB);
    await arrives(await send(bytes), bytes);
    assert.deepEqual(road.dialled, [bob.port, sara.port]);
    assert.ok(road.passedBytes > bytes.length);
  });

  for (const fate of ['tear', 'freeze'] as const) {
    it(`goes on in datagrams when its connection ${fate === 'tear' ? 'breaks' : 'carries nothing more'} in the middle, and chat flows`, async () => {
      road.after(8 * MIB, fate);
      const bytes = bytesOf(24 * MIB);
      const id = await send(bytes);
      const pause = longestPause(id);
      const waits: number[] = [];
      while (bob.state.transfers[id]?.state.kind !== 'done') {
        const begun = performance.now();
        const { number } = await sara.say(bob, 'still there?');
        await sara.peer(bob, ({ receipts }) => receipts.delivered >= number);
        waits.push(performance.now() - begun);
      }
      await arrives(id, bytes);
      assert.ok((await pause) < 3_000, `nothing for ${await pause} ms`);
      assert.ok(Math.max(...waits) < 1_500, `a message took ${Math.max(...waits)} ms`);
      assert.ok(cameAgain() <= BLOCK_BYTES, `${cameAgain()} bytes came again`);
      assert.equal(bob.state.peers[sara.fingerprint]?.link, 'connected');
      const pauses = shown(bob, id).filter(({ kind }) => kind === 'waiting');
      assert.equal(pauses.length, 1, 'the link was up all the time');
    });
  }

  it('leaves a carrier that is clearly slower, though it carries', async () => {
    road.slow(4 * MIB);
    const bytes = bytesOf(32 * MIB);
    const begun = performance.now();
    const id = await send(bytes);
    await arrives(id, bytes);
    const took = performance.now() - begun;
    assert.ok(took < 5_000, `${took} ms, where its first carrier needs 8 s`);
    assert.deepEqual(carriersOf(bob, id), ['tls', 'udp']);
    assert.ok(cameAgain() <= BLOCK_BYTES, `${cameAgain()} bytes came again`);
  });

  it('goes back to the first carrier when the second one dies, too', async () => {
    // Or the second one is through before it dies.
    using _slow = slowSource(/./, 1);
    road.after(8 * MIB, 'freeze');
    const id = await send(bytesOf(48 * MIB));
    await bob.window.until(({ transfers }) => {
      const state = transfers[id]?.state;
      return state?.kind === 'running' && state.carrier === 'udp';
    });
    road.pass();
    using _ = loseDatagrams();
    await arrives(id, bytesOf(48 * MIB));
  });

  it('fails after three tries when both are dead, on both sides, and the link and the chat live on', async () => {
    const { ends, tries, chat } = await deadRoads;
    assert.deepEqual(tries, [
      [1, 2, 3],
      [1, 2, 3],
    ]);
    assert.deepEqual(
      ends.map(({ state }) => state.kind === 'failed' && state.failure),
      [
        { code: 'transferStalled', details: { name: 'a.bin', attempts: 3 } },
        { code: 'peerFailed', details: { name: 'a.bin', code: 'transferStalled' } },
      ],
    );
    assert.ok(chat > 10, `${chat} messages`);
  });

  it('arrives while strangers and the peer itself knock with tokens of no session', async () => {
    const folder = path.join(town.folder, 'stranger');
    await mkdir(folder);
    const [stranger, friend] = await Promise.all([folder, sara.dataDir].map((place) => loadIdentity(place)));
    const knocks = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        knock(bob.port, i % 2 === 0 ? stranger : friend, Buffer.alloc(32, i)),
      ),
    );
    const bytes = bytesOf(8 * MIB);
    await arrives(await send(bytes), bytes);
    await Promise.all(knocks.map(ended));
    assert.equal(bob.state.peers[sara.fingerprint]?.link, 'connected');
    assert.equal(Object.keys(bob.state.peers).length, 1, 'nobody else is shown');
  });

  describe('with an engine that is killed', () => {
    let eve: HeadlessEngine;
    afterEach(() => eve.stop());

    it('goes on over the other carrier after it is back, and nothing comes twice', async () => {
      const downloads = path.join(town.folder, 'eve received');
      const start = () =>
        HeadlessEngine.start(
          path.join(town.folder, 'eve'),
          ...['--name', 'eve', '--registry', town.registryUrl, '--auto-accept', '--downloads', downloads],
        );
      eve = await start();
      const peer = await sara.window.befriend(eve.window);
      const bytes = pictureOf(32 * MIB);
      const place = path.join(town.folder, 'the file');
      await writeFile(place, bytes);
      using _ = loseDatagramsAfter(2 * DATAGRAMS_OF_5_MIB);
      const { id } = await sara.request('offerFile', { peer, path: place, asPicture: false });
      await eve.window.until(
        ({ transfers }) => transfers[id]?.state.kind === 'running' && transfers[id].state.bytes > MIB,
      );
      await eve.kill();
      eve = await start();
      const { path: saved = '' } = await eve.window.transfer(id, 'done', 30_000);
      assert.ok((await readFile(saved)).equals(bytes));
      await sara.window.transfer(id, 'done');
      const again = / (\d+) bytes came again/.exec(eve.log.join(''))?.[1];
      assert.ok(Number(again) <= BLOCK_BYTES, `${again} bytes came again`);
    });
  });
});

/** With a certificate and a token, and then silence. */
async function knock(port: number, me: Identity | undefined, token: Buffer): Promise<TLSSocket> {
  const proof = { key: me?.keyPem, cert: me?.certPem };
  const socket = connect({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ALPNProtocols: [BULK_ALPN],
    ...proof,
  });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  socket.write(token);
  return socket;
}

/** What becomes of a file when neither carrier leads anywhere, in engines of their own as the others share this process. */
async function overDeadRoads() {
  const town = await Town.open();
  const folderOf = (name: string) => path.join(town.folder, name);
  const start = (name: string) =>
    HeadlessEngine.start(
      folderOf(name),
      ...['--name', name, '--registry', town.registryUrl, '--downloads', folderOf(`${name} received`)],
    );
  const [sara, bob] = await Promise.all([start('sara'), start('bob')]);
  try {
    const peer = await sara.window.befriend(bob.window);
    for (const engine of [sara, bob]) {
      engine.tell('loseDatagrams');
      engine.tell('cutBulk');
    }
    const place = folderOf('a.bin');
    await writeFile(place, bytesOf(MIB));
    const { id } = await sara.window.request('offerFile', { peer, path: place, asPicture: false });
    await bob.window.transfer(id, 'offered');
    await bob.window.request('answerTransfer', { id, accept: true });
    const end = bob.window.transfer(id, 'failed', 50_000);
    let chat = 0;
    for (let isOver = false; !isOver; chat++) {
      const { number } = await sara.window.request('sendText', { peer, text: 'still there?' });
      await sara.window.peer(peer, ({ receipts }) => receipts.delivered >= number);
      isOver = await Promise.race([
        end.then(() => true),
        new Promise<false>((go) => setTimeout(go, 500, false)),
      ]);
    }
    const ends = [await end, await sara.window.transfer(id, 'failed')];
    const triesOf = ({ window }: HeadlessEngine) => [
      ...new Set(
        window.events.flatMap((event) =>
          event.kind === 'transferChanged' && event.transfer.state.kind === 'running'
            ? [event.transfer.state.attempt]
            : [],
        ),
      ),
    ];
    const receivedFolder = folderOf('bob received');
    await until(
      'nothing half-written is left',
      5_000,
      async () => (await readdir(receivedFolder)).length === 0,
    );
    return { ends, tries: [triesOf(bob), triesOf(sara)], chat };
  } finally {
    await Promise.all([sara.stop(), bob.stop()]);
    await town.close();
  }
}
