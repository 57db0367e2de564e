// What is told of a file once it is saved, by its own bytes.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { type OfferBody, offeredBy } from '../../../src/engine/files/transferWords.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { box, pngChunk, propertiesBox, sizeBox } from '../pictures/pictureBytes.ts';
import { ALI, id } from '../store/support.ts';

describe('a file that is saved', () => {
  const folder = temporaryFolder();
  const log = { debug() {}, info() {}, warn() {}, error() {} };

  function png(width: number, height: number): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = 1;
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', header)]);
  }

  /** Of one that its sender calls a picture of 3 × 2. */
  async function shownOf(bytes: Uint8Array | undefined, mediaType = 'image/png') {
    const body: OfferBody = {
      ...{ kind: 'offer', transferId: id(1), name: 'a.png', mediaType, sizeBytes: 9 },
      ...{ width: 3, height: 2 },
    };
    const place = path.join(folder.path, bytes === undefined ? 'gone' : 'a.png');
    if (bytes !== undefined) await writeFile(place, bytes);
    const files = new ReceivedFiles(folder.path, log, alwaysQuiet, new DiskThreads());
    const shown = files.shown(offeredBy(ALI, body, { kind: 'checking' }), place);
    assert.equal(shown.path, place);
    return [shown.width, shown.height];
  }

  it('is a picture up to a hundred megapixels', async () => {
    assert.deepEqual(await shownOf(png(3, 2)), [3, 2]);
    assert.deepEqual(await shownOf(png(10_000, 10_000)), [3, 2]);
  });

  it('is no picture to be shown where it is larger, whatever its sender says', async () => {
    assert.deepEqual(await shownOf(png(10_001, 10_000)), [undefined, undefined]);
    assert.deepEqual(await shownOf(png(60_000, 60_000), 'image/jpeg'), [undefined, undefined]);
  });

  it('is none where its bytes are none, do not say how large it is, or have gone', async () => {
    for (const bytes of [Buffer.from('<svg/>'), png(3, 2).subarray(0, 18), Buffer.alloc(0), undefined])
      assert.deepEqual(await shownOf(bytes), [undefined, undefined]);
  });

  it('is none where it is of a kind that no editor draws, and that others may take for one that it does', async () => {
    const heic = Buffer.concat([
      box('ftyp', Buffer.from('mif1\0\0\0\0avif', 'latin1')),
      propertiesBox(sizeBox(3, 2)),
    ]);
    assert.deepEqual(await shownOf(heic, 'image/avif'), [undefined, undefined]);
  });

  it('keeps what was said of it where it is no picture anyway', async () => {
    assert.deepEqual(await shownOf(Buffer.from('a text'), 'text/plain'), [3, 2]);
  });
});
