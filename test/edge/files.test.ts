// Pictures and files between real engines, over real datagrams to real disks.

import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transfer } from '../../src/contract/transfer.ts';
import { transferFailureText } from '../../src/contract/transferFailure.ts';
import { drawn } from '../../src/peer/drawing.ts';
import { asPicture } from '../support/asPicture.ts';
import { slowSource } from '../support/badDisks.ts';
import { cutConnectionsTo } from '../support/cutRoads.ts';
import { type Person, Town } from '../support/engines.ts';
import { fileDigestOf } from '../support/fileDigestOf.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { until } from '../support/until.ts';

const HIDDEN_INTERFACES = new URL('../support/hiddenInterfaces.ts', import.meta.url).href;

const MIB = 1024 * 1024;
const LONG = 64 * MIB;
/** Takes a second and more, on the fastest machine, too: what happens in its middle does. */
const slowly = () => slowSource(/long\.bin$/, 1);

const bytesOf = (sizeBytes: number) => randomBytesOf(seededRandom(sizeBytes), sizeBytes);

/** What stands on its card. */
const wordsOf = (transfer: Transfer, peer: string) =>
  transfer.state.kind === 'failed' ? transferFailureText(transfer.state.failure, transfer, peer) : undefined;

describe('files', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
  });
  afterEach(() => town.close());

  async function file(name: string, bytes: string | Buffer): Promise<string> {
    const place = path.join(town.folder, name);
    await writeFile(place, bytes);
    return place;
  }

  async function offer(place: string, asPicture = false, to = bob): Promise<Transfer> {
    const offered = await sara.request('offerFile', { peer: to.fingerprint, path: place, asPicture });
    await to.window.transfer(offered.id, 'offered');
    return offered;
  }

  const accept = (id: string, by = bob) => by.request('answerTransfer', { id, accept: true });

  const running = (person: Person, id: string, bytes = 1) =>
    person.window.until(
      ({ transfers }) => transfers[id]?.state.kind === 'running' && transfers[id].state.bytes >= bytes,
    );

  /** Done on both sides with one digest; the receiver's copy. */
  async function arrived(id: string, at = bob, patienceMs?: number): Promise<Buffer> {
    const received = await at.window.transfer(id, 'done', patienceMs);
    const sent = await sara.window.transfer(id, 'done');
    const bytes = await readFile(received.path ?? '');
    const digests = [received, sent].map(({ state }) => state.kind === 'done' && state.sha256);
    assert.deepEqual(digests, [fileDigestOf(bytes), fileDigestOf(bytes)]);
    return bytes;
  }

  it('passes a picture with its size, placeholder and thumbnail, and both know that it is whole', async () => {
    const bytes = await drawn(1);
    const { id } = await offer(await file('rings.png', bytes), true);
    const shown = await bob.window.until(
      ({ transfers }) => transfers[id]?.thumbnailPath !== undefined && transfers[id],
    );
    assert.equal(shown.mediaType, 'image/png');
    assert.ok(shown.width && shown.height && shown.placeholder && shown.thumbnailPath);
    assert.ok((await stat(shown.thumbnailPath)).size > 0);
    assert.deepEqual(await bob.received(), [], 'nothing moves before the yes');
    await accept(id);
    assert.ok((await arrived(id)).equals(bytes));
    const [message] = await bob.window.messages(sara.fingerprint);
    assert.deepEqual(message?.body, { kind: 'transfer', transferId: id });
  });

  it('gives a second file of one name another name, and overwrites nothing', async () => {
    await mkdir(bob.downloads, { recursive: true });
    await writeFile(path.join(bob.downloads, 'notes.txt'), 'my own');
    const { id } = await offer(await file('notes.txt', 'from sara'));
    await accept(id);
    assert.equal((await arrived(id)).toString(), 'from sara');
    assert.deepEqual(await bob.received(), ['notes (2).txt', 'notes.txt']);
    assert.equal(await readFile(path.join(bob.downloads, 'notes.txt'), 'utf8'), 'my own');
  });

  it('carries files of every size around a block', async () => {
    for (const sizeBytes of [1, 65_535, 65_536, 65_537, 3 * 65_536]) {
      const bytes = bytesOf(sizeBytes);
      const { id } = await offer(await file(`${sizeBytes}.bin`, bytes));
      await accept(id);
      assert.ok((await arrived(id)).equals(bytes), `${sizeBytes} bytes`);
    }
  });

  it('takes a no, and the file can be offered once more', async () => {
    const { id } = await offer(await file('a.txt', 'a'));
    await bob.request('answerTransfer', { id, accept: false });
    await sara.window.transfer(id, 'rejected');
    assert.equal(await bob.failure('answerTransfer', { id, accept: true }), 'transferUnknown');
    const again = await sara.request('retryTransfer', { id });
    await bob.window.transfer(again.id, 'offered');
    await accept(again.id);
    assert.equal((await arrived(again.id)).toString(), 'a');
  });

  it('takes back an offer that nobody has answered', async () => {
    const { id } = await offer(await file('a.txt', 'a'));
    await sara.request('cancelTransfer', { id });
    const { state } = await bob.window.transfer(id, 'cancelled');
    assert.deepEqual(state, { kind: 'cancelled', by: 'peer' });
  });

  for (const [who, other] of [
    ['sara', 'bob'],
    ['bob', 'sara'],
  ] as const) {
    it(`leaves nothing behind when ${who === 'sara' ? 'the sender' : 'the receiver'} cancels in the middle`, async () => {
      using _ = slowly();
      const people = { sara, bob };
      const { id } = await offer(await file('long.bin', bytesOf(LONG)));
      await accept(id);
      await running(sara, id);
      await running(bob, id);
      await people[who].request('cancelTransfer', { id });
      const { state } = await people[other].window.transfer(id, 'cancelled');
      assert.deepEqual(state, { kind: 'cancelled', by: 'peer' });
      await bob.emptied();
    });
  }

  it('says what is wrong with a file before anybody is asked', async () => {
    const peer = bob.fingerprint;
    const failure = (place: string, asPicture = false) =>
      sara.failure('offerFile', { peer, path: place, asPicture });
    assert.equal(await failure(await file('empty.txt', '')), 'fileEmpty');
    assert.equal(await failure(path.join(town.folder, 'missing.txt')), 'fileUnreadable');
    assert.equal(await failure(town.folder), 'fileUnreadable');
    assert.equal(await failure(await file('text.png', 'no picture at all'), true), 'pictureUnreadable');
    assert.deepEqual(bob.state.transfers, {});
  });

  it('leaves no half in any folder where the engine ended before it could take that away', async () => {
    using _ = slowly();
    const folder = path.join(town.folder, 'elsewhere');
    const { id } = await offer(await file('long.bin', bytesOf(LONG)));
    await bob.request('answerTransfer', { id, accept: true, folder });
    await running(bob, id);
    await bob.request('cancelTransfer', { id });
    const halvesAreGone = () =>
      until('the half is gone', 5_000, async () => (await readdir(folder)).length === 0);
    await halvesAreGone();
    await bob.stop();
    await writeFile(path.join(folder, `.long.bin.${id}.part`), 'half of it');
    await bob.start();
    await halvesAreGone();
  });

  it('passes on a broken picture when it is sent as a file', async () => {
    const broken = (await drawn(1)).subarray(0, 300);
    const { id } = await offer(await file('broken.png', broken));
    await accept(id);
    assert.ok((await arrived(id)).equals(broken));
  });

  it('fails clearly on both sides when the file changed after the offer', async () => {
    const place = await file('draft.txt', 'first');
    const { id } = await offer(place);
    await appendFile(place, ', then second');
    await accept(id);
    const [sent, received] = await Promise.all([
      sara.window.transfer(id, 'failed'),
      bob.window.transfer(id, 'failed'),
    ]);
    assert.equal(sent.state.kind === 'failed' && sent.state.failure.code, 'fileChanged');
    assert.deepEqual(received.state.kind === 'failed' && received.state.failure, {
      code: 'peerFailed',
      details: { name: 'draft.txt', code: 'fileChanged' },
    });
    assert.match(wordsOf(sent, 'bob') ?? '', /^draft\.txt changed while it was being sent.*Try again\.$/);
    const toReceiver = 'draft.txt changed while sara was sending it. Ask sara to send it again.';
    assert.equal(wordsOf(received, 'sara'), toReceiver);
    await bob.emptied();
  });

  it('keeps the offer open when the folder cannot be made, and takes another folder', async () => {
    const blocked = await file('stands here', 'x');
    const { id } = await offer(await file('a.txt', 'a'));
    assert.equal(
      await bob.failure('answerTransfer', { id, accept: true, folder: path.join(blocked, 'below') }),
      'folderUnwritable',
    );
    assert.equal(bob.state.transfers[id]?.state.kind, 'offered');
    await bob.request('answerTransfer', {
      id,
      accept: true,
      folder: path.join(town.folder, 'else', 'where'),
    });
    assert.equal((await arrived(id)).toString(), 'a');
  });

  it('is offered when the other one is back, and taken without asking where that is wished', async () => {
    const { fingerprint } = bob;
    const { downloads: downloadFolder } = bob;
    await bob.request('configure', { downloadFolder, autoAccept: true });
    const bytes = bytesOf(MIB);
    const sent = await sara.request('offerFile', {
      ...{ peer: fingerprint, asPicture: false, name: 'renamed.bin' },
      path: await file('a.bin', bytes),
    });
    assert.ok((await arrived(sent.id)).equals(bytes));
    assert.deepEqual(await bob.received(), ['renamed.bin']);
  });

  it('goes on by itself when the link is torn in the middle', async () => {
    using _ = slowly();
    const bytes = bytesOf(LONG);
    const { id } = await offer(await file('long.bin', bytes));
    await accept(id);
    await running(bob, id, MIB);
    assert.ok(cutConnectionsTo(bob.port) + cutConnectionsTo(sara.port) > 0);
    await bob.window.transfer(id, 'waiting');
    await running(bob, id, MIB);
    assert.ok((await arrived(id)).equals(bytes));
    assert.deepEqual(await bob.received(), ['long.bin']);
  });

  it('goes on by itself when the sender’s engine starts again', async () => {
    using _ = slowly();
    const bytes = bytesOf(LONG);
    const { id } = await offer(await file('long.bin', bytes));
    await accept(id);
    await running(bob, id, MIB);
    await sara.stop();
    await bob.window.transfer(id, 'waiting');
    await sara.start();
    assert.ok((await arrived(id)).equals(bytes));
  });

  it('passes three files to three people at once', async () => {
    const others = await Promise.all(['eve', 'ali'].map((name) => town.person(name)));
    await Promise.all(others.map((other) => sara.befriend(other)));
    const bytes = bytesOf(8 * MIB);
    const place = await file('shared.bin', bytes);
    await Promise.all(
      [bob, ...others].map(async (person) => {
        const { id } = await offer(place, false, person);
        await accept(id, person);
        assert.ok((await arrived(id, person)).equals(bytes));
      }),
    );
  });

  it('keeps chat quick while a long file runs', async () => {
    const place = await file('long.bin', '');
    await truncate(place, 4 * LONG);
    const { id } = await offer(place);
    await accept(id);
    await running(bob, id);
    const waits: number[] = [];
    while (bob.state.transfers[id]?.state.kind === 'running') {
      const start = performance.now();
      const { number } = await sara.say(bob, 'still quick?');
      await sara.peer(bob, ({ receipts }) => receipts.delivered >= number);
      waits.push(performance.now() - start);
    }
    await bob.window.transfer(id, 'done');
    waits.sort((a, b) => a - b);
    const median = waits[Math.floor(waits.length / 2)] ?? Number.POSITIVE_INFINITY;
    assert.ok(median < 500, `${median} ms over ${waits.length} messages`);
  });

  describe('with an engine that is killed', () => {
    let eve: HeadlessEngine;
    afterEach(() => eve.stop());

    it('arrives whole after it is back, and leaves no halves', async () => {
      using _ = slowly();
      const downloads = path.join(town.folder, 'eve received');
      const words = ['--name', 'eve', '--registry', town.registryUrl];
      const start = () =>
        HeadlessEngine.start(
          path.join(town.folder, 'eve'),
          ...words,
          '--auto-accept',
          '--downloads',
          downloads,
        );
      eve = await start();
      const peer = await sara.window.befriend(eve.window);
      const bytes = bytesOf(LONG);
      const place = await file('long.bin', bytes);
      const { id } = await sara.request('offerFile', { peer, path: place, asPicture: false });
      await eve.window.until(
        ({ transfers }) => transfers[id]?.state.kind === 'running' && transfers[id].state.bytes > MIB,
      );
      await eve.kill();
      eve = await start();
      const { path: saved = '' } = await eve.window.transfer(id, 'done');
      assert.equal(saved, path.join(downloads, 'long.bin'));
      assert.ok((await readFile(saved)).equals(bytes));
      await sara.window.transfer(id, 'done');
    });
  });

  it('come to an engine that its system tells of no interfaces', async () => {
    const place = await file('picture.webp', asPicture(bytesOf(MIB)));
    const eve = await HeadlessEngine.startWith(
      { preloads: [HIDDEN_INTERFACES] },
      path.join(town.folder, 'eve'),
      ...['--name', 'eve', '--registry', town.registryUrl, '--auto-accept'],
    );
    try {
      const peer = await sara.window.befriend(eve.window);
      const { id } = await sara.request('offerFile', { peer, path: place, asPicture: false });
      await eve.window.transfer(id, 'done');
    } finally {
      await eve.stop();
    }
  });
});
