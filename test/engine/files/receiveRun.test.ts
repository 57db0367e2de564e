// One accepted file over its sessions: where they begin, and what becomes of them.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { mock } from 'node:test';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { realTimers } from '../../support/realTimers.ts';
import { until } from '../../support/until.ts';
import { id } from '../store/support.ts';
import { receiveTrial } from './receiveTrial.ts';

describe('a file that is being taken', () => {
  const { folder, told, said, link, runWith, lastSession, left, ready, attemptsOf, probes } = receiveTrial();

  const nameOfLast = () => {
    const last = told.at(-1);
    assert.ok(last?.kind === 'transfer');
    return last.frame.session;
  };

  it('goes on from the first block that is not there', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    assert.deepEqual(ready(), [2]);
    assert.deepEqual(said, [{ kind: 'running', bytes: 2 * BLOCK_BYTES, bytesPerSecond: 0, attempt: 1 }]);
  });

  it('knows what came of blocks that were not whole when a session ended', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    for (const bytes of [100, 20]) {
      run.start(link());
      lastSession().unfinishedBytes = bytes;
      run.pause();
      await left();
    }
    run.start(link());
    assert.equal(run.unfinishedBytes, 120);
  });

  for (const sizeBytes of [3 * BLOCK_BYTES, 3 * BLOCK_BYTES - 1, 2 * BLOCK_BYTES + 1]) {
    it(`asks for the last block once more when all ${sizeBytes} bytes came before the digest did`, async () => {
      const { run } = await runWith(sizeBytes, 3);
      run.start(link());
      assert.deepEqual(ready(), [2]);
    });
  }

  it('opens a session of another name on each link, and waits in between', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    run.pause();
    run.start(link());
    await left();
    const names = told.map((input) => (input.kind === 'transfer' ? input.frame.session : ''));
    assert.equal(new Set(names).size, 2);
    assert.deepEqual(
      said.map((state) => (state as { kind: string }).kind),
      ['running', 'waiting', 'running'],
    );
  });

  it('does not hear a digest of another session', async () => {
    const { run, bytes } = await runWith(BLOCK_BYTES, 1);
    run.start(link());
    run.onDigest('0'.repeat(16), fileDigestOf(bytes));
    assert.deepEqual(await readdir(folder.path), [`.a.bin.${id(1)}.part`]);
  });

  it('waits half a minute for the digest in each of three tries, then fails', async () => {
    // Also for what its disk is given: a timer is taken back by the kind of clock that it was made by.
    mock.timers.enable({ apis: ['setTimeout'] });
    const { run } = await runWith(BLOCK_BYTES, 1);
    try {
      run.start(link());
      for (const attempt of [1, 2, 3]) {
        assert.deepEqual([ready().length, attemptsOf(told).at(-1)], [attempt, attempt]);
        lastSession().events.onFinished();
        mock.timers.tick(29_999);
        assert.equal(ready().length, attempt);
        mock.timers.tick(1);
        await left();
      }
      assert.equal(ready().length, 3);
    } finally {
      realTimers();
    }
    await until('it has failed', 5_000, async () =>
      said.some((word) => (word as { code?: string }).code === 'transferStalled'),
    );
  });

  describe('and is there whole', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(realTimers);

    it('asks the link for a sign of life when a try is over: its sender may sleep', async () => {
      const { run } = await runWith(BLOCK_BYTES, 1);
      run.start(link());
      lastSession().events.onFinished();
      mock.timers.tick(29_999);
      assert.equal(probes(), 0);
      mock.timers.tick(1);
      assert.equal(probes(), 1);
    });

    it('fails after three more tries without a digest, though each brings the last block again', async () => {
      const { run, bytes } = await runWith(BLOCK_BYTES, 0);
      run.start(link());
      for (const attempt of [1, 1, 2, 3]) {
        assert.equal(attemptsOf(told).at(-1), attempt);
        await lastSession().destination.write(0, bytes);
        lastSession().events.onFinished();
        mock.timers.tick(30_000);
        await left();
      }
      assert.equal(ready().length, 4);
      realTimers();
      await until('it has failed', 5_000, async () =>
        said.some((word) => (word as { code?: string }).code === 'transferStalled'),
      );
    });

    it('waits for its digest for as long as its sender reads for it, and half a minute from then on', async () => {
      const { run } = await runWith(BLOCK_BYTES, 1);
      run.start(link());
      lastSession().events.onFinished();
      for (let times = 0; times < 20; times++) {
        mock.timers.tick(29_999);
        await left();
        run.onReading(nameOfLast());
      }
      mock.timers.tick(29_999);
      assert.equal(ready().length, 1);
      mock.timers.tick(1);
      await left();
      assert.equal(ready().length, 2);
    });

    it('begins nothing anew because of a word that comes behind its digest', async () => {
      const { run, bytes } = await runWith(BLOCK_BYTES, 1);
      run.start(link());
      lastSession().events.onFinished();
      run.onDigest(nameOfLast(), fileDigestOf(bytes));
      run.onReading(nameOfLast());
      mock.timers.tick(30_000);
      await left();
      assert.equal(ready().length, 1);
      realTimers();
      await until('it is saved', 5_000, async () =>
        said.some((word) => (word as { sha256?: string }).sha256 === fileDigestOf(bytes)),
      );
    });
  });

  it('waits for the disk of its sender, and of no session but the one that is open', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    run.onReading('0'.repeat(16));
    assert.equal(lastSession().timesReading, 0);
    run.onReading(nameOfLast());
    assert.equal(lastSession().timesReading, 1);
  });

  it('leaves nothing behind when it is given up', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    run.giveUp();
    while ((await readdir(folder.path)).length > 0);
    run.start(link());
    assert.equal(told.length, 1);
  });

  it('goes on with what an engine that was killed has left', async () => {
    await runWith(5 * BLOCK_BYTES, 2);
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [2]);
  });

  it('keeps what is there when its engine stops', async () => {
    const { run: before } = await runWith(5 * BLOCK_BYTES, 3);
    before.dispose();
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [3]);
  });

  it('calls nothing damaged that fails for a reason nobody knows', async () => {
    const { run } = await runWith(2 * BLOCK_BYTES, 0);
    run.start(link());
    lastSession().events.onFailed(new TypeError('not what was expected'));
    while (said.length < 2) await new Promise(setImmediate);
    const detail = 'not what was expected';
    assert.deepEqual(said.at(-1), { code: 'receiveFailed', details: { name: 'a.bin', detail } });
  });
});
