// Yeses to offers, and the files that are opened for them: on a folder that takes its time, and beside another answer or an end.

import assert from 'node:assert/strict';
import path from 'node:path';
import { fail } from '../../../src/contract/failure.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { id } from '../store/support.ts';
import { offerOf, TransfersTrial } from './transfersTrial.ts';

describe('files that are being opened', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  const soon = (isSo: () => boolean | Promise<boolean>) => until('what follows', 5_000, async () => isSo());

  describe('whose folder does not answer', () => {
    let disk: ReturnType<typeof fallingSilent>;
    beforeEach(() => {
      disk = fallingSilent(/received/);
      disk.sleep();
      trial.hear(offerOf(id(7)));
    });
    afterEach(() => disk[Symbol.dispose]());

    it('can go to another one meanwhile, and the first yes ends quietly', async () => {
      const first = trial.transfers.answer(id(7), true);
      const other = path.join(folder.path, 'other');
      await trial.transfers.answer(id(7), true, other);
      await first;
      disk.wake();
      assert.deepEqual([trial.stateOf(id(7)), trial.store.transfers.get(id(7))?.folder], ['waiting', other]);
      assert.deepEqual(trial.said(), [{ kind: 'answer', transferId: id(7), accepted: true }]);
      assert.equal(trial.sessions.length, 1);
      await soon(async () => (await trial.halves()).length === 0);
    });

    it('can be declined meanwhile', async () => {
      const first = trial.transfers.answer(id(7), true);
      await trial.transfers.answer(id(7), false);
      await first;
      assert.equal(trial.stateOf(id(7)), 'rejected');
      assert.deepEqual(trial.said(), [{ kind: 'answer', transferId: id(7), accepted: false }]);
    });

    it('are waited for no longer where their sender takes them back', async () => {
      const first = trial.transfers.answer(id(7), true);
      trial.hear({ kind: 'cancel', transferId: id(7) });
      await first;
      assert.deepEqual([trial.stateOf(id(7)), trial.said()], ['cancelled', []]);
    });

    it('are waited for no longer where I take my yes back', async () => {
      const first = trial.transfers.answer(id(7), true);
      trial.transfers.cancel(id(7));
      await first;
      assert.deepEqual(
        [trial.stateOf(id(7)), trial.said()],
        ['cancelled', [{ kind: 'cancel', transferId: id(7) }]],
      );
    });

    it('take a second yes to the same folder for the first one', async () => {
      const both = [trial.transfers.answer(id(7), true), trial.transfers.answer(id(7), true)];
      disk.wake();
      await Promise.all(both);
      assert.deepEqual(trial.said(), [{ kind: 'answer', transferId: id(7), accepted: true }]);
      assert.equal(trial.sessions.length, 1);
    });

    it('go where the last of many yeses says', async () => {
      const into = ['received', 'one', 'two', 'two'].map((name) => path.join(folder.path, name));
      await Promise.all(into.map((place) => trial.transfers.answer(id(7), true, place)));
      assert.equal(trial.store.transfers.get(id(7))?.folder, path.join(folder.path, 'two'));
      assert.equal(trial.said().length, 1);
    });

    it('stand as offered where the second of two yeses is called off', async () => {
      const abort = new AbortController();
      const first = trial.transfers.answer(id(7), true);
      const second = trial.transfers.answer(id(7), true, undefined, abort.signal);
      abort.abort();
      await assert.rejects(second, fail('engineGone', {}));
      await assert.rejects(first, fail('engineGone', {}));
      assert.equal(trial.stateOf(id(7)), 'offered');
    });

    it('stand as offered where their yes is called off, and can be answered again', async () => {
      const abort = new AbortController();
      const first = trial.transfers.answer(id(7), true, undefined, abort.signal);
      abort.abort();
      await assert.rejects(first, fail('engineGone', {}));
      assert.equal(trial.stateOf(id(7)), 'offered');
      await trial.transfers.answer(id(7), true, path.join(folder.path, 'other'));
      assert.equal(trial.stateOf(id(7)), 'waiting');
    });
  });
});
