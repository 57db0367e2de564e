// Transfers between a real store, a real disk and a carrier that only writes down what it is to do: full disks and early ends.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../../src/contract/failure.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import type { Carrier, ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { Destination } from '../../../src/engine/carriers/receiveSession.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { isComing, MAX_AUTO_ACCEPTED } from '../../../src/engine/files/autoAccept.ts';
import { MAX_OPEN_OFFERS } from '../../../src/engine/files/offerBounds.ts';
import { MAX_FILE_BYTES, type Offer } from '../../../src/engine/files/offers.ts';
import { Outbox } from '../../../src/engine/files/outbox.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { Transfers } from '../../../src/engine/files/transfers.ts';
import { type OfferBody, offeredBy } from '../../../src/engine/files/transferWords.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import { People } from '../../../src/engine/people/people.ts';
import { Pictures } from '../../../src/engine/pictures/pictures.ts';
import { Thumbnails } from '../../../src/engine/pictures/thumbnails.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import type { EntryBody } from '../../../src/wire/linkFrames.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { newPublished } from '../../support/newPublished.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { exif, webpChunk, webpHeader, webpOf } from '../pictures/pictureBytes.ts';
import { ALI, BABAK, id, StoreFile, theirs } from '../store/support.ts';

const DIGEST = fileDigestOf(Buffer.alloc(10));
const FULL = fail('diskFull', { path: 'the store' });
/** A JPEG's start and its frame of 16 × 16. */
const THUMBNAIL = Buffer.from('ffd8ffc0001108001000100301220002110103', 'hex').toString('base64');

interface Session {
  readonly name: string;
  readonly destination: Destination;
  readonly events: ReceivingEvents;
}

