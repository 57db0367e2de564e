// How many offers of one person, and of which sizes, wait for an answer.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_OPEN_OFFERS } from '../../../src/engine/files/offerBounds.ts';
import { MAX_FILE_BYTES, type Offer } from '../../../src/engine/files/offers.ts';
import { offeredBy } from '../../../src/engine/files/transferWords.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';
import { offerOf, TransfersTrial } from './transfersTrial.ts';

describe('offers', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  async function oneMore(): Promise<Offer> {
    const place = path.join(folder.path, 'a.bin');
    await writeFile(place, 'a');
    return { peer: ALI, path: place, asPicture: false };
  }

  it('of mine are no more than the other side asks about, but for what it has asked for', async () => {
    const offer = await oneMore();
    for (let n = 1; n <= MAX_OPEN_OFFERS; n++)
      trial.store.transfers.insert({
        ...offeredBy(ALI, offerOf(id(n)), { kind: 'offered' }),
        direction: 'send',
      });
    const code = 'offersTooMany';
    const details = { name: ALI.slice(0, 8), limit: MAX_OPEN_OFFERS };
    const missing = { ...offer, path: `${offer.path}.none` };
    for (const each of [offer, missing])
      await assert.rejects(
        trial.transfers.offer(each),
        { failure: { code, details } },
        'nobody looks at the file',
      );
    trial.transfers.cancel(id(1));
    await trial.transfers.offer(offer);
    await assert.rejects(trial.transfers.offer(offer));
    const what = { itemId: id(101), mediaType: 'x/y', losesMetadata: false };
    const fetched = { transferId: id(100), ...what, check: () => undefined };
    await trial.transfers.offer({ ...offer, fetched });
  });

  it('of mine are no more than that where many are made at once', async () => {
    const offer = await oneMore();
    const made = await Promise.allSettled(
      Array.from({ length: MAX_OPEN_OFFERS + 3 }, () => trial.transfers.offer(offer)),
    );
    const refused = made.flatMap((each) => (each.status === 'rejected' ? [each.reason.failure.code] : []));
    assert.deepEqual(refused, Array(3).fill('offersTooMany'));
    assert.equal(trial.said().length, MAX_OPEN_OFFERS);
  });

  describe('that nobody is asked about', () => {
    const many = Array.from({ length: MAX_OPEN_OFFERS + 1 }, (_, index) => offerOf(id(index + 1)));
    const last = id(MAX_OPEN_OFFERS + 1);
    const no = { kind: 'answer', transferId: last, accepted: false };

    it('are those beyond as many as may stand open', () => {
      trial.hear(...many);
      assert.deepEqual(trial.said(), [no]);
      assert.equal(trial.stateOf(last), 'rejected');
      assert.equal(trial.store.transfers.unfinished(ALI).length, MAX_OPEN_OFFERS);
    });

    it('are those of impossible sizes', () => {
      trial.hear(offerOf(id(7), { sizeBytes: MAX_FILE_BYTES + 1 }));
      assert.equal(trial.stateOf(id(7)), 'rejected');
    });

    it('are declined with the next link where an engine was killed before it could', () => {
      for (const body of many) trial.store.transfers.insert(offeredBy(ALI, body, { kind: 'offered' }));
      trial.startAgain();
      trial.transfers.onUp(trial.link);
      assert.deepEqual([trial.said(), trial.stateOf(last)], [[no], 'rejected']);
      trial.transfers.onUp(trial.link);
      assert.equal(trial.said().length, 1, 'once');
    });

    it('are not counted by what I have offered', () => {
      for (const body of many)
        trial.store.transfers.insert({ ...offeredBy(ALI, body, { kind: 'offered' }), direction: 'send' });
      trial.hear(offerOf(id(100)));
      assert.equal(trial.stateOf(id(100)), 'offered');
    });
  });
});
