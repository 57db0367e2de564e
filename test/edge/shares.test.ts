// What people share, as others see it and fetch it: real engines, real links, real disks.

import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Jimp } from 'jimp';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { OwnSharedItem, SharedItem } from '../../src/contract/shared.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { jpegOrientation } from '../../src/engine/pictures/jpegSegments.ts';
import { drawn } from '../../src/peer/drawing.ts';
import { exif, jpegSegment, jpegWith, SECRET } from '../engine/pictures/pictureBytes.ts';
import { slowDisk } from '../support/badDisks.ts';
import { cutConnectionsTo } from '../support/cutRoads.ts';
import { type Person, Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
const LONG = 64 * MIB;
/** Slow ones take a second and more for it, on the fastest machine, too. */
const HALVES = /\.part$/;

describe('what people share', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;
  /** Bob, also while his engine is stopped. */
  let owner: Fingerprint;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
    owner = bob.fingerprint;
  });
  afterEach(() => town.close());

  async function file(name: string, bytes: string | Buffer): Promise<string> {
    const place = path.join(town.folder, name);
    await writeFile(place, bytes);
    return place;
  }

  async function share(
    place: string,
    sharedWith: OwnSharedItem['with'] = 'accepted',
  ): Promise<OwnSharedItem> {
    const [item] = await bob.request('share', { paths: [place], with: sharedWith });
    assert.ok(item);
    return item;
  }

  /** As `who` sees it, once it is there as `is` wants it. */
  const listed = (id: string, who = sara, is: (item: SharedItem) => boolean = () => true) =>
    who.window.until(({ sharedBy }) => sharedBy?.[owner]?.find((item) => item.id === id && is(item)));

  const nothingListed = (who = sara) => who.window.until(({ sharedBy }) => sharedBy?.[owner] === undefined);

  const fetch = (itemId: string, who = sara): Promise<Transfer> =>
    who.request('fetchShared', { peer: owner, itemId });

  const refused = (itemId: string, who = sara) => who.failure('fetchShared', { peer: owner, itemId });

  async function arrived({ id }: Transfer, who = sara): Promise<Buffer> {
    const { path: place = '' } = await who.window.transfer(id, 'done');
    await bob.window.transfer(id, 'done');
    return readFile(place);
  }

  it('is listed to those who are connected, and comes without another question on either side', async () => {
    const { id } = await share(await file('notes.txt', 'all of it'));
    const { name, mediaType, sizeBytes } = await listed(id);
    assert.deepEqual([name, mediaType, sizeBytes], ['notes.txt', 'text/plain', 9]);
    const transfer = await fetch(id);
    // By which its road is chosen.
    assert.deepEqual([transfer.itemId, transfer.mediaType], [id, 'text/plain']);
    assert.equal((await arrived(transfer)).toString(), 'all of it');
    const offered = [sara, bob].flatMap(({ window }) =>
      window.events.filter(
        (event) => event.kind === 'transferChanged' && event.transfer.state.kind === 'offered',
      ),
    );
    assert.equal(offered.length, 1, 'the owner has offered it, and its reader was not asked');
    for (const [one, other] of [
      [sara, bob],
      [bob, sara],
    ] as const) {
      const [message] = await one.window.messages(other.fingerprint);
      assert.deepEqual(message?.body, { kind: 'transfer', transferId: transfer.id });
    }
  });

  it('brings a picture that says nothing else as it is, with its size and thumbnail', async () => {
    const bytes = await drawn(3);
    const { id, mediaType } = await share(await file('rings.png', bytes));
    assert.equal(mediaType, 'image/png');
    await listed(id);
    const transfer = await fetch(id);
    assert.ok((await arrived(transfer)).equals(bytes));
    const { width, thumbnailPath } = sara.state.transfers[transfer.id] ?? {};
    assert.ok(width && thumbnailPath);
  });

  it('brings a photo without what its file says of place and camera, to each who fetches it', async () => {
    const eve = await town.person('eve');
    await bob.befriend(eve);
    const photo = jpegWith(await new Jimp({ width: 60, height: 40 }).getBuffer('image/jpeg'), [
      jpegSegment(0xe1, 'Exif\0\0', exif(6)),
      jpegSegment(0xfe, SECRET),
    ]);
    const place = await file('beach.jpg', photo);
    const { id } = await share(place);
    for (const who of [sara, eve]) {
      await listed(id, who);
      const transfer = await fetch(id, who);
      const bytes = await arrived(transfer, who);
      assert.equal(bytes.includes(SECRET), false);
      assert.equal(jpegOrientation(bytes), 6);
      const { width, thumbnailPath } = who.state.transfers[transfer.id] ?? {};
      assert.ok(width === 40 && thumbnailPath);
      assert.equal(bob.state.transfers[transfer.id]?.metadata, 'removed', 'which its owner sees');
    }
    assert.ok((await readFile(place)).equals(photo), 'the file itself is as it was');
    const copies = () => readdir(path.join(bob.dataDir, 'outbox'));
    await until('no copy is left', 5_000, async () => (await copies()).length === 0);
  });

  it('is shown to chosen people only, and given to nobody else', async () => {
    const eve = await town.person('eve');
    await bob.befriend(eve);
    const { id } = await share(await file('for eve.txt', 'secret'), [eve.fingerprint]);
    const everybodys = await share(await file('for all.txt', 'public'));
    await listed(id, eve);
    await listed(everybodys.id);
    assert.equal(sara.state.sharedBy?.[owner]?.length, 1);
    assert.equal(await refused(id), 'notShared');
    assert.equal((await arrived(await fetch(id, eve), eve)).toString(), 'secret');
  });

  it('leaves the list when it is taken back, and what is on its way arrives', async () => {
    const bytes = randomBytesOf(seededRandom(1), LONG);
    const { id } = await share(await file('long.bin', bytes));
    await listed(id);
    const transfer = await fetch(id);
    await bob.request('unshare', { id });
    await nothingListed();
    assert.equal(await bob.failure('unshare', { id }), 'sharedUnknown');
    assert.deepEqual(bob.state.shared, []);
    assert.ok((await arrived(transfer)).equals(bytes));
    assert.equal(await refused(id), 'notShared');
  });

  it('is remembered by a new engine, and listed again over a new link', async () => {
    const { id } = await share(await file('notes.txt', 'x'));
    await listed(id);
    await bob.stop();
    await nothingListed();
    await bob.start();
    assert.equal(bob.state.shared?.[0]?.id, id);
    await listed(id);
  });

  it('comes as it is now, under its new size, when it has changed since', async () => {
    const place = await file('log.txt', 'first');
    const { id } = await share(place);
    await listed(id);
    await appendFile(place, ', second');
    const transfer = await fetch(id);
    assert.equal((await arrived(transfer)).toString(), 'first, second');
    await listed(id, sara, ({ sizeBytes }) => sizeBytes === 13);
    assert.equal(bob.state.shared?.[0]?.sizeBytes, 13);
  });

  it('is asked about when it is far more than was shown', async () => {
    const place = await file('log.txt', 'first');
    const { id } = await share(place);
    await listed(id);
    await writeFile(place, Buffer.alloc(2 * MIB));
    const { id: transferId, state } = await fetch(id);
    assert.equal(state.kind, 'offered');
    await listed(id, sara, ({ sizeBytes }) => sizeBytes === 2 * MIB);
    // Asking for what is shown now is the answer.
    const transfer = await fetch(id);
    assert.equal(transfer.id, transferId);
    assert.equal((await arrived(transfer)).length, 2 * MIB);
  });

  it('leaves the list when the file is gone, with a word in the log, and whoever asks is told', async () => {
    const place = await file('gone.txt', 'x');
    const { id } = await share(place);
    await listed(id);
    await rm(place);
    assert.equal(await refused(id), 'sharedGone');
    await nothingListed();
    assert.deepEqual(bob.state.shared, []);
    assert.ok(bob.log.some(({ room, text }) => room === 'shares' && text.includes('gone.txt')));
    assert.deepEqual(await sara.received(), []);
  });

  // Windows lets few people make links.
  const withLinks = process.platform === 'win32' ? () => undefined : it;
  withLinks('is the file that a link named when it was shared, and never what takes its place', async () => {
    const first = await file('first.txt', 'first');
    const secret = await file('secret.txt', 'secret');
    const link = path.join(town.folder, 'link.txt');
    await symlink(first, link);
    const { id, name } = await share(link);
    assert.equal(name, 'link.txt');
    await listed(id);
    await rm(link);
    await symlink(secret, link);
    assert.equal((await arrived(await fetch(id))).toString(), 'first');
    await rm(first);
    await symlink(secret, first);
    assert.equal(await refused(id), 'sharedGone');
  });

  it('is refused in words where it is no file, or too much', async () => {
    const fails = (paths: readonly string[]) => bob.failure('share', { paths, with: 'accepted' });
    assert.equal(await fails([town.folder]), 'notAFile');
    assert.equal(await fails([path.join(town.folder, 'none')]), 'fileUnreadable');
    assert.equal(await fails([await file('empty', '')]), 'fileEmpty');
    assert.equal(await fails(Array(201).fill(await file('a', 'a'))), 'sharedTooMany');
    assert.equal(await fails([await file('good', 'a'), town.folder]), 'notAFile');
    assert.equal(bob.state.shared, undefined, 'all or none');
  });

  it('needs its owner and a folder to save it in', async () => {
    const { id } = await share(await file('a.txt', 'a'));
    await listed(id);
    const blocked = await file('stands here', 'x');
    const folder = path.join(blocked, 'below');
    assert.equal(await sara.failure('fetchShared', { peer: owner, itemId: id, folder }), 'folderUnwritable');
    await bob.stop();
    await nothingListed();
    assert.equal(await sara.failure('fetchShared', { peer: owner, itemId: id }), 'peerAway');
  });

  it('is fetched once however often it is clicked', async () => {
    const { id } = await share(await file('long.bin', randomBytesOf(seededRandom(2), 8 * MIB)));
    await listed(id);
    const fetched = await Promise.all([fetch(id), fetch(id), fetch(id)]);
    assert.equal(new Set(fetched.map((transfer) => transfer.id)).size, 1);
    const [transfer] = fetched;
    assert.ok(transfer);
    await arrived(transfer);
    assert.deepEqual(await sara.received(), ['long.bin']);
  });

  it('is saved in a folder of the reader’s choice', async () => {
    const { id } = await share(await file('a.txt', 'a'));
    await listed(id);
    const folder = path.join(town.folder, 'else', 'where');
    const { id: transferId } = await sara.request('fetchShared', {
      peer: bob.fingerprint,
      itemId: id,
      folder,
    });
    const done = await sara.window.transfer(transferId, 'done');
    assert.equal(done.path, path.join(folder, 'a.txt'));
  });

  it('goes on by itself when the link is torn in the middle', async () => {
    using _ = slowDisk(HALVES, 1);
    const bytes = randomBytesOf(seededRandom(3), LONG);
    const { id } = await share(await file('long.bin', bytes));
    await listed(id);
    const transfer = await fetch(id);
    await sara.window.until(({ transfers }) => {
      const state = transfers[transfer.id]?.state;
      return state?.kind === 'running' && state.bytes > MIB;
    });
    assert.ok(cutConnectionsTo(bob.port) + cutConnectionsTo(sara.port) > 0);
    assert.ok((await arrived(transfer)).equals(bytes));
  });

  it('goes on by itself when the engine that fetches it starts again', async () => {
    using _ = slowDisk(HALVES, 1);
    const bytes = randomBytesOf(seededRandom(5), LONG);
    const { id } = await share(await file('long.bin', bytes));
    await listed(id);
    const folder = path.join(town.folder, 'else', 'where');
    const transfer = await sara.request('fetchShared', { peer: owner, itemId: id, folder });
    await sara.window.until(({ transfers }) => {
      const state = transfers[transfer.id]?.state;
      return state?.kind === 'running' && state.bytes > MIB;
    });
    await sara.stop();
    await sara.start();
    const { path: saved = '' } = await sara.window.transfer(transfer.id, 'done');
    assert.equal(saved, path.join(folder, 'long.bin'));
    assert.ok((await readFile(saved)).equals(bytes));
  });

  describe('by an owner who is killed', () => {
    let eve: HeadlessEngine;
    afterEach(() => eve.stop());

    it('goes on where it was, without a question', async () => {
      using _ = slowDisk(HALVES, 1);
      const words = ['--name', 'eve', '--registry', town.registryUrl];
      const start = () => HeadlessEngine.start(path.join(town.folder, 'eve'), ...words);
      await mkdir(path.join(town.folder, 'eve'));
      eve = await start();
      const peer = await sara.window.befriend(eve.window);
      const bytes = randomBytesOf(seededRandom(4), LONG);
      const [item] = await eve.window.request('share', {
        paths: [await file('long.bin', bytes)],
        with: 'accepted',
      });
      assert.ok(item);
      await sara.window.until(({ sharedBy }) => sharedBy?.[peer]?.length === 1);
      const { id } = await sara.request('fetchShared', { peer, itemId: item.id });
      await sara.window.until(({ transfers }) => {
        const state = transfers[id]?.state;
        return state?.kind === 'running' && state.bytes > MIB;
      });
      await eve.kill();
      await sara.window.until(({ sharedBy }) => sharedBy?.[peer] === undefined);
      eve = await start();
      const { path: saved = '' } = await sara.window.transfer(id, 'done', 40_000);
      assert.ok((await readFile(saved)).equals(bytes));
      assert.deepEqual(await sara.received(), ['long.bin']);
      const kinds = sara.window.events.flatMap((event) =>
        event.kind === 'transferChanged' ? [event.transfer.state.kind] : [],
      );
      assert.ok(!kinds.includes('offered'));
    });
  });
});
