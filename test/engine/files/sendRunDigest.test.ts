// One offered file whose blocks nobody has noted: it is read for its digest.

import assert from 'node:assert/strict';
import path from 'node:path';
import { LONGEST_DISK_CALL_MS, READING_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { countReads } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { id } from '../store/support.ts';
import { CONTENT, sendTrial } from './sendTrial.ts';

describe('a file that is being sent, whose notes are lost', () => {
  const trial = sendTrial();
  const { folder, failures, said, nameOf, ask, pass, until } = trial;

  const readBlocks = (reads: { readonly counts: readonly number[] }) =>
    reads.counts.reduce((sum, count) => sum + count, 0);

  const another = async () => {
    const other = await trial.runOf(id(2));
    other.start(trial.link, { kind: 'ready', transferId: id(2), session: nameOf(2), firstBlock: 0 });
    await until(2);
    return other;
  };

  it('is read for its digest once, by whichever session is open', async () => {
    using reads = countReads(path.join(folder.path, 'a.bin'));
    const before: Promise<unknown>[] = [];
    for (const number of [1, 2]) {
      ask(number);
      await until(number);
      const groups = reads.counts.length;
      before.push(assert.rejects(trial.source.digest()));
      while (reads.counts.length === groups) await new Promise(setImmediate);
    }
    ask(3);
    await until(3);
    assert.equal(await trial.source.digest(), fileDigestOf(CONTENT));
    await Promise.all(before);
    assert.equal(readBlocks(reads), 20);
  });

  it('is read for its digest once for two who fetch it, and both are told', async () => {
    using reads = countReads(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    const first = trial.source;
    const other = await another();
    const both = await Promise.all([first.digest(), trial.source.digest()]);
    assert.deepEqual([both, readBlocks(reads)], [Array(2).fill(fileDigestOf(CONTENT)), 20]);
    other.giveUp();
  });

  it('is read by another one who fetches it later, though its disk has not answered the first one', async () => {
    trial.mayFail = true;
    const silence = Promise.withResolvers<void>();
    trial.calm = silence.promise;
    ask(1);
    await until(1);
    const first = trial.source.digest();
    while (!trial.wasAsked) await new Promise(setImmediate);
    pass(LONGEST_DISK_CALL_MS);
    assert.equal(failures[0]?.code, 'fileSlow');
    trial.calm = undefined;
    const other = await another();
    assert.equal(await trial.source.digest(), fileDigestOf(CONTENT));
    other.giveUp();
    silence.resolve();
    await assert.rejects(first);
  });

  it('is not read any more when it is cancelled', async () => {
    using reads = countReads(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    const digest = assert.rejects(trial.source.digest());
    while (reads.counts.length === 0) await new Promise(setImmediate);
    trial.run.giveUp();
    await digest;
    await trial.source.close();
    assert.equal(readBlocks(reads), 8);
  });

  for (const readMs of [READING_MS / 2, LONGEST_DISK_CALL_MS - READING_MS])
    it(`says that it is read for its digest while each of its reads takes ${readMs} ms`, async () => {
      ask(1);
      await until(1);
      trial.session.onProgress(CONTENT.length);
      let busy = Promise.withResolvers<void>();
      trial.calm = busy.promise;
      const digest = trial.source.digest();
      const from = trial.now;
      for (const next of [Promise.withResolvers<void>(), Promise.withResolvers<void>(), undefined]) {
        while (!trial.wasAsked) await new Promise(setImmediate);
        for (let passed = 0; passed < readMs; passed += READING_MS / 2) pass(READING_MS / 2);
        trial.wasAsked = false;
        trial.calm = next?.promise;
        busy.resolve();
        busy = next ?? busy;
      }
      assert.equal(await digest, fileDigestOf(CONTENT));
      const frame = { kind: 'reading', transferId: id(1), session: nameOf(1) } as const;
      assert.deepEqual(
        said,
        Array(Math.floor((trial.now - from) / READING_MS)).fill({ kind: 'transfer', frame }),
      );
    });
});
