import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Drafts } from '../../../src/extension/chat/drafts.ts';
import { heldFor } from '../../support/badDisks.ts';
import { onPlatform } from '../../support/onPlatform.ts';
import { fingerprintOf } from '../people.ts';

const bob = fingerprintOf('b');
const carol = fingerprintOf('c');
const answer = { text: 'on 8000', replyTo: '1'.repeat(32) };
const change = { text: 'on 8001', editOf: '2'.repeat(32) };
const id = '3'.repeat(32);

describe('what was written and not sent', () => {
  let folder: string;
  let notes: unknown[];
  const open: Drafts[] = [];

  /** Of another window, or of this one after a reload. */
  const drafts = async () => {
    const opened = new Drafts(path.join(folder, 'drafts'), (error) => notes.push(error));
    open.push(opened);
    await opened.load(bob);
    return opened;
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-drafts-'));
    notes = [];
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(notes, []);
  });

  it('is there for a new page, of that person alone, also after a reload', async () => {
    const before = await drafts();
    before.write(bob, [answer]);
    assert.deepEqual(before.take(bob, { isNew: true }), [answer]);
    await before.close();
    const after = await drafts();
    await after.load(carol);
    assert.deepEqual(after.take(bob, { isNew: true }), [answer]);
    assert.deepEqual(after.take(carol, { isNew: true }), []);
  });

  it('is not given to a page that has kept it itself', async () => {
    const kept = await drafts();
    kept.write(bob, [answer]);
    assert.deepEqual(kept.take(bob, { isNew: false }), []);
  });

  it('is what was told last, where the editor has kept an older word of the same page', async () => {
    const before = await drafts();
    before.write(bob, [answer], { page: 'p', at: 2 });
    await before.close();
    const after = await drafts();
    const isNewer = (page: string, at: number) => after.isNewerThan(bob, { page, at });
    assert.deepEqual([isNewer('p', 1), isNewer('p', 2), isNewer('p', 3)], [true, false, false]);
    assert.deepEqual([isNewer('q', 1), after.isNewerThan(bob, undefined)], [false, false]);
  });

  it('is no draft from the moment in which it is sent, and is asked for again where nobody has heard an answer', async () => {
    const before = await drafts();
    before.write(bob, [answer, change], { page: 'p', at: 1 });
    before.send(bob, { id, ...answer }, { page: 'p', at: 2 });
    assert.deepEqual(before.unanswered(bob), []);
    assert.deepEqual(before.take(bob, { isNew: true }), [change]);
    await before.load(carol);
    const after = await drafts();
    assert.equal(after.isNewerThan(bob, { page: 'p', at: 1 }), true);
    assert.deepEqual(after.take(bob, { isNew: true }), [change]);
    assert.deepEqual(after.unanswered(bob), [{ id, ...answer }]);
    after.answered(bob, id);
    assert.deepEqual(after.unanswered(bob), []);
    await after.close();
    assert.deepEqual((await drafts()).unanswered(bob), []);
  });

  it('leaves what was written since as it is, where it is asked for again', async () => {
    const next = { text: 'the next thing' };
    const before = await drafts();
    before.send(bob, { id, ...answer }, { page: 'p', at: 2 });
    before.write(bob, [next], { page: 'p', at: 3 });
    await before.load(carol);
    const after = await drafts();
    for (const text of after.unanswered(bob)) after.send(bob, text);
    assert.deepEqual(after.unanswered(bob), []);
    assert.equal(after.isNewerThan(bob, { page: 'p', at: 1 }), true);
    assert.deepEqual(after.take(bob, { isNew: true }), [next]);
    after.answered(bob, id);
    await after.close();
    assert.deepEqual((await drafts()).take(bob, { isNew: true }), [next]);
  });

  it('waits to be asked for again in the same window too, where its engine has gone', async () => {
    const kept = await drafts();
    kept.send(bob, { id, ...answer });
    kept.leaveUnanswered(id);
    assert.deepEqual(kept.unanswered(bob), [{ id, ...answer }]);
  });

  it('is a draft again, and not on its way any more, where it could not be sent', async () => {
    const before = await drafts();
    before.send(bob, { id, ...answer });
    await before.giveBack(bob, answer, id);
    const after = await drafts();
    assert.deepEqual(after.unanswered(bob), []);
    assert.deepEqual(after.take(bob, { isNew: false }), [answer]);
  });

  it('leaves nothing on the disk once it is sent', async () => {
    const kept = await drafts();
    kept.write(bob, [answer]);
    kept.write(bob, []);
    await kept.close();
    assert.deepEqual(await readdir(folder, { recursive: true }), []);
    kept.write(carol, [answer]);
    await kept.close();
    kept.write(carol, []);
    await kept.close();
    assert.deepEqual(await readdir(path.join(folder, 'drafts')), []);
  });

  it('comes back once to whatever page is there next, before what is being written', async () => {
    const before = await drafts();
    before.write(bob, [{ text: 'the next thing' }]);
    await before.giveBack(bob, answer);
    const after = await drafts();
    assert.deepEqual(after.take(bob, { isNew: false }), [answer]);
    assert.deepEqual(after.take(bob, { isNew: false }), []);
    assert.deepEqual(after.take(bob, { isNew: true }), [answer, { text: 'the next thing' }]);
  });

  it('comes back beside what another window has left of that person', async () => {
    const [here, there] = [await drafts(), await drafts()];
    there.write(carol, [{ text: 'hello' }]);
    await there.close();
    await here.giveBack(carol, answer);
    assert.deepEqual(here.take(carol, { isNew: true }), [answer, { text: 'hello' }]);
  });

  it('is told of when it comes back', async () => {
    const kept = await drafts();
    const told: string[] = [];
    kept.onDidReturn((peer) => told.push(peer));
    await kept.giveBack(bob, answer);
    assert.deepEqual(told, [bob]);
  });

  it('is nothing where the file holds something else', async () => {
    await mkdir(path.join(folder, 'drafts'));
    await writeFile(path.join(folder, 'drafts', `${bob}.json`), '{"written": [7], "returned": []}');
    assert.deepEqual((await drafts()).take(bob, { isNew: true }), []);
  });

  it('stays with this window where the disk does not take it', async () => {
    await writeFile(path.join(folder, 'drafts'), '');
    const kept = await drafts();
    kept.write(bob, [answer]);
    await kept.close();
    assert.deepEqual(kept.take(bob, { isNew: true }), [answer]);
    await kept.load(bob);
    assert.deepEqual(kept.take(bob, { isNew: true }), [answer]);
    await rm(path.join(folder, 'drafts'));
    assert.equal(notes.splice(0).length > 0, true);
  });

  it('is on the disk when its window goes, though a scanner looks at what is written there, as on Windows', async () => {
    using _ = onPlatform('win32');
    using __ = heldFor(3, /\.json\.\d+$/);
    const before = await drafts();
    before.write(bob, [answer]);
    await before.close();
    assert.deepEqual((await drafts()).take(bob, { isNew: true }), [answer]);
  });

  it('is on the disk as soon as that takes it again', async () => {
    await writeFile(path.join(folder, 'drafts'), '');
    const kept = await drafts();
    kept.write(bob, [answer]);
    await kept.load(bob);
    await rm(path.join(folder, 'drafts'));
    await kept.load(carol);
    assert.deepEqual((await drafts()).take(bob, { isNew: true }), [answer]);
    assert.equal(notes.splice(0).length > 0, true);
  });
});
