// What of a person's transfers can be answered, offered once more and cancelled, and what not.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { TransferState } from '../../../src/contract/transfer.ts';
import { offeredBy } from '../../../src/engine/files/transferWords.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, BABAK, id } from '../store/support.ts';
import { offerOf, TransfersTrial } from './transfersTrial.ts';

const UNKNOWN = { failure: { code: 'transferUnknown', details: {} } };

describe('a transfer', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  function mine(transferId: string, state: TransferState): string {
    const offer = offeredBy(ALI, offerOf(transferId), state);
    trial.store.transfers.insert({ ...offer, direction: 'send', path: `${folder.path}/none.bin` });
    return transferId;
  }

  it('is begun with nobody who is not accepted, and nobody looks at its file', async () => {
    const offer = { peer: BABAK, path: `${folder.path}/none.bin`, asPicture: false };
    const details = { name: 'bbbb bbbb bbbb bbbb' };
    await assert.rejects(trial.transfers.offer(offer), { failure: { code: 'notAccepted', details } });
  });

  it('of mine is not mine to answer', async () => {
    const offer = mine(id(1), { kind: 'offered' });
    for (const accept of [true, false]) await assert.rejects(trial.transfers.answer(offer, accept), UNKNOWN);
    assert.deepEqual([trial.stateOf(offer), trial.said()], ['offered', []]);
  });

  it('of theirs is answered once', async () => {
    trial.hear(offerOf(id(2)));
    await trial.transfers.answer(id(2), false);
    for (const accept of [true, false]) await assert.rejects(trial.transfers.answer(id(2), accept), UNKNOWN);
    assert.deepEqual([trial.stateOf(id(2)), trial.said().length], ['rejected', 1]);
  });

  it('is not offered once more where it is theirs, or is not over', async () => {
    trial.hear(offerOf(id(2)));
    await trial.transfers.answer(id(2), false);
    await assert.rejects(trial.transfers.retry(id(2)), UNKNOWN);
    for (const [n, kind] of [
      [3, 'offered'],
      [4, 'waiting'],
    ] as const)
      await assert.rejects(trial.transfers.retry(mine(id(n), { kind })), UNKNOWN);
    const here = { ...offeredBy(ALI, offerOf(id(6)), { kind: 'rejected' }), path: `${folder.path}/none.bin` };
    trial.store.transfers.insert(here);
    await assert.rejects(trial.transfers.retry(id(6)), UNKNOWN);
    const over = mine(id(5), { kind: 'rejected' });
    const details = { path: `${folder.path}/none.bin`, detail: 'ENOENT' };
    await assert.rejects(trial.transfers.retry(over), { failure: { code: 'fileUnreadable', details } });
  });

  it('with somebody is not another one’s to end, nor to fetch', () => {
    const state = { kind: 'waiting' } as const;
    trial.store.transfers.insert(offeredBy(BABAK, offerOf(id(8)), state));
    trial.store.transfers.insert({
      ...offeredBy(BABAK, offerOf(id(9)), state),
      direction: 'send',
      path: `${folder.path}/none.bin`,
    });
    trial.hear({ kind: 'cancel', transferId: id(8) }, { kind: 'cancel', transferId: id(9) });
    trial.hear({ kind: 'complete', transferId: id(9), sha256: 'c'.repeat(64) });
    const ready = { kind: 'ready', transferId: id(9), session: 'd'.repeat(16), firstBlock: 0 } as const;
    trial.transfers.onTransferFrame(trial.link, ready);
    trial.transfers.forget(ALI, id(8));
    assert.deepEqual([trial.stateOf(id(8)), trial.stateOf(id(9))], ['waiting', 'waiting']);
    assert.equal(trial.shownStateOf(id(9)), undefined, 'nothing of it moves');
  });

  it('of mine goes to whoever is ready for it, before their yes is heard, and not once it is over', async () => {
    const place = `${folder.path}/a.bin`;
    await writeFile(place, 'a');
    const { id: offered } = await trial.transfers.offer({ peer: ALI, path: place, asPicture: false });
    const ready = { kind: 'ready', transferId: offered, firstBlock: 0 } as const;
    trial.transfers.onTransferFrame(trial.link, { ...ready, session: 'a'.repeat(16) });
    assert.equal(trial.shownStateOf(offered), 'running');
    while (trial.sent.length === 0) await new Promise(setImmediate);
    trial.transfers.cancel(offered);
    trial.transfers.onTransferFrame(trial.link, { ...ready, session: 'b'.repeat(16) });
    trial.hear(offerOf(id(7)));
    trial.transfers.onTransferFrame(trial.link, { ...ready, transferId: id(7), session: 'c'.repeat(16) });
    assert.deepEqual([trial.shownStateOf(offered), trial.shownStateOf(id(7))], ['cancelled', 'offered']);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    assert.deepEqual(trial.sent, ['a'.repeat(16)]);
  });

  it('of theirs waits where they say that their disk is slow', async () => {
    const { name } = await trial.accepted();
    for (const session of [name, 'e'.repeat(16)])
      trial.transfers.onTransferFrame(trial.link, { kind: 'reading', transferId: id(7), session });
    assert.equal(trial.waits, 1);
  });

  it('that is over is not cancelled: nothing is said of it', () => {
    trial.transfers.cancel(mine(id(6), { kind: 'rejected' }));
    assert.deepEqual([trial.stateOf(id(6)), trial.said()], ['rejected', []]);
  });
});
