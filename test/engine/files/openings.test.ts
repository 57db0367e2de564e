// Yeses to offers, and the files that are opened for them: on a folder that takes its time, and beside another answer or an end.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import { PartialFile } from '../../../src/engine/io/partialFile.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { id } from '../store/support.ts';
import { FULL, offerOf, TransfersTrial } from './transfersTrial.ts';

describe('files that are being opened', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  /** Halves of files, and notes about them. */
  const left = async () => {
    const folders = [trial.received, path.join(folder.path, 'notes')];
    return (await Promise.all(folders.map((each) => readdir(each)))).flat();
  };

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

  it('leave nothing where the yes could not be stored, by the time that this is told', async () => {
    trial.hear(offerOf(id(7)));
    trial.isFull = true;
    await assert.rejects(trial.transfers.answer(id(7), true), FULL);
    trial.isFull = false;
    assert.deepEqual([trial.stateOf(id(7)), await left()], ['offered', []]);
  });

  describe('when the engine ends', () => {
    let opened: ReturnType<typeof mock.method>;
    beforeEach(() => {
      opened = mock.method(PartialFile, 'open');
    });
    afterEach(() => mock.restoreAll());

    it('leave nothing of an offer whose yes nobody has stored', async () => {
      trial.hear(offerOf(id(7)));
      const yes = trial.transfers.answer(id(7), true);
      trial.transfers.dispose();
      await yes;
      assert.equal(opened.mock.callCount(), 1);
      assert.deepEqual([trial.stateOf(id(7)), await left()], ['offered', []]);
    });

    it('are the last ones that are taken unasked', async () => {
      using disk = fallingSilent(/received/);
      disk.sleep();
      trial.autoAccept = true;
      trial.hear(offerOf(id(1)), offerOf(id(2)));
      await soon(() => disk.asked.length > 0);
      trial.transfers.dispose();
      disk.wake();
      await Promise.all(opened.mock.calls.map(({ result }) => result));
      await soon(async () => (await left()).length === 0);
      assert.equal(opened.mock.callCount(), 1);
    });
  });
});
