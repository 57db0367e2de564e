// What my person shares, asked for by people who may and by people who try.

import assert from 'node:assert/strict';
import { rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import { MAX_SHARED_ITEMS } from '../../../src/contract/shared.ts';
import { MAX_STRIPPED_BYTES } from '../../../src/contract/transfer.ts';
import type { Offer } from '../../../src/engine/files/offers.ts';
import { DiskThreads, MOST_THREADS_IN_FOLDER } from '../../../src/engine/io/diskThreads.ts';
import { People } from '../../../src/engine/people/people.ts';
import { FETCH_BURST, MAX_RUNNING_FETCHES } from '../../../src/engine/sharing/fetchLimits.ts';
import { Shares } from '../../../src/engine/sharing/shares.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { silentDisk } from '../../support/badDisks.ts';
import { newPublished } from '../../support/newPublished.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ToldLink } from '../connections/toldLink.ts';
import { ALI, BABAK, id, StoreFile } from '../store/support.ts';

/** Enough of one for whoever looks at its first bytes. */
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

describe('what I share', () => {
  const folder = temporaryFolder();
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let people: People;
  let shares: Shares;
  let threads: DiskThreads;
  let ali: ToldLink;
  let babak: ToldLink;
  let offers: Offer[];
  let onOffer: (offer: Offer) => Promise<void>;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    published = newPublished();
    people = new People(store, published, { now: () => 5_000 });
    people.learn(ALI, { standing: 'accepted' });
    people.learn(BABAK, { standing: 'accepted' });
    ali = new ToldLink(ALI);
    babak = new ToldLink(BABAK);
    offers = [];
    onOffer = async () => undefined;
    threads = new DiskThreads();
    shares = newShares();
  });
  afterEach(() => file.remove());

  function newShares(): Shares {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const linkOf = (peer: string) => [ali, babak].find((each) => each.peer === peer)?.link;
    const offer = async (made: Offer) => {
      offers.push(made);
      await onOffer(made);
    };
    return new Shares({ store, people, published, linkOf, offer, threads, log });
  }

  async function share(name = 'a.txt', sharedWith: 'accepted' | (typeof ALI)[] = 'accepted') {
    const place = path.join(folder.path, name);
    await writeFile(place, name);
    const [item] = await shares.share([place], sharedWith);
    assert.ok(item);
    return item;
  }

  /** As an engine before has left them: nobody has looked at these files yet. */
  function sharedBefore(...names: string[]) {
    const items = names.map((name, index) => ({
      ...{ id: id(index), path: path.join(folder.path, name), name, mediaType: 'text/plain' },
      ...{ sizeBytes: 1, modifiedAt: 0, with: 'accepted' as const },
    }));
    for (const item of items) store.shared.put(item);
    shares = newShares();
    return items;
  }

  const fetch = (by: ToldLink, itemId: string, transferId: string) =>
    shares.onFetch(by.link, { kind: 'fetch', itemId, transferId });

  const toldSizeOf = (name: string) => {
    const list = ali.told.findLast((frame) => frame.kind === 'shared');
    return list?.items.find((item) => item.name === name)?.sizeBytes;
  };

  const refusals = (link: ToldLink) =>
    link.told.flatMap((frame) => (frame.kind === 'fetchRefused' ? [frame.code] : []));

  /** As the engine would have stored it. */
  function stored(transferId: string, changes: Partial<StoredTransfer> = {}): void {
    store.transfers.insert({
      ...{ id: transferId, peer: ALI, direction: 'send', name: 'a', mediaType: 'x/y', sizeBytes: 1 },
      state: { kind: 'offered' },
      ...changes,
    });
  }

  it('is told to each as they may see it, without where it is or who else sees it', async () => {
    const { id: itemId, sizeBytes, modifiedAt } = await share('for ali.txt', [ALI]);
    const [toAli] = await ali.until(1);
    const [toBabak] = await babak.until(1);
    const item = { id: itemId, name: 'for ali.txt', mediaType: 'text/plain', sizeBytes, modifiedAt };
    assert.deepEqual(toAli, { kind: 'shared', items: [item] });
    assert.deepEqual(toBabak, { kind: 'shared', items: [] });
  });

  it('is told once, and again over a new link', async () => {
    shares.onUp(ali.link);
    await ali.until(1);
    await share('for babak.txt', [BABAK]);
    await babak.until(1);
    assert.equal(ali.told.length, 1, 'nothing is new for her');
    shares.onDown(ALI);
    shares.onUp(ali.link);
    assert.equal((await ali.until(2)).length, 2);
  });

  it('keeps its id when it is shared once more, with others', async () => {
    const first = await share('a.txt', [ALI]);
    const second = await share('a.txt', [BABAK]);
    assert.equal(second.id, first.id);
    assert.deepEqual(store.shared.all(), [second]);
    assert.deepEqual(newShares() && published.state.shared, [second]);
  });

  it('is bounded, whatever was shared before', async () => {
    const item = await share();
    for (let i = 1; i < MAX_SHARED_ITEMS; i++)
      store.shared.put({ ...item, id: id(i), path: path.join(folder.path, `${i}`) });
    shares = newShares();
    const place = path.join(folder.path, 'one more');
    await writeFile(place, 'x');
    await assert.rejects(shares.share([place], 'accepted'), fail('sharedTooMany', { limit: 200 }));
    assert.equal((await shares.share([item.path], [ALI])).length, 1, 'this one is there already');
  });

  it('is offered to whoever asks, under the id that they chose, and once for each id', async () => {
    const { id: itemId, path: place } = await share();
    await ali.until(1);
    const offered = Promise.withResolvers<void>();
    onOffer = () => offered.promise;
    fetch(ali, itemId, id(1));
    fetch(ali, itemId, id(1));
    const both = Promise.withResolvers<void>();
    onOffer = async () => (offers.length === 2 ? both.resolve() : offered.promise);
    fetch(ali, itemId, id(2));
    await both.promise;
    stored(id(1), { itemId });
    offered.resolve();
    fetch(ali, itemId, id(1));
    assert.deepEqual(offers.map(({ path: each, fetched }) => [each, fetched?.transferId]).sort(), [
      [place, id(1)],
      [place, id(2)],
    ]);
    assert.deepEqual(refusals(ali), []);
  });

  it('goes without what a picture says or not at all, as long as its row has said so', async () => {
    const text = await share();
    const place = path.join(folder.path, 'a.jpg');
    await writeFile(place, JPEG);
    const [picture] = await shares.share([place], 'accepted');
    const promised = async (number: number, item = picture) => {
      fetch(ali, item?.id ?? '', id(number));
      while (offers.length < number) await new Promise(setImmediate);
      return offers.at(-1)?.fetched?.losesMetadata;
    };
    assert.deepEqual([await promised(1, text), await promised(2)], [false, true]);
    await writeFile(place, 'ftypheic');
    assert.equal(await promised(3), true);
    // The list that this changes is told after one more look at the files, which is not to see what comes now.
    while (toldSizeOf('a.jpg') !== 'ftypheic'.length) await new Promise(setImmediate);
    await truncate(place, MAX_STRIPPED_BYTES + 1);
    assert.deepEqual([await promised(4), await promised(5)], [true, false]);
  });

  it('is given to nobody else, who does not learn whether it is there', async () => {
    const { id: itemId } = await share('for babak.txt', [BABAK]);
    fetch(ali, itemId, id(1));
    fetch(ali, id(77), id(2));
    people.learn(BABAK, { standing: 'blocked' });
    fetch(babak, itemId, id(3));
    await Promise.all([ali.until(3), babak.until(2)]);
    assert.deepEqual([refusals(ali), refusals(babak)], [['notShared', 'notShared'], ['notShared']]);
    assert.deepEqual(offers, []);
  });

  it('is not offered any more once it was taken back, not even while the offer is made', async () => {
    const { id: itemId } = await share();
    await ali.until(1);
    onOffer = async ({ fetched }) => {
      shares.unshare(itemId);
      fetched?.check();
    };
    fetch(ali, itemId, id(1));
    await ali.until(3);
    assert.deepEqual(refusals(ali), ['notShared']);
  });

  it('that is gone leaves the list, and the asker is told', async () => {
    const { id: itemId, path: place } = await share();
    await ali.until(1);
    await rm(place);
    fetch(ali, itemId, id(1));
    await ali.until(3);
    assert.deepEqual(refusals(ali), ['sharedGone']);
    assert.deepEqual([store.shared.all(), published.state.shared], [[], []]);
  });

  it('tells with a code why an offer could not be made', async () => {
    const { id: itemId } = await share();
    await ali.until(1);
    onOffer = () => Promise.reject(fail('fileUnreadable', { path: '/secret/place', detail: 'EACCES' }));
    fetch(ali, itemId, id(1));
    const told = await ali.until(2);
    assert.deepEqual(told.at(-1), { kind: 'fetchRefused', transferId: id(1), code: 'fileUnreadable' });
  });

  it('is never offered under the id of another transfer', async () => {
    const { id: itemId } = await share();
    await ali.until(1);
    stored(id(1));
    stored(id(2), { peer: BABAK, itemId });
    stored(id(3), { direction: 'receive', itemId });
    for (const each of [1, 2, 3]) fetch(ali, itemId, id(each));
    assert.deepEqual(refusals(ali), ['notShared', 'notShared', 'notShared']);
    assert.deepEqual(offers, []);
  });

  it('is given to one person at a bounded rate, and so much at a time', async () => {
    const { id: itemId } = await share();
    await Promise.all([ali.until(1), babak.until(1)]);
    onOffer = () => new Promise(() => undefined);
    for (let each = 1; each <= MAX_RUNNING_FETCHES + 1; each++) fetch(ali, itemId, id(each));
    assert.deepEqual(refusals(ali), ['fetchBusy'], 'one too many at a time');
    onOffer = () => Promise.reject(fail('fileEmpty', { name: 'a' }));
    for (let each = 1; each <= FETCH_BURST; each++) {
      fetch(babak, itemId, id(100 + each));
      await babak.until(1 + each);
    }
    fetch(babak, itemId, id(999));
    assert.equal(refusals(babak).at(-1), 'fetchBusy', 'one too many in a row');
  });

  it('is given while little of what was fetched is on its way, whatever else there is', async () => {
    const { id: itemId } = await share();
    await ali.until(1);
    for (let each = 1; each <= MAX_RUNNING_FETCHES; each++) {
      stored(id(100 + each));
      stored(id(200 + each), { direction: 'receive', itemId });
      stored(id(300 + each), { peer: BABAK, itemId });
      stored(id(400 + each), { itemId, state: { kind: 'rejected' } });
    }
    const offered = Promise.withResolvers<void>();
    onOffer = async () => offered.resolve();
    fetch(ali, itemId, id(1));
    await offered.promise;
    for (let each = 1; each <= MAX_RUNNING_FETCHES; each++) stored(id(500 + each), { itemId });
    fetch(ali, itemId, id(2));
    assert.deepEqual([offers.length, refusals(ali)], [1, ['fetchBusy']]);
  });

  describe('from a disk that does not answer', () => {
    const slow = (place: string) => ({
      failure: { code: 'fileSlow', details: { path: place, seconds: 120 } },
    });
    const turns = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    };
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(() => realTimers());

    it('is said not to be shared after two minutes, and one file is asked for, however many were to be', async () => {
      const [first, second] = ['a.txt', 'b.txt'].map((name) => path.join(folder.path, name));
      assert.ok(first && second);
      using disk = silentDisk(/[ab]\.txt$/);
      const sharing = shares.share([first, second], 'accepted');
      mock.timers.tick(LONGEST_DISK_CALL_MS);
      await assert.rejects(sharing, slow(first));
      assert.deepEqual([disk.asked, store.shared.all()], [[first], []]);
    });

    it('is not shared any more where the person has called that off', async () => {
      using _ = silentDisk(/a\.txt$/);
      const abort = new AbortController();
      const sharing = shares.share([path.join(folder.path, 'a.txt')], 'accepted', abort.signal);
      abort.abort();
      await assert.rejects(sharing, fail('engineGone', {}));
    });

    it('is listed as it was, and asked about once, however often that is told, in whichever of its folders', async () => {
      sharedBefore('a.txt', 'b.txt', 'other/c.txt');
      using disk = silentDisk(/[abc]\.txt$/);
      for (let times = 1; times <= 5; times++) {
        shares.onDown(ALI);
        shares.onUp(ali.link);
        await turns();
        mock.timers.tick(LONGEST_DISK_CALL_MS);
        await turns();
      }
      assert.equal(disk.asked.length, 1);
      assert.equal(store.shared.all().length, 3);
    });

    it('is asked for a list by none but the threads of its folder', async () => {
      sharedBefore('a.txt');
      using disk = silentDisk(/a\.txt$/);
      const held = () => threads.lend(folder.path, () => new Promise(() => undefined));
      for (let each = 1; each <= MOST_THREADS_IN_FOLDER; each++) void held();
      shares.onUp(ali.link);
      await turns();
      assert.deepEqual(disk.asked, []);
      mock.timers.tick(LONGEST_DISK_CALL_MS);
      await ali.until(1);
      assert.equal(toldSizeOf('a.txt'), 1);
    });

    it('is refused after two minutes to whoever fetches it', async () => {
      const { id: itemId } = await share();
      await ali.until(1);
      using _ = silentDisk(/a\.txt$/);
      fetch(ali, itemId, id(1));
      await turns();
      mock.timers.tick(LONGEST_DISK_CALL_MS);
      await turns();
      assert.deepEqual(refusals(ali), ['fileSlow']);
    });

    it('is asked once, however many of its files are fetched: what is not answered holds one of few threads', async () => {
      const items = sharedBefore('a.txt', 'b.txt', 'c.txt');
      using disk = silentDisk(/[abc]\.txt$/);
      for (const [index, { id: itemId }] of items.entries()) {
        fetch(ali, itemId, id(10 + index));
        fetch(ali, itemId, id(20 + index));
      }
      await turns();
      assert.equal(disk.asked.length, 1);
      mock.timers.tick(LONGEST_DISK_CALL_MS);
      await turns();
      assert.equal(disk.asked.length, 1);
      assert.deepEqual(refusals(ali), Array(6).fill('fileSlow'));
    });
  });
});
