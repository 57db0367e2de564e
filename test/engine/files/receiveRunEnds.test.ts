// One accepted file at its end, however it ends: saved, given up, failed, or left for the next engine.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { mock } from 'node:test';
import { ForgedBlockError } from '../../../src/engine/carriers/carrier.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { realTimers } from '../../support/realTimers.ts';
import { receiveTrial } from './receiveTrial.ts';

describe('a file that is being taken, at its end', () => {
  const { folder, told, said, sessions, link, runWith, lastSession, left, ready } = receiveTrial();

  const nameOfLast = () => {
    const last = told.at(-1);
    assert.ok(last?.kind === 'transfer');
    return last.frame.session;
  };
  const words = () => said.map((word) => (typeof word === 'string' ? word : keyOf(word as object)));
  const keyOf = (word: object) => ('kind' in word ? word.kind : 'code' in word ? word.code : 'saved');
  const soon = async (word: unknown) => {
    while (!words().includes(word)) await new Promise(setImmediate);
  };

  /** All of it is there, and its session has said so. */
  async function whole() {
    const trial = await runWith(2 * BLOCK_BYTES, 2);
    trial.run.start(link());
    lastSession().events.onFinished();
    return { ...trial, digest: fileDigestOf(trial.bytes) };
  }

  it('is over once it is saved and its session has answered all duplicates', async () => {
    const { run, digest } = await whole();
    run.onDigest(nameOfLast(), digest);
    await soon('saved');
    assert.deepEqual(words(), ['running', 'checking', 'saved']);
    lastSession().events.onClosed();
    assert.equal(words().at(-1), 'over');
  });

  it('is not over where its session has, and it is saved only then', async () => {
    const { run, digest } = await whole();
    lastSession().events.onClosed();
    assert.deepEqual(words(), ['running', 'checking']);
    run.onDigest(nameOfLast(), digest);
    await soon('over');
    assert.deepEqual(words().slice(2), ['saved', 'over']);
  });

  it('is saved where its digest comes before its last block, and by the digest of that session alone', async () => {
    const { run, bytes } = await runWith(2 * BLOCK_BYTES, 2);
    run.start(link());
    const before = nameOfLast();
    run.start(link());
    assert.equal(sessions[0]?.isOver, true, 'another link ends the session before');
    await left();
    run.onDigest(nameOfLast(), fileDigestOf(bytes));
    run.onDigest(before, 'f'.repeat(64));
    assert.match(nameOfLast(), /^[0-9a-f]{16}$/);
    lastSession().events.onFinished();
    await soon('saved');
  });

  it('is named once, whatever is said while it is', async () => {
    const { run, partial, digest } = await whole();
    const finishing = mock.method(partial, 'finish');
    for (let times = 0; times < 2; times++) {
      run.onDigest(nameOfLast(), digest);
      run.onReading(nameOfLast());
    }
    run.pause();
    run.start(link());
    await soon('saved');
    assert.deepEqual([finishing.mock.callCount(), ready().length], [1, 1]);
    assert.deepEqual(words(), ['running', 'checking', 'saved', 'over']);
  });

  it('says so where it is not what its sender has sent', async () => {
    const { run } = await whole();
    run.onDigest(nameOfLast(), 'f'.repeat(64));
    await soon('digestMismatch');
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('fails once, and as not what was sent where somebody forges it', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 1);
    run.start(link());
    const { events } = lastSession();
    for (const why of [new ForgedBlockError('block 1 was forged'), new Error('late')]) events.onFailed(why);
    await soon('digestMismatch');
    await run.giveUp();
    assert.deepEqual(words(), ['running', 'digestMismatch']);
  });

  it('is not compared with what another session was told', async () => {
    const { run } = await runWith(2 * BLOCK_BYTES, 2);
    run.start(link());
    run.onDigest(nameOfLast(), 'f'.repeat(64));
    run.start(link());
    await left();
    lastSession().events.onFinished();
    await left();
    assert.deepEqual(words(), ['running', 'running', 'checking']);
  });

  it('says nothing of what keeps it from its name once it is given up', async () => {
    const { run, partial, digest } = await whole();
    const finishing = mock.method(partial, 'finish', async () => {
      await run.giveUp();
      throw new Error('it has no half any more');
    });
    run.onDigest(nameOfLast(), digest);
    await finishing.mock.calls[0]?.result?.catch(() => undefined);
    await left();
    run.pause();
    assert.deepEqual([words(), lastSession().isOver], [['running', 'checking'], true]);
  });

  it('ends its session when it is given up, and resolves when nothing is left of it', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    const over = run.giveUp();
    assert.equal(lastSession().isOver, true);
    await over;
    assert.deepEqual(await readdir(folder.path), []);
    run.pause();
    assert.deepEqual(words(), ['running']);
  });

  it('is let go when its engine stops, with the last that its session hands over', async () => {
    const { run, partial, bytes } = await runWith(3 * BLOCK_BYTES, 1);
    run.start(link());
    const ended = Promise.withResolvers<number>();
    const last = lastSession();
    last.ended = ended.promise;
    const closing = mock.method(partial, 'close');
    run.dispose();
    assert.equal(last.isOver, true);
    await last.destination.write(BLOCK_BYTES, bytes.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES));
    assert.equal(closing.mock.callCount(), 0, 'it may hand over more');
    ended.resolve(0);
    while (closing.mock.callCount() === 0) await new Promise(setImmediate);
    assert.equal(partial.contiguousBytes, 2 * BLOCK_BYTES);
    run.start(link());
    run.pause();
    assert.deepEqual([sessions.length, words()], [1, ['running']]);
  });

  it('asks for nothing over a link that has gone while its last blocks were on their way to the disk', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 1);
    run.start(link());
    const ended = Promise.withResolvers<number>();
    lastSession().ended = ended.promise;
    run.start(link());
    run.pause();
    ended.resolve(0);
    await left();
    assert.equal(ready().length, 1);
  });

  it('asks over another link for nothing that is still on its way to the disk', async () => {
    const { run, partial, bytes } = await runWith(5 * BLOCK_BYTES, 0);
    const held = Promise.withResolvers<void>();
    const write = partial.write.bind(partial);
    partial.write = (...what) => held.promise.then(() => write(...what));
    run.start(link());
    const writing = lastSession().destination.write(0, bytes.subarray(0, BLOCK_BYTES));
    run.pause();
    await left();
    run.start(link());
    await left();
    assert.deepEqual(ready(), [0], 'nothing is asked for yet');
    held.resolve();
    await writing;
    while (sessions.length < 2) await new Promise(setImmediate);
    assert.deepEqual(ready(), [0, 1]);
  });

  it('waits for half a minute for its digest only once it is whole', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { run } = await runWith(5 * BLOCK_BYTES, 1);
      run.start(link());
      run.onReading(nameOfLast());
      mock.timers.tick(30_000);
      await left();
      assert.equal(ready().length, 1);
    } finally {
      realTimers();
    }
  });
});
