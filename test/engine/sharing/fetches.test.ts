// What others share, and what my person asks for of it: answered, refused, or met with silence and tricks.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import type { Abort } from '../../../src/contract/rpc.ts';
import type { SharedItem } from '../../../src/contract/shared.ts';
import type { Event } from '../../../src/contract/state.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import type { OfferBody } from '../../../src/engine/files/transferWords.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { People } from '../../../src/engine/people/people.ts';
import { FETCH_ANSWER_MS, Fetches } from '../../../src/engine/sharing/fetches.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { LONGEST_DISK_CALL_MS, TRY_MS } from '../../../src/engine/transfer/carrierParams.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { newPublished } from '../../support/newPublished.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ToldLink } from '../connections/toldLink.ts';
import { ALI, BABAK, id, StoreFile } from '../store/support.ts';

const ITEM: SharedItem = {
  ...{ id: id(7), name: 'a.txt', mediaType: 'text/plain' },
  ...{ sizeBytes: 1_000, modifiedAt: 5 },
};
const names = { name: 'a.txt', owner: 'Ali' };

describe('what is fetched', () => {
  const folder = temporaryFolder();
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let fetches: Fetches;
  let ali: ToldLink;
  let isUp: boolean;
  let accepted: string[];
  let expectWritable: (place: string, abort?: Abort) => Promise<void>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    file = new StoreFile();
    store = file.open();
    published = newPublished();
    const people = new People(store, published, { now: () => 5_000 });
    people.learn(ALI, { standing: 'accepted', name: 'Ali' });
    ali = new ToldLink(ALI);
    isUp = true;
    accepted = [];
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const files = new ReceivedFiles(folder.path, log, alwaysQuiet, new DiskThreads());
    expectWritable = (place, abort) => files.expectWritable(place, abort);
    fetches = new Fetches({
      ...{ store, people, published },
      linkOf: (peer) => (isUp && peer === ALI ? ali.link : undefined),
      accept: async (each) => void accepted.push(each),
      expectWritable: (place, abort) => expectWritable(place, abort),
    });
    fetches.onShared(ALI, { kind: 'shared', items: [ITEM] });
  });
  afterEach(() => {
    fetches.dispose();
    file.remove();
    realTimers();
  });

  const fetch = () => fetches.fetch({ peer: ALI, itemId: ITEM.id, folder: folder.path });

  /** Its promise, and the id of the transfer once the owner was asked. */
  async function asked() {
    const fetched = fetch();
    fetched.catch(() => undefined);
    const frame = (await ali.until(1)).at(-1);
    assert.ok(frame?.kind === 'fetch');
    return { fetched, transferId: frame.transferId };
  }

  const offerOf = (transferId: string, more: Partial<OfferBody> = {}): OfferBody => ({
    ...{
      kind: 'offer',
      transferId,
      name: 'a.txt',
      mediaType: 'text/plain',
      sizeBytes: 1_000,
      itemId: ITEM.id,
    },
    ...more,
  });

  const transferOf = (transferId: string): StoredTransfer => ({
    ...{ id: transferId, peer: ALI, direction: 'receive', name: 'a.txt', mediaType: 'x/y', sizeBytes: 1 },
    ...{ itemId: ITEM.id, state: { kind: 'waiting' } },
  });

  it('comes as the offer that answers it, which has its yes', async () => {
    const { fetched, transferId } = await asked();
    assert.deepEqual(fetches.wished(ALI, offerOf(transferId)), { folder: folder.path });
    fetches.came(transferOf(transferId));
    assert.equal((await fetched).id, transferId);
    assert.equal(fetches.wished(ALI, offerOf(transferId)), undefined, 'once');
    mock.timers.tick(FETCH_ANSWER_MS);
    assert.equal(ali.told.length, 1, 'and is not asked for again');
  });

  it('is one thing however often it is clicked, and another item is another', async () => {
    const other = { ...ITEM, id: id(8) };
    mock.timers.tick(200);
    fetches.onShared(ALI, { kind: 'shared', items: [ITEM, other] });
    const clicks = [fetch(), fetch()];
    const beside = fetches.fetch({ peer: ALI, itemId: other.id, folder: folder.path });
    const frames = await ali.until(2);
    // Each is asked for once the disk was looked at, and either look may end first.
    assert.deepEqual(frames.map((frame) => frame.kind === 'fetch' && frame.itemId).sort(), [
      ITEM.id,
      other.id,
    ]);
    for (const frame of frames) if (frame.kind === 'fetch') fetches.came(transferOf(frame.transferId));
    const [first, again, last] = await Promise.all([...clicks, beside]);
    assert.deepEqual([first === again, first?.id === last?.id], [true, false]);
  });

  it('is asked for of one owner up to a bound', async () => {
    const items = Array.from({ length: 65 }, (_, i) => ({ ...ITEM, id: id(100 + i) }));
    mock.timers.tick(200);
    fetches.onShared(ALI, { kind: 'shared', items });
    const ends = items.map(({ id: itemId }) =>
      fetches.fetch({ peer: ALI, itemId, folder: folder.path }).catch((error) => error),
    );
    await ali.until(64);
    assert.deepEqual(await ends[64], fail('fetchBusy', { owner: 'Ali' }));
  });

  it('is not what somebody else offers under its id, nor anything that was not asked for', async () => {
    const { fetched, transferId } = await asked();
    fetches.came({ ...transferOf(transferId), peer: BABAK });
    fetches.came(transferOf(id(99)));
    assert.deepEqual(fetches.wished(ALI, offerOf(transferId)), { folder: folder.path });
    fetches.came(transferOf(transferId));
    assert.equal((await fetched).id, transferId);
  });

  it('is asked for beside what comes of another item, and what I send', async () => {
    store.transfers.insert({ ...transferOf(id(1)), itemId: id(8) });
    store.transfers.insert({ ...transferOf(id(2)), direction: 'send' });
    const { transferId } = await asked();
    assert.ok(![id(1), id(2)].includes(transferId));
  });

  it('is asked of nobody where the drive of its folder does not answer, and fails in two minutes', async () => {
    using disk = fallingSilent(/./);
    disk.sleep();
    const fetched = fetch();
    mock.timers.tick(LONGEST_DISK_CALL_MS);
    const slow = fail('folderSlow', { path: folder.path });
    await assert.rejects(fetched, slow);
    await assert.rejects(fetch(), slow);
    assert.deepEqual([disk.asked, ali.told], [['mkdir'], []]);
  });

  it('has no yes any more once it was called off, and is no question', async () => {
    const abort = new AbortController();
    const fetched = fetches.fetch({ peer: ALI, itemId: ITEM.id, folder: folder.path }, abort.signal);
    const frame = (await ali.until(1)).at(-1);
    assert.ok(frame?.kind === 'fetch');
    abort.abort();
    await assert.rejects(fetched, fail('fetchCancelled', { name: ITEM.name }));
    assert.equal(fetches.wished(ALI, offerOf(frame.transferId)), undefined);
    assert.equal(fetches.isCalledOff(frame.transferId), true);
  });

  it('is called off by whichever of its clicks', async () => {
    const { fetched } = await asked();
    const abort = new AbortController();
    const again = fetches.fetch({ peer: ALI, itemId: ITEM.id, folder: folder.path }, abort.signal);
    again.catch(() => undefined);
    abort.abort();
    mock.timers.tick(3 * FETCH_ANSWER_MS);
    await assert.rejects(fetched, fail('fetchCancelled', { name: ITEM.name }));
    await assert.rejects(again, fail('fetchCancelled', { name: ITEM.name }));
    assert.equal(ali.told.length, 1, 'and nobody is asked any more');
  });

  it('is waited for in each try as long as the course’s protocols wait for a file, at least', () => {
    const theirs = 10_000;
    assert.ok(FETCH_ANSWER_MS >= theirs && TRY_MS >= theirs);
  });

  it('is asked for three times, then fails in words', async () => {
    const { fetched, transferId } = await asked();
    for (let tries = 1; tries < 3; tries++) {
      mock.timers.tick(FETCH_ANSWER_MS);
      assert.equal(ali.told.length, tries + 1);
    }
    mock.timers.tick(FETCH_ANSWER_MS);
    await assert.rejects(fetched, fail('fetchUnanswered', { ...names, attempts: 3 }));
    assert.equal(fetches.isCalledOff(transferId), false, 'it is still wanted: its offer is a question');
    mock.timers.tick(FETCH_ANSWER_MS);
    assert.equal(new Set(ali.told.map((frame) => JSON.stringify(frame))).size, 1, 'by one and the same id');
    assert.equal(ali.told.length, 3);
  });

  it('is asked for again over a new link, and counts no new try for that', async () => {
    const { fetched, transferId } = await asked();
    isUp = false;
    fetches.onDown(ALI);
    mock.timers.tick(FETCH_ANSWER_MS);
    isUp = true;
    fetches.onUp(new ToldLink(BABAK).link);
    assert.equal(ali.told.length, 1, 'that is somebody else’s link');
    fetches.onUp(ali.link);
    assert.equal(ali.told.length, 2);
    fetches.came(transferOf(transferId));
    assert.equal((await fetched).id, transferId);
  });

  for (const [code, expected] of [
    ['notShared', fail('notShared', names)],
    ['sharedGone', fail('sharedGone', names)],
    ['fetchBusy', fail('fetchBusy', { owner: 'Ali' })],
    ['fileUnreadable', fail('fetchRefused', { ...names, code: 'fileUnreadable' })],
    ['somethingOfALaterVersion', fail('fetchRefused', { ...names, code: 'somethingOfALaterVersion' })],
  ] as const) {
    it(`fails in words when its owner says ${code}`, async () => {
      const { fetched, transferId } = await asked();
      fetches.onRefused(BABAK, { kind: 'fetchRefused', transferId, code });
      fetches.onRefused(ALI, { kind: 'fetchRefused', transferId, code });
      await assert.rejects(fetched, expected);
    });
  }

  it('is not what somebody offers unasked, as another file, or as far more than was shown', async () => {
    const { transferId } = await asked();
    const wished = (peer: typeof ALI, offer: OfferBody) => fetches.wished(peer, offer) !== undefined;
    const { itemId: _, ...unnamed } = offerOf(transferId);
    assert.ok(!wished(BABAK, offerOf(transferId)));
    assert.ok(!wished(ALI, offerOf(id(1))));
    assert.ok(!wished(ALI, offerOf(transferId, { itemId: id(8) })));
    assert.ok(!wished(ALI, unnamed));
    assert.ok(!wished(ALI, offerOf(transferId, { name: 'setup.exe' })));
    assert.ok(!wished(ALI, offerOf(transferId, { sizeBytes: 2 ** 40 })));
    assert.ok(wished(ALI, offerOf(transferId, { sizeBytes: 1_500 })), 'a log has grown');
  });

  it('may have doubled and a little more since it was shown, and is another question beyond', async () => {
    const sizeBytes = 2 ** 24;
    mock.timers.tick(200);
    fetches.onShared(ALI, { kind: 'shared', items: [{ ...ITEM, sizeBytes }] });
    const { transferId } = await asked();
    const wished = (offered: number) =>
      fetches.wished(ALI, offerOf(transferId, { sizeBytes: offered })) !== undefined;
    assert.deepEqual([wished(2 ** 25 + 2 ** 20), wished(2 ** 25 + 2 ** 20 + 1)], [true, false]);
  });

  it('is asked of nobody before its folder was looked at, not even over a new link', async () => {
    const { promise: looked, resolve } = Promise.withResolvers<void>();
    expectWritable = () => looked;
    const fetched = fetch();
    fetches.onUp(ali.link);
    assert.deepEqual(ali.told, []);
    resolve();
    const frame = (await ali.until(1)).at(-1);
    fetches.came(transferOf((frame?.kind === 'fetch' && frame.transferId) || ''));
    await fetched;
  });

  it('was asked for as it was shown then, whatever the list says by now', async () => {
    const { transferId } = await asked();
    fetches.onShared(ALI, { kind: 'shared', items: [{ ...ITEM, sizeBytes: 2 ** 40 }] });
    assert.equal(fetches.wished(ALI, offerOf(transferId, { sizeBytes: 2 ** 40 })), undefined);
  });

  it('is on its way once: asking again shows the same transfer, or says yes to its question', async () => {
    store.transfers.insert(transferOf(id(1)));
    assert.equal((await fetch()).id, id(1));
    assert.deepEqual(accepted, []);
    store.transfers.update({ ...transferOf(id(1)), state: { kind: 'offered' } });
    await fetch();
    assert.deepEqual(accepted, [id(1)]);
    assert.deepEqual(ali.told, []);
  });

  it('is no yes to an offer that was laid in wait for it as something else', async () => {
    const offered = { ...transferOf(id(1)), state: { kind: 'offered' } } as const;
    store.transfers.insert({ ...offered, name: 'setup.exe' });
    assert.equal((await fetch()).state.kind, 'offered');
    store.transfers.update({ ...offered, state: { kind: 'rejected' } });
    store.transfers.insert({ ...offered, id: id(2), sizeBytes: 2 ** 40 });
    assert.equal((await fetch()).id, id(2));
    assert.deepEqual(accepted, [], 'the question stays');
  });

  it('needs to be on the list, and its owner to be connected', async () => {
    const other = { peer: ALI, itemId: id(9), folder: folder.path };
    await assert.rejects(fetches.fetch(other), fail('notShared', { owner: 'Ali' }));
    isUp = false;
    await assert.rejects(fetch(), fail('peerAway', { name: 'Ali' }));
  });

  it('is listed under safe names, each id once, until the link ends', () => {
    fetches.onDown(ALI);
    assert.deepEqual(published.state.sharedBy, {});
    const items = [ITEM, { ...ITEM, name: '../../.bashrc' }, { ...ITEM, id: id(8), name: 'a\u202etxt.exe' }];
    fetches.onShared(ALI, { kind: 'shared', items });
    const listed = published.state.sharedBy?.[ALI]?.map((item) => [item.id, item.name]);
    assert.deepEqual(listed, [
      [ITEM.id, 'bashrc'],
      [id(8), 'atxt.exe'],
    ]);
  });

  it('is shown at a bounded pace, the last list in the end', () => {
    const events: Event[] = [];
    published.onDidPublish(({ event }) => events.push(event));
    for (let sizeBytes = 1; sizeBytes <= 2_000; sizeBytes++)
      fetches.onShared(ALI, { kind: 'shared', items: [{ ...ITEM, sizeBytes }] });
    mock.timers.tick(200);
    assert.equal(events.length, 1, 'of two thousand');
    assert.equal(published.state.sharedBy?.[ALI]?.[0]?.sizeBytes, 2_000);
    mock.timers.tick(200);
    fetches.onShared(ALI, { kind: 'shared', items: [{ ...ITEM, sizeBytes: 2_000 }] });
    assert.equal(events.length, 1, 'the same is no news');
    mock.timers.tick(200);
    fetches.onShared(ALI, { kind: 'shared', items: [] });
    assert.deepEqual(published.state.sharedBy?.[ALI] ?? [], [], 'another one is shown at once');
  });

  it('is let go of when the engine stops', async () => {
    const { fetched } = await asked();
    fetches.dispose();
    await assert.rejects(fetched, fail('engineGone', {}));
  });

  it('is let go of, too, while its folder is looked at', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const fetched = fetch();
    fetches.dispose();
    await assert.rejects(fetched, fail('engineGone', {}));
    process.off('unhandledRejection', note);
    assert.deepEqual([ali.told, unhandled], [[], []]);
  });
});
