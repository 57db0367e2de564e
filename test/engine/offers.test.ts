// The making of offers: what is drawn, and how often.

import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Offers } from '../../src/engine/offers.ts';
import { Outbox } from '../../src/engine/outbox.ts';
import type { Pictures } from '../../src/engine/pictures/pictures.ts';
import type { PictureAnswer } from '../../src/engine/pictures/pictureWorker.ts';
import { Thumbnails } from '../../src/engine/pictures/thumbnails.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { ALI, id } from './store/support.ts';

describe('an offer', () => {
  const folder = temporaryFolder();
  const description = {
    mediaType: 'image/png',
    width: 3,
    height: 2,
    placeholder: undefined,
    thumbnail: undefined,
  };
  let drawn: string[];
  let answer: PictureAnswer;

  beforeEach(() => {
    drawn = [];
    answer = { description };
  });

  /** With pictures that are drawn as the test says. */
  function offers(): Offers {
    const pictures = {
      describe: async (file: string) => {
        drawn.push(path.basename(file));
        return answer.description;
      },
      describeAndStrip: async (_: string, copyTo: string) => {
        if (answer.metadata?.kind === 'removed') await writeFile(copyTo, 'clean');
        return answer;
      },
    };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const thumbnails = new Thumbnails(folder.path, log);
    return new Offers(pictures as unknown as Pictures, thumbnails, new Outbox(folder.path));
  }

  async function file(name: string): Promise<string> {
    const place = path.join(folder.path, name);
    await writeFile(place, 'as it was');
    return place;
  }

  const fetched = (transferId: string, mediaType: string) => ({
    fetched: { itemId: id(9), transferId, mediaType, check: () => undefined },
  });
  const offerOf = (place: string) => ({ peer: ALI, path: place, asPicture: false });

  it('of a shared picture draws it once, however many fetch it, until it changes', async () => {
    const place = await file('a.png');
    const made = offers();
    for (const each of [1, 2, 3])
      await made.prepare({ ...offerOf(place), ...fetched(id(each), 'image/png') });
    assert.deepEqual(drawn, ['a.png']);
    await utimes(place, 1, 1);
    const { transfer } = await made.prepare({ ...offerOf(place), ...fetched(id(4), 'image/png') });
    assert.deepEqual(drawn, ['a.png', 'a.png']);
    assert.deepEqual([transfer.id, transfer.itemId, transfer.width], [id(4), id(9), 3]);
  });

  it('of a shared picture that could not be drawn tries again next time', async () => {
    const place = await file('a.png');
    const made = offers();
    answer = { description: undefined };
    for (const each of [1, 2]) await made.prepare({ ...offerOf(place), ...fetched(id(each), 'image/png') });
    assert.equal(drawn.length, 2);
  });

  it('of any other shared file draws nothing', async () => {
    const { transfer } = await offers().prepare({
      ...offerOf(await file('a.txt')),
      ...fetched(id(1), 'text/plain'),
    });
    assert.deepEqual([transfer.mediaType, drawn], ['text/plain', []]);
  });

  it('of a picture is one of its copy, and leaves nothing when it is not made after all', async () => {
    const place = await file('a.jpg');
    const made = offers();
    answer = { description, metadata: { kind: 'removed' } };
    const prepared = await made.prepare({ ...offerOf(place), asPicture: true });
    assert.deepEqual([prepared.transfer.sizeBytes, prepared.transfer.path], [5, place]);
    assert.equal((await readdir(folder.path)).length, 2);
    await made.discard(prepared);
    assert.deepEqual(await readdir(folder.path), ['a.jpg']);
  });

  it('of a picture is not made where its copy finds no place', async () => {
    const place = await file('a.jpg');
    const prepare = () => offers().prepare({ ...offerOf(place), asPicture: true });
    answer = { description, metadata: { kind: 'notWritten', detail: 'ENOSPC' } };
    await assert.rejects(prepare(), { failure: { code: 'diskFull', details: { path: folder.path } } });
    answer = { description, metadata: { kind: 'notWritten', detail: 'EACCES' } };
    const details = { path: folder.path, detail: 'EACCES' };
    await assert.rejects(prepare(), { failure: { code: 'folderUnwritable', details } });
  });
});
