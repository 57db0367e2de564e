// Pictures between real engines: what goes of them, and what does not.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Jimp } from 'jimp';
import type { Transfer } from '../../src/contract/transfer.ts';
import { jpegOrientation } from '../../src/engine/pictures/jpegSegments.ts';
import {
  exif,
  jpegSegment,
  jpegWith,
  pngChunk,
  SECRET,
  webpChunk,
  webpHeader,
  webpOf,
} from '../engine/pictures/pictureBytes.ts';
import { type Person, Town } from '../support/engines.ts';

describe('a picture', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;
  let photo: Buffer;

  before(async () => {
    const plain = await new Jimp({ width: 60, height: 40, color: 0x336699ff }).getBuffer('image/jpeg');
    photo = jpegWith(plain, [jpegSegment(0xe1, 'Exif\0\0', exif(6)), jpegSegment(0xfe, SECRET)]);
  });
  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
    await bob.request('configure', { downloadFolder: bob.downloads, autoAccept: true });
  });
  afterEach(() => town.close());

  async function send(name: string, bytes: Uint8Array, asPicture: boolean | 'ifItIsOne'): Promise<Transfer> {
    const place = path.join(town.folder, name);
    await writeFile(place, bytes);
    return sara.request('offerFile', { peer: bob.fingerprint, path: place, asPicture });
  }

  async function arrived({ id }: Transfer): Promise<Buffer> {
    const { path: place = '' } = await bob.window.transfer(id, 'done');
    await sara.window.transfer(id, 'done');
    return readFile(place);
  }

  const outbox = () => readdir(path.join(sara.dataDir, 'outbox'));

  /** It goes right after the word is stored. */
  async function outboxEmptied(): Promise<void> {
    const deadline = performance.now() + 5_000;
    while ((await outbox()).length > 0) assert.ok(performance.now() < deadline, 'a copy is left');
  }

  it('goes without what its file says of place and camera, upright, under its own name', async () => {
    const offered = await send('beach.jpg', photo, true);
    const bytes = await arrived(offered);
    assert.equal(bytes.includes(SECRET), false);
    assert.equal(jpegOrientation(bytes), 6);
    assert.deepEqual([offered.name, offered.sizeBytes], ['beach.jpg', bytes.length]);
    assert.deepEqual([offered.width, offered.height], [40, 60]);
    assert.equal(offered.metadata, 'removed');
    assert.equal(bob.state.transfers[offered.id]?.metadata, undefined, 'what she says of it is hers');
    assert.ok((await readFile(offered.path ?? '')).equals(photo), 'her own file is as it was');
    await outboxEmptied();
  });

  it('is one whatever its file is called, and goes without what that says', async () => {
    for (const name of ['photo.jfif', 'photo.jpe', 'photo']) {
      const offered = await send(name, photo, 'ifItIsOne');
      assert.equal(offered.metadata, 'removed', name);
      assert.equal((await arrived(offered)).includes(SECRET), false, name);
    }
  });

  it('of a phone that stores HEIC is a file in the chat, and is said to go as it is', async () => {
    const phone = Buffer.concat([Buffer.from('0000001866747970' + '68656963', 'hex'), Buffer.from(SECRET)]);
    const offered = await send('IMG_0001.HEIC', phone, 'ifItIsOne');
    assert.deepEqual([offered.mediaType, offered.metadata], ['image/heic', 'kept']);
    assert.ok((await arrived(offered)).equals(phone));
  });

  it('is what its bytes say: a text that is called like one goes as it is', async () => {
    const offered = await send('photo.jpg', Buffer.from(SECRET), 'ifItIsOne');
    assert.deepEqual([offered.mediaType, offered.metadata], ['application/octet-stream', undefined]);
    assert.equal((await arrived(offered)).toString(), SECRET);
  });

  it('is the same to the byte when it is sent as a file, and nothing is claimed', async () => {
    const offered = await send('beach.jpg', photo, false);
    assert.equal(offered.metadata, undefined);
    assert.ok((await arrived(offered)).equals(photo));
  });

  it('that nobody can take apart here goes as it is, and is said to', async () => {
    const broken = photo.subarray(0, 200);
    const offered = await send('broken.jpg', broken, true);
    assert.equal(offered.metadata, 'kept');
    assert.ok((await arrived(offered)).equals(broken));
  });

  it('of a kind that cannot be drawn here is stripped all the same, and has its size', async () => {
    const chunks = [webpHeader(0x08), webpChunk('VP8L', Buffer.alloc(9)), webpChunk('EXIF', exif(1))];
    const offered = await send('phone.webp', webpOf(chunks), true);
    assert.deepEqual([offered.mediaType, offered.width, offered.metadata], ['image/webp', 300, 'removed']);
    assert.equal((await arrived(offered)).includes(SECRET), false);
  });

  it('that is larger than what may be drawn is shown as a file once its own header was read', async () => {
    const header = Buffer.from('0000ea600000ea600800000000', 'hex');
    const huge = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', header)]);
    const offered = await send('huge.png', huge, false);
    assert.deepEqual([offered.mediaType, offered.width], ['image/png', 60_000]);
    assert.ok((await arrived(offered)).equals(huge));
    const { width, height } = bob.state.transfers[offered.id] ?? {};
    assert.deepEqual([width, height], [undefined, undefined]);
  });

  it('is stripped once more when it is offered once more, also after its copy has gone', async () => {
    await bob.request('configure', { downloadFolder: bob.downloads, autoAccept: false });
    const offered = await send('beach.jpg', photo, true);
    assert.deepEqual(await outbox(), [`${offered.id}.picture`]);
    await bob.window.transfer(offered.id, 'offered');
    await bob.request('answerTransfer', { id: offered.id, accept: false });
    await sara.window.transfer(offered.id, 'rejected');
    await outboxEmptied();
    const again = await sara.request('retryTransfer', { id: offered.id });
    await bob.window.transfer(again.id, 'offered');
    await bob.request('answerTransfer', { id: again.id, accept: true });
    assert.equal((await arrived(again)).includes(SECRET), false);
  });

  it('is sent from its copy by the next engine, too, and copies that nobody needs are swept', async () => {
    await bob.request('configure', { downloadFolder: bob.downloads, autoAccept: false });
    const offered = await send('beach.jpg', photo, true);
    await bob.window.transfer(offered.id, 'offered');
    await sara.stop();
    await mkdir(path.join(sara.dataDir, 'outbox'), { recursive: true });
    await writeFile(
      path.join(sara.dataDir, 'outbox', `${'f'.repeat(32)}.picture`),
      'left by a killed engine',
    );
    await sara.start();
    assert.deepEqual(await outbox(), [`${offered.id}.picture`]);
    assert.equal(sara.state.transfers[offered.id]?.metadata, 'removed');
    await bob.request('answerTransfer', { id: offered.id, accept: true });
    assert.equal((await arrived(offered)).includes(SECRET), false);
  });
});
