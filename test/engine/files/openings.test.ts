// Yeses to offers, and the files that are opened for them: on a folder that takes its time, and beside another answer or an end.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import { PartialFile } from '../../../src/engine/io/partialFile.ts';
import { fallingSilent, forbidden } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { ALI, id } from '../store/support.ts';
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

  it('leave nothing of an offer that its sender has taken back in the very moment in which its folder was open', async () => {
    const { open } = PartialFile;
    mock.method(PartialFile, 'open', async (...how: Parameters<typeof open>) => {
      const file = await open.apply(PartialFile, how);
      trial.hear({ kind: 'cancel', transferId: id(7) });
      return file;
    });
    trial.hear(offerOf(id(7)));
    await trial.transfers.answer(id(7), true);
    mock.restoreAll();
    assert.deepEqual([trial.stateOf(id(7)), await left()], ['cancelled', []]);
    assert.deepEqual([trial.said(), trial.sessions], [[], []]);
  });

  describe('without a link', () => {
    beforeEach(async () => {
      trial.isLinked = false;
      trial.hear(offerOf(id(7)));
      await trial.transfers.answer(id(7), true);
    });

    it('wait for one', () => {
      assert.deepEqual([trial.stateOf(id(7)), trial.sessions.length], ['waiting', 0]);
      trial.transfers.onUp(trial.link);
      assert.equal(trial.sessions.length, 1);
    });

    it('are opened once by the next engine, however often a link comes meanwhile, and begin with the last of them', async () => {
      trial.startAgain();
      const opened = mock.method(PartialFile, 'open');
      trial.transfers.onUp(trial.link);
      trial.transfers.onUp(trial.link);
      trial.transfers.onDown(ALI);
      await soon(() => opened.mock.callCount() > 0);
      await opened.mock.calls[0]?.result;
      await new Promise(setImmediate);
      assert.equal(trial.sessions.length, 0, 'the link has gone by then');
      trial.isLinked = true;
      trial.transfers.onUp(trial.link);
      assert.deepEqual([opened.mock.callCount(), trial.sessions.length], [1, 1]);
      mock.restoreAll();
    });

    it('are not opened for good where they are cancelled meanwhile, nor said to have failed', async () => {
      trial.startAgain();
      using disk = fallingSilent(/received/);
      disk.sleep();
      trial.transfers.onUp(trial.link);
      await soon(() => disk.asked.length > 0);
      trial.transfers.cancel(id(7));
      disk.wake();
      await soon(async () => (await left()).length === 0);
      trial.isLinked = true;
      trial.transfers.onUp(trial.link);
      assert.deepEqual([trial.stateOf(id(7)), trial.sessions.length], ['cancelled', 0]);
    });

    it('keep what is there where the next engine ends while they are opened', async () => {
      trial.startAgain();
      const before = await left();
      const opened = mock.method(PartialFile, 'open');
      trial.transfers.onUp(trial.link);
      trial.transfers.dispose();
      await soon(() => opened.mock.callCount() > 0);
      const file = await opened.mock.calls[0]?.result;
      mock.restoreAll();
      await file?.close();
      assert.deepEqual([await left(), before.length], [before, 2]);
    });

    it('fail in words where their folder cannot be had any more', async () => {
      trial.startAgain();
      using _ = forbidden(/\.part$/);
      trial.transfers.onUp(trial.link);
      await soon(() => trial.stateOf(id(7)) === 'failed');
      const said = { kind: 'failed', transferId: id(7), code: 'folderUnwritable' };
      assert.deepEqual(trial.said().at(-1), said);
    });
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