describe('transfers', () => {
  const folder = temporaryFolder();
  const link = {
    peer: ALI,
    channel: { secret: Buffer.alloc(32), remoteHost: '127.0.0.1' },
    hello: { capabilities: [] },
    handle: (_input: LinkIn) => undefined,
  } as unknown as LiveLink;
  let file: StoreFile;
  let store: Store;
  let isFull: boolean;
  let isUp: boolean;
  let autoAccept: boolean;
  let told: string[];
  let sessions: Session[];
  let published: Published;
  let conversations: Conversations;
  let transfers: Transfers;
  let number: number;

  beforeEach(() => {
    file = new StoreFile();
    isFull = false;
    isUp = true;
    autoAccept = false;
    number = 0;
    store = file.open();
    start();
  });
  afterEach(() => {
    transfers.dispose();
    file.remove();
  });

  /** As when the engine starts. */
  function start(): void {
    told = [];
    sessions = [];
    fillUp(store);
    published = newPublished();
    const clock = { now: () => 5_000 };
    const people = new People(store, published, clock);
    people.learn(ALI, { standing: 'accepted' });
    conversations = new Conversations(store, people, published, new ShownMessages(store, published), clock);
    const log = { debug() {}, info() {}, warn: (text: string) => void told.push(text), error() {} };
    transfers = new Transfers({
      ...{ store, people, conversations, published, log },
      pictures: new Pictures(),
      carriers: new Carriers({ udp: carrier, tls: carrier }),
      thumbnails: new Thumbnails(folder.path, log),
      outbox: new Outbox(folder.path),
      files: new ReceivedFiles(path.join(folder.path, 'notes'), log),
      wishes: { wished: () => undefined, came() {} },
      notesFolder: path.join(folder.path, 'notes'),
      settings: () => ({ downloadFolder: path.join(folder.path, 'received'), autoAccept }),
      linkOf: () => (isUp ? link : undefined),
    });
    conversations.connect(transfers, { grown() {}, shown() {}, heard() {} });
  }

  function startAgain(): void {
    transfers.dispose();
    store.dispose();
    store = file.open();
    start();
  }

  /** From now on nothing can be written while `isFull`. */
  function fillUp(full: Store): void {
    const transaction = full.transaction.bind(full);
    const update = full.transfers.update.bind(full.transfers);
    const refuse = () => {
      if (isFull) throw FULL;
    };
    full.transaction = (work) => {
      refuse();
      return transaction(work);
    };
    full.transfers.update = (transfer) => {
      refuse();
      return update(transfer);
    };
  }

  const carrier: Carrier = {
    send: () => assert.fail('nothing is sent here'),
    receive({ session: name }, _missing, destination, events) {
      sessions.push({ name, destination, events });
      return { ended: Promise.resolve(0), hearReading() {}, dispose() {} };
    },
  };

  const offerOf = (transferId: string, more: Partial<OfferBody> = {}): OfferBody => ({
    ...{ kind: 'offer', transferId, name: 'a.bin', mediaType: 'x/y', sizeBytes: 10, ...more },
  });

  const hear = (...bodies: EntryBody[]) =>
    conversations.take(
      ALI,
      bodies.map((body) => {
        number += 1;
        return theirs(number, body);
      }),
    );

  const soon = (isSo: () => boolean | Promise<boolean>) => until('what follows', 5_000, async () => isSo());
  const said = () => store.entries.mineAfter(ALI, 0, 1_000).map(({ body }) => body);
  const stateOf = (transferId: string) => store.transfers.get(transferId)?.state.kind;
  const shownStateOf = (transferId: string) => published.state.transfers[transferId]?.state.kind;
  const halves = async () =>
    (await readdir(path.join(folder.path, 'received'))).filter((each) => /part$/.test(each));

  async function accepted(): Promise<Session> {
    hear(offerOf(id(7)));
    await transfers.answer(id(7), true);
    const session = sessions.at(-1);
    assert.ok(session);
    return session;
  }

  describe('on a full disk', () => {
    it('fail, though the store cannot take that before the next link', async () => {
      const { events } = await accepted();
      isFull = true;
      events.onFailed(FULL);
      await soon(() => told.length > 0);
      assert.deepEqual([stateOf(id(7)), shownStateOf(id(7)), await halves()], ['waiting', 'waiting', []]);
      transfers.onUp(link);
      assert.equal(stateOf(id(7)), 'waiting');
      isFull = false;
      transfers.onUp(link);
      assert.equal(stateOf(id(7)), 'failed');
      assert.deepEqual(said().at(-1), { kind: 'failed', transferId: id(7), code: 'diskFull' });
    });

    it('fail at once where the half of the file was what filled it', async () => {
      const { events } = await accepted();
      const transaction = store.transaction;
      store.transaction = (work) => {
        if (readdirSync(path.join(folder.path, 'received')).length > 0) throw FULL;
        return transaction(work);
      };
      events.onFailed(FULL);
      await soon(() => stateOf(id(7)) === 'failed');
      assert.deepEqual(told, []);
    });

    it('go on, as what moves is not stored anyway', async () => {
      const { events } = await accepted();
      isFull = true;
      transfers.onDown(ALI);
      transfers.onUp(link);
      assert.equal(shownStateOf(id(7)), 'running');
      events.onProgress(5);
    });

    it('are saved, and say so with the next link', async () => {
      const { name, destination, events } = await accepted();
      await destination.write(0, Buffer.alloc(10));
      isFull = true;
      events.onFinished();
      transfers.onTransferFrame(link, { kind: 'digest', transferId: id(7), session: name, sha256: DIGEST });
      await soon(() => shownStateOf(id(7)) === 'waiting');
      isFull = false;
      transfers.onUp(link);
      await soon(() => stateOf(id(7)) === 'done');
      assert.deepEqual(said().at(-1), { kind: 'complete', transferId: id(7), sha256: DIGEST });
      assert.deepEqual(await readdir(path.join(folder.path, 'received')), ['a.bin']);
    });

    it('leave nothing open of a file whose yes could not be stored', async () => {
      hear(offerOf(id(7)));
      isFull = true;
      await assert.rejects(transfers.answer(id(7), true), FULL);
      await soon(async () => (await halves()).length === 0);
      isFull = false;
      assert.equal(stateOf(id(7)), 'offered');
    });

    it('are welcomed without their thumbnail', async () => {
      hear(offerOf(id(7), { thumbnail: THUMBNAIL }));
      isFull = true;
      await soon(() => told.length > 0);
      assert.deepEqual(told, [`has to wait: ${FULL.message}`]);
    });
  });

  it('wait in line to be taken unasked, over a restart, too', async () => {
    autoAccept = true;
    const all = Array.from({ length: MAX_AUTO_ACCEPTED + 2 }, (_, index) => offerOf(id(index + 1)));
    const running = () => store.transfers.unfinished(ALI).filter(isComing).length;
    hear(...all);
    await soon(() => running() === MAX_AUTO_ACCEPTED);
    startAgain();
    transfers.onUp(link);
    await soon(() => sessions.length === MAX_AUTO_ACCEPTED);
    assert.equal(running(), MAX_AUTO_ACCEPTED);
    transfers.cancel(id(1));
    await soon(() => running() === MAX_AUTO_ACCEPTED);
    assert.equal(store.transfers.unfinished(ALI).length, MAX_AUTO_ACCEPTED + 1);
  });

  it('wait in no line once their offers are taken back, be it while those are welcomed', async () => {
    autoAccept = true;
    hear(...Array.from({ length: MAX_AUTO_ACCEPTED }, (_, index) => offerOf(id(index + 1))));
    await soon(() => store.transfers.unfinished(ALI).filter(isComing).length === MAX_AUTO_ACCEPTED);
    hear(offerOf(id(11)));
    await new Promise(setImmediate);
    hear({ kind: 'cancel', transferId: id(11) });
    hear(offerOf(id(12)), { kind: 'cancel', transferId: id(12) }, offerOf(id(13)));
    transfers.cancel(id(1));
    await soon(() => stateOf(id(13)) === 'waiting');
    assert.deepEqual(told, [], 'nobody has tried to take those');
  });

  describe('whose folder does not answer', () => {
    let disk: ReturnType<typeof fallingSilent>;
    beforeEach(() => {
      disk = fallingSilent(/received/);
      disk.sleep();
      hear(offerOf(id(7)));
    });
    afterEach(() => disk[Symbol.dispose]());

    it('can go to another one meanwhile, and the first yes ends quietly', async () => {
      const first = transfers.answer(id(7), true);
      const other = path.join(folder.path, 'other');
      await transfers.answer(id(7), true, other);
      await first;
      disk.wake();
      assert.deepEqual([stateOf(id(7)), store.transfers.get(id(7))?.folder], ['waiting', other]);
      assert.deepEqual(said(), [{ kind: 'answer', transferId: id(7), accepted: true }]);
      assert.equal(sessions.length, 1);
      await soon(async () => (await halves()).length === 0);
    });

    it('can be declined meanwhile', async () => {
      const first = transfers.answer(id(7), true);
      await transfers.answer(id(7), false);
      await first;
      assert.equal(stateOf(id(7)), 'rejected');
      assert.deepEqual(said(), [{ kind: 'answer', transferId: id(7), accepted: false }]);
    });

    it('are waited for no longer where their sender takes them back', async () => {
      const first = transfers.answer(id(7), true);
      hear({ kind: 'cancel', transferId: id(7) });
      await first;
      assert.deepEqual([stateOf(id(7)), said()], ['cancelled', []]);
    });

    it('stand as offered where their yes is called off, and can be answered again', async () => {
      const abort = new AbortController();
      const first = transfers.answer(id(7), true, undefined, abort.signal);
      abort.abort();
      await assert.rejects(first, fail('engineGone', {}));
      assert.equal(stateOf(id(7)), 'offered');
      await transfers.answer(id(7), true, path.join(folder.path, 'other'));
      assert.equal(stateOf(id(7)), 'waiting');
    });
  });

  describe('offered once more', () => {
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1');
    const camera = webpOf([webpHeader(0x08), webpChunk('VP8L', Buffer.alloc(9)), webpChunk('EXIF', exif(1))]);

    async function again(first: Buffer, asPicture: Offer['asPicture'], then = first): Promise<Transfer> {
      const place = path.join(folder.path, 'shot');
      await writeFile(place, first);
      const { id: offered } = await transfers.offer({ peer: ALI, path: place, asPicture });
      transfers.cancel(offered);
      await writeFile(place, then);
      return transfers.retry(offered);
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

  describe('whose message is deleted', () => {
    const thumbnails = async () => (await readdir(folder.path)).filter((each) => /jpg$/.test(each));
    const look = { thumbnail: THUMBNAIL, placeholder: 'AAAA' };
    const lookOf = (transferId: string) => {
      const { thumbnailPath, placeholder } = store.transfers.get(transferId) ?? {};
      return [thumbnailPath, placeholder];
    };

    it('leave nothing of what they looked like', async () => {
      hear(offerOf(id(7), look));
      await soon(() => published.state.transfers[id(7)]?.thumbnailPath !== undefined);
      hear({ kind: 'delete', entryId: id(1) });
      assert.deepEqual(lookOf(id(7)), [undefined, undefined]);
      await soon(async () => (await thumbnails()).length === 0);
      assert.equal(stateOf(id(7)), 'cancelled');
    });

    it('do not get their thumbnail back where it was on its way to the disk', async () => {
      hear(offerOf(id(7), look), { kind: 'delete', entryId: id(1) });
      hear(offerOf(id(8), look));
      await soon(() => published.state.transfers[id(8)]?.thumbnailPath !== undefined);
      await soon(async () => (await thumbnails()).join() === `${id(8)}.jpg`);
      assert.deepEqual(lookOf(id(7)), [undefined, undefined]);
    });

    it('are those of that person and direction alone', () => {
      const mine = {
        ...offeredBy(ALI, offerOf(id(7)), { kind: 'waiting' }),
        thumbnailPath: 'x',
        placeholder: 'AAAA',
      };
      store.transfers.insert({ ...mine, direction: 'send' });
      store.transfers.insert({ ...mine, id: id(8), peer: BABAK });
      hear(
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
    });
  });

  describe('that nobody is asked about', () => {
    const many = Array.from({ length: MAX_OPEN_OFFERS + 1 }, (_, index) => offerOf(id(index + 1)));
    const last = id(MAX_OPEN_OFFERS + 1);
    const no = { kind: 'answer', transferId: last, accepted: false };

    it('are those beyond as many as may stand open', () => {
      hear(...many);
      assert.deepEqual(said(), [no]);
      assert.equal(stateOf(last), 'rejected');
      assert.equal(store.transfers.unfinished(ALI).length, MAX_OPEN_OFFERS);
    });

    it('are those of impossible sizes', () => {
      hear(offerOf(id(7), { sizeBytes: MAX_FILE_BYTES + 1 }));
      assert.equal(stateOf(id(7)), 'rejected');
    });

    it('are declined with the next link where an engine was killed before it could', () => {
      for (const body of many) store.transfers.insert(offeredBy(ALI, body, { kind: 'offered' }));
      startAgain();
      transfers.onUp(link);
      assert.deepEqual([said(), stateOf(last)], [[no], 'rejected']);
      transfers.onUp(link);
      assert.equal(said().length, 1, 'once');
    });

    it('are not counted by what I have offered', () => {
      for (const body of many)
        store.transfers.insert({ ...offeredBy(ALI, body, { kind: 'offered' }), direction: 'send' });
      hear(offerOf(id(100)));
      assert.equal(stateOf(id(100)), 'offered');
    });
  });
});
