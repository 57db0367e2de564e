// Full disks, early ends, and what is taken without asking.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../../src/contract/failure.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { isComing, MAX_AUTO_ACCEPTED } from '../../../src/engine/files/autoAccept.ts';
import { MAX_FILE_BYTES, type Offer } from '../../../src/engine/files/offers.ts';
import { offeredBy } from '../../../src/engine/files/transferWords.ts';
import { heldFor } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { onPlatform } from '../../support/onPlatform.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { exif, webpChunk, webpHeader, webpOf } from '../pictures/pictureBytes.ts';
import { ALI, BABAK, id } from '../store/support.ts';
import { FULL, offerOf, TransfersTrial } from './transfersTrial.ts';

const DIGEST = fileDigestOf(Buffer.alloc(10));
/** A JPEG's start and its frame of 16 × 16. */
const THUMBNAIL = Buffer.from('ffd8ffc0001108001000100301220002110103', 'hex').toString('base64');

const camera = webpOf([webpHeader(0x08), webpChunk('VP8L', Buffer.alloc(9)), webpChunk('EXIF', exif(1))]);

describe('transfers', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  const soon = (isSo: () => boolean | Promise<boolean>) => until('what follows', 5_000, async () => isSo());

  it('over UDP are expected from their offers on, as what they need takes its time to start', async () => {
    trial.hear(offerOf(id(7)));
    assert.equal(trial.expected, 0, 'no picture');
    trial.hear(offerOf(id(8), { mediaType: 'image/png' }));
    assert.equal(trial.expected, 1);
    const place = path.join(folder.path, 'mine.jpg');
    await writeFile(place, Buffer.from(THUMBNAIL, 'base64'));
    await trial.transfers.offer({ peer: ALI, path: place, asPicture: false });
    assert.equal(trial.expected, 2);
  });

  it('that were being made when the engine ended are not', async () => {
    const place = path.join(folder.path, 'mine.txt');
    await writeFile(place, 'text');
    const made = trial.transfers.offer({ peer: ALI, path: place, asPicture: false });
    trial.transfers.dispose();
    trial.store.dispose();
    await assert.rejects(made, fail('engineGone', {}));
  });

  describe('on a full disk', () => {
    it('fail, though the store cannot take that before the next link', async () => {
      const { events } = await trial.accepted();
      trial.isFull = true;
      events.onFailed(FULL);
      await soon(() => trial.told.length > 0);
      assert.deepEqual(
        [trial.stateOf(id(7)), trial.shownStateOf(id(7)), await trial.halves()],
        ['waiting', 'waiting', []],
      );
      trial.transfers.onUp(trial.link);
      assert.equal(trial.stateOf(id(7)), 'waiting');
      trial.isFull = false;
      trial.transfers.onUp(trial.link);
      assert.equal(trial.stateOf(id(7)), 'failed');
      assert.deepEqual(trial.said().at(-1), { kind: 'failed', transferId: id(7), code: 'diskFull' });
    });

    it('fail at once where the half of the file was what filled it', async () => {
      const { events } = await trial.accepted();
      const transaction = trial.store.transaction;
      trial.store.transaction = (work) => {
        if (readdirSync(trial.received).length > 0) throw FULL;
        return transaction(work);
      };
      events.onFailed(FULL);
      await soon(() => trial.stateOf(id(7)) === 'failed');
      assert.deepEqual(trial.told, []);
    });

    it('go on, as what moves is not stored anyway', async () => {
      const { events } = await trial.accepted();
      trial.isFull = true;
      trial.transfers.onDown(ALI);
      assert.equal(trial.shownStateOf(id(7)), 'waiting');
      trial.transfers.onUp(trial.link);
      assert.equal(trial.shownStateOf(id(7)), 'running');
      events.onProgress(5);
    });

    it('are saved, and say so with the next link', async () => {
      const { name, destination, events } = await trial.accepted();
      await destination.write(0, Buffer.alloc(10));
      trial.isFull = true;
      events.onFinished();
      trial.transfers.onTransferFrame(trial.link, {
        kind: 'digest',
        transferId: id(7),
        session: name,
        sha256: DIGEST,
      });
      await soon(() => trial.shownStateOf(id(7)) === 'waiting');
      assert.deepEqual([...trial.open], []);
      trial.isFull = false;
      trial.transfers.onUp(trial.link);
      await soon(() => trial.stateOf(id(7)) === 'done');
      assert.deepEqual(trial.said().at(-1), { kind: 'complete', transferId: id(7), sha256: DIGEST });
      assert.deepEqual(await readdir(trial.received), ['a.bin']);
      await soon(async () => (await readdir(path.join(folder.path, 'notes'))).length === 0);
    });

    it('leave nothing open of a file whose yes could not be stored', async () => {
      trial.hear(offerOf(id(7)));
      trial.isFull = true;
      await assert.rejects(trial.transfers.answer(id(7), true), FULL);
      await soon(async () => (await trial.halves()).length === 0);
      trial.isFull = false;
      assert.equal(trial.stateOf(id(7)), 'offered');
    });

    it('are welcomed without their thumbnail', async () => {
      trial.hear(offerOf(id(7), { thumbnail: THUMBNAIL }));
      trial.isFull = true;
      await soon(() => trial.told.length > 0);
      assert.deepEqual(trial.told, [`has to wait: ${FULL.message}`]);
    });
  });

  it('that were asked for come without a question to where they were asked for, unless nothing can be so large', async () => {
    const there = path.join(folder.path, 'there');
    trial.wish = { folder: there };
    trial.hear(offerOf(id(7)), offerOf(id(8), { sizeBytes: MAX_FILE_BYTES + 1 }));
    await soon(() => trial.sessions.length === 1);
    assert.deepEqual(trial.came, [
      [id(7), 'waiting'],
      [id(8), 'rejected'],
    ]);
    assert.deepEqual(
      trial.said().map((body) => body.kind === 'answer' && [body.transferId, body.accepted]),
      [
        [id(7), true],
        [id(8), false],
      ],
    );
    assert.equal((await readdir(there)).length, 1);
  });

  it('that were asked for and called off are declined without a question, and not taken unasked either', async () => {
    trial.autoAccept = true;
    trial.calledOff = id(7);
    trial.hear(offerOf(id(7), { mediaType: 'image/png', thumbnail: THUMBNAIL }), offerOf(id(8)));
    await soon(() => trial.stateOf(id(8)) === 'waiting');
    assert.equal(trial.expected, 0);
    assert.ok(!(await readdir(folder.path)).includes(`${id(7)}.jpg`));
    assert.equal(trial.stateOf(id(7)), 'rejected');
    assert.deepEqual(trial.said()[0], { kind: 'answer', transferId: id(7), accepted: false });
  });

  it('wait in line to be taken unasked, over a restart, too', async () => {
    trial.autoAccept = true;
    const all = Array.from({ length: MAX_AUTO_ACCEPTED + 2 }, (_, index) => offerOf(id(index + 1)));
    const running = () => trial.store.transfers.unfinished(ALI).filter(isComing).length;
    trial.hear(...all);
    await soon(() => running() === MAX_AUTO_ACCEPTED);
    trial.startAgain();
    trial.transfers.onUp(trial.link);
    await soon(() => trial.sessions.length === MAX_AUTO_ACCEPTED);
    assert.equal(running(), MAX_AUTO_ACCEPTED);
    trial.transfers.cancel(id(1));
    await soon(() => running() === MAX_AUTO_ACCEPTED);
    assert.equal(trial.store.transfers.unfinished(ALI).length, MAX_AUTO_ACCEPTED + 1);
  });

  it('wait in no line once their offers are taken back, be it while those are welcomed', async () => {
    trial.autoAccept = true;
    trial.hear(...Array.from({ length: MAX_AUTO_ACCEPTED }, (_, index) => offerOf(id(index + 1))));
    await soon(() => trial.store.transfers.unfinished(ALI).filter(isComing).length === MAX_AUTO_ACCEPTED);
    trial.hear(offerOf(id(11)));
    await new Promise(setImmediate);
    trial.hear({ kind: 'cancel', transferId: id(11) });
    trial.hear(offerOf(id(12)), { kind: 'cancel', transferId: id(12) }, offerOf(id(13)));
    trial.transfers.cancel(id(1));
    await soon(() => trial.stateOf(id(13)) === 'waiting');
    assert.deepEqual(trial.told, [], 'nobody has tried to take those');
  });

  describe('whose file another program looks at when it is to have its name', () => {
    let changed: Disposable[];
    beforeEach(async () => {
      const { name, destination, events } = await trial.accepted();
      changed = [onPlatform('win32'), heldFor(Number.POSITIVE_INFINITY, /\.part$/)];
      await destination.write(0, Buffer.alloc(10));
      events.onFinished();
      const word = { kind: 'digest', transferId: id(7), session: name, sha256: DIGEST } as const;
      trial.transfers.onTransferFrame(trial.link, word);
      await soon(async () => (await readdir(trial.received)).includes('a.bin'));
    });
    afterEach(() => {
      for (const each of changed) each[Symbol.dispose]();
    });
    const isGone = async () => {
      const left = [trial.received, path.join(folder.path, 'notes')].map((each) => readdir(each));
      return (await Promise.all(left)).flat().length === 0;
    };

    for (const [whom, cancel, said] of [
      ['me', () => trial.transfers.cancel(id(7)), ['answer', 'cancel']],
      ['them', () => trial.hear({ kind: 'cancel', transferId: id(7) }), ['answer']],
    ] as const)
      it(`do not come any more once they are cancelled by ${whom}`, async () => {
        assert.equal(trial.stateOf(id(7)), 'checking');
        cancel();
        await soon(isGone);
        assert.deepEqual([trial.stateOf(id(7)), trial.shownStateOf(id(7))], ['cancelled', 'cancelled']);
        assert.deepEqual(
          trial.said().map(({ kind }) => kind),
          said,
        );
      });

    it('go on where the disk had no room for the word that they are cancelled', async () => {
      trial.isFull = true;
      assert.throws(() => trial.transfers.cancel(id(7)), FULL);
      trial.isFull = false;
      for (const each of changed.splice(0)) each[Symbol.dispose]();
      await soon(() => trial.shownStateOf(id(7)) === 'done');
      assert.deepEqual(await readdir(trial.received), ['a.bin']);
    });
  });

  describe('offered once more', () => {
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1');

    async function again(first: Buffer, asPicture: Offer['asPicture'], then = first): Promise<Transfer> {
      const place = path.join(folder.path, 'shot');
      await writeFile(place, first);
      const { id: offered } = await trial.transfers.offer({ peer: ALI, path: place, asPicture });
      trial.transfers.cancel(offered);
      await writeFile(place, then);
      return trial.transfers.retry(offered);
    }

    it('say nothing of a camera where the picture was not there yet the first time', async () => {
      const { mediaType, metadata } = await again(Buffer.alloc(100), 'ifItIsOne', camera);
      assert.deepEqual([mediaType, metadata], ['image/webp', 'removed']);
    });

    it('go with every byte where a picture was sent as a file on purpose', async () => {
      for (const bytes of [camera, heic]) {
        const { sizeBytes, metadata } = await again(bytes, false);
        assert.deepEqual([sizeBytes, metadata], [bytes.length, undefined]);
      }
    });
  });

  it('that answer a fetch are not made where that may not have it any more, and leave nothing', async () => {
    const place = path.join(folder.path, 'shot');
    await writeFile(place, camera);
    const before = await readdir(folder.path);
    const check = () => {
      throw fail('notShared', { name: 'shot', owner: 'you' });
    };
    const fetched = { itemId: id(9), transferId: id(8), mediaType: 'x/y', losesMetadata: true, check };
    const offer = { peer: ALI, path: place, asPicture: 'ifItIsOne', fetched } as const;
    await assert.rejects(trial.transfers.offer(offer), fail('notShared', { name: 'shot', owner: 'you' }));
    assert.deepEqual([await readdir(folder.path), trial.said()], [before, []]);
    const { id: made } = await trial.transfers.offer({ ...offer, fetched: { ...fetched, check() {} } });
    assert.deepEqual([trial.shownStateOf(made), trial.said().length], ['offered', 1]);
    assert.notDeepEqual(await readdir(folder.path), before);
  });

  describe('asked for once more, and again', () => {
    let place: string;
    let offered: string;

    beforeEach(async () => {
      place = path.join(folder.path, 'a.bin');
      await writeFile(place, 'a');
      ({ id: offered } = await trial.transfers.offer({ peer: ALI, path: place, asPicture: false }));
      trial.transfers.cancel(offered);
    });

    const open = () => trial.store.transfers.unfinished(ALI).map((transfer) => transfer.id);

    it('are one offer, at once or later', async () => {
      const [first, second] = await Promise.all([
        trial.transfers.retry(offered),
        trial.transfers.retry(offered),
      ]);
      trial.hear({ kind: 'answer', transferId: first.id, accepted: true });
      const third = await trial.transfers.retry(offered);
      assert.deepEqual([second.id, third.id, open()], [first.id, first.id, [first.id]]);
      assert.equal(third.state.kind, 'waiting');
    });

    it('are another offer once that one is over, or could not be made', async () => {
      const first = await trial.transfers.retry(offered);
      trial.transfers.cancel(first.id);
      await rm(place);
      await assert.rejects(trial.transfers.retry(offered));
      await writeFile(place, 'a');
      const again = await trial.transfers.retry(offered);
      assert.notEqual(again.id, first.id);
      assert.deepEqual(open(), [again.id]);
    });

    it('are none where one of them is called off, and can be asked for at once', async () => {
      const abort = new AbortController();
      const first = trial.transfers.retry(offered);
      const second = trial.transfers.retry(offered, abort.signal);
      abort.abort();
      const third = trial.transfers.retry(offered);
      await assert.rejects(first, fail('engineGone', {}));
      await assert.rejects(second, fail('engineGone', {}));
      const { id: made } = await third;
      assert.deepEqual(open(), [made]);
    });
  });

  describe('whose message is deleted', () => {
    const thumbnails = async () => (await readdir(folder.path)).filter((each) => /jpg$/.test(each));
    const look = { thumbnail: THUMBNAIL, placeholder: 'AAAA' };
    const lookOf = (transferId: string) => {
      const { thumbnailPath, placeholder } = trial.store.transfers.get(transferId) ?? {};
      return [thumbnailPath, placeholder];
    };

    it('leave nothing of what they looked like', async () => {
      trial.hear(offerOf(id(7), look));
      await soon(() => trial.published.state.transfers[id(7)]?.thumbnailPath !== undefined);
      trial.hear({ kind: 'delete', entryId: id(1) });
      assert.deepEqual(lookOf(id(7)), [undefined, undefined]);
      await soon(async () => (await thumbnails()).length === 0);
      assert.equal(trial.stateOf(id(7)), 'cancelled');
    });

    it('do not get their thumbnail back where it was on its way to the disk', async () => {
      trial.hear(offerOf(id(7), look), { kind: 'delete', entryId: id(1) });
      trial.hear(offerOf(id(8), look));
      await soon(() => trial.published.state.transfers[id(8)]?.thumbnailPath !== undefined);
      await soon(async () => (await thumbnails()).join() === `${id(8)}.jpg`);
      assert.deepEqual(lookOf(id(7)), [undefined, undefined]);
    });

    it('are shown without it, too, where they are over', async () => {
      trial.hear(offerOf(id(7), look));
      await soon(() => trial.published.state.transfers[id(7)]?.thumbnailPath !== undefined);
      trial.transfers.cancel(id(7));
      trial.hear({ kind: 'delete', entryId: id(1) });
      assert.equal(trial.published.state.transfers[id(7)]?.thumbnailPath, undefined);
    });

    it('are those of that person and direction alone', async () => {
      const there = [id(7), id(8)].map((each) => path.join(folder.path, `${each}.jpg`));
      for (const each of there) await writeFile(each, '');
      const offer = offeredBy(ALI, offerOf(id(7)), { kind: 'waiting' });
      const mine = { ...offer, thumbnailPath: 'x', placeholder: 'AAAA' };
      trial.store.transfers.insert({ ...mine, direction: 'send' });
      trial.store.transfers.insert({ ...mine, id: id(8), peer: BABAK });
      trial.hear(
        offerOf(id(7)),
        offerOf(id(8)),
        { kind: 'delete', entryId: id(1) },
        { kind: 'delete', entryId: id(2) },
      );
      assert.deepEqual(
        [lookOf(id(7)), lookOf(id(8))],
        [
          ['x', 'AAAA'],
          ['x', 'AAAA'],
        ],
      );
      assert.equal((await thumbnails()).length, there.length);
    });
  });
});
