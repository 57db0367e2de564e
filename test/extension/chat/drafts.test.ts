import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stamp } from '../../../src/contract/panel.ts';
import { Drafts } from '../../../src/extension/chat/drafts.ts';
import { heldFor, listedAs } from '../../support/badDisks.ts';
import { onPlatform } from '../../support/onPlatform.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { fingerprintOf } from '../people.ts';

const bob = fingerprintOf('b');
const carol = fingerprintOf('c');
const answer = { text: 'on 8000', replyTo: '1'.repeat(32) };
const change = { text: 'on 8001', editOf: '2'.repeat(32) };
const id = '3'.repeat(32);
const NOW = Date.now();
const by = (page: string, at: number): Stamp => ({ page: page.repeat(32), at: NOW + at });
const page = by('d', 1);
const nextPage = by('e', 0);
const NEW = { isNew: true };
const KEPT = { isNew: false };

describe('what was written and not sent', () => {
  let notes: unknown[];
  const open: Drafts[] = [];

  const place = () => path.join(folder.path, 'drafts');

  /** Of another window, or of this one after a reload. */
  const drafts = async () => {
    const opened = new Drafts(place(), (error) => notes.push(error));
    open.push(opened);
    await opened.load();
    return opened;
  };

  beforeEach(() => {
    notes = [];
  });

  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    assert.deepEqual(notes, []);
  });
  // Goes once they are closed.
  const folder = temporaryFolder();

  it('is there for a new page, of that person alone, also after a reload', async () => {
    const before = await drafts();
    before.write(bob, [answer], page);
    assert.deepEqual(before.take(bob, nextPage, NEW), [answer]);
    await before.close();
    const after = await drafts();
    assert.deepEqual(after.take(bob, by('f', 0), NEW), [answer]);
    assert.deepEqual(after.take(carol, by('f', 0), NEW), []);
  });

  it('is not given to a page that has kept it itself, nor to one that has words of its own', async () => {
    const kept = await drafts();
    kept.write(bob, [answer], page);
    assert.deepEqual(kept.take(bob, page, KEPT), []);
    assert.deepEqual(kept.take(bob, nextPage, KEPT), []);
  });

  it('is what was told last, where the editor has kept an older word of the same page', async () => {
    const before = await drafts();
    before.write(bob, [answer], by('d', 2));
    await before.close();
    const after = await drafts();
    const newerThan = (name: string, at: number) => after.newerThan(bob, by(name, at));
    assert.deepEqual(
      [newerThan('d', 1), newerThan('d', 2), newerThan('d', 3)],
      [[answer], undefined, undefined],
    );
    assert.equal(newerThan('e', 1), undefined);
  });

  it('is no draft from the moment in which it is sent, and is asked for again where nobody has heard an answer', async () => {
    const before = await drafts();
    before.write(bob, [answer, change], page);
    before.send(bob, { id, ...answer }, by('d', 2));
    assert.deepEqual(before.unanswered(bob), []);
    assert.deepEqual(before.newerThan(bob, page), [change]);
    await before.load();
    const after = await drafts();
    assert.deepEqual(after.newerThan(bob, page), [change]);
    assert.deepEqual(after.unanswered(bob), [{ id, ...answer }]);
    assert.deepEqual(after.unansweredPeers(), [bob]);
    after.answered(bob, id);
    assert.deepEqual(after.unanswered(bob), []);
    await after.close();
    assert.deepEqual((await drafts()).unansweredPeers(), []);
  });

  it('is asked for again where it was to change a message, too, and the draft beside it stays', async () => {
    const before = await drafts();
    before.write(bob, [answer, change], page);
    before.send(bob, { id, ...change }, by('d', 2));
    await before.load();
    const after = await drafts();
    assert.deepEqual(after.newerThan(bob, page), [answer]);
    assert.deepEqual(after.unanswered(bob), [{ id, ...change }]);
  });

  it('is asked for again in the order in which it was sent', async () => {
    const texts = ['9', '4', '7'].map((digit) => ({ id: digit.repeat(32), text: digit }));
    const before = await drafts();
    for (const text of texts) before.send(bob, text);
    await before.load();
    assert.deepEqual((await drafts()).unanswered(bob), texts);
  });

  it('leaves what was written since as it is, where it is asked for again', async () => {
    const next = { text: 'the next thing' };
    const before = await drafts();
    before.send(bob, { id, ...answer }, by('d', 2));
    before.write(bob, [next], by('d', 3));
    await before.load();
    const after = await drafts();
    for (const text of after.unanswered(bob)) after.waitFor(text.id);
    assert.deepEqual(after.unanswered(bob), []);
    assert.deepEqual(after.newerThan(bob, page), [next]);
    after.answered(bob, id);
    await after.close();
    assert.deepEqual((await drafts()).take(bob, nextPage, NEW), [next]);
  });

  it('is sent and no draft, where its window was killed between the two', async () => {
    const before = await drafts();
    before.write(bob, [answer], page);
    await before.close();
    const [file = ''] = await readdir(place());
    const draft = await readFile(path.join(place(), file));
    before.send(bob, { id, ...answer }, by('d', 2));
    await before.load();
    await writeFile(path.join(place(), file), draft);
    const after = await drafts();
    assert.deepEqual(after.newerThan(bob, page), []);
    assert.deepEqual(after.unanswered(bob), [{ id, ...answer }]);
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
    before.answered(bob, id);
    const after = await drafts();
    assert.deepEqual(after.unanswered(bob), []);
    assert.deepEqual(after.take(bob, page, KEPT), [answer]);
  });

  it('leaves nothing on the disk once it is sent and its tab is closed', async () => {
    const kept = await drafts();
    kept.write(bob, [answer], page);
    kept.write(bob, [], page);
    kept.leave(bob, page.page);
    await kept.close();
    assert.deepEqual(await readdir(folder.path, { recursive: true }), []);
    kept.write(carol, [answer], page);
    await kept.close();
    kept.write(carol, [], page);
    kept.leave(carol, page.page);
    await kept.close();
    assert.deepEqual(await readdir(place()), []);
  });

  it('is left for the next page where its tab is closed in the middle of it', async () => {
    const kept = await drafts();
    kept.write(bob, [answer], page);
    kept.leave(bob, page.page);
    await kept.close();
    assert.deepEqual((await drafts()).take(bob, nextPage, NEW), [answer]);
  });

  it('comes back once to whatever page is there next, before what is being written', async () => {
    const before = await drafts();
    before.write(bob, [{ text: 'the next thing' }], page);
    await before.giveBack(bob, answer);
    const after = await drafts();
    assert.deepEqual(after.take(bob, page, KEPT), [answer]);
    assert.deepEqual(after.take(bob, page, KEPT), []);
    assert.deepEqual(after.take(bob, nextPage, NEW), [answer, { text: 'the next thing' }]);
  });

  it('is the page’s from the moment in which that is given it, though the page goes before it has said so', async () => {
    const before = await drafts();
    await before.giveBack(bob, answer);
    assert.deepEqual(before.take(bob, page, KEPT), [answer]);
    await before.close();
    assert.deepEqual((await drafts()).newerThan(bob, page), [answer]);
  });

  it('is told of when it comes back', async () => {
    const kept = await drafts();
    const told: string[] = [];
    kept.onDidReturn((peer) => told.push(peer));
    await kept.giveBack(bob, answer);
    assert.deepEqual(told, [bob]);
  });

  describe('by two windows of one person', () => {
    const [here, there] = [{ text: 'I wrote this here' }, { text: 'and this there' }];

    it('is all there, whoever writes last', async () => {
      const [one, other] = [await drafts(), await drafts()];
      one.write(bob, [here], page);
      await one.load();
      other.write(bob, [there], nextPage);
      await other.close();
      await one.load();
      assert.deepEqual(one.take(bob, by('f', 0), NEW), [there, here]);
      await one.close();
    });

    it('stays with one that has cleared nothing, where the other one clears its own', async () => {
      const [one, other] = [await drafts(), await drafts()];
      one.write(bob, [here], page);
      other.write(bob, [there], nextPage);
      await one.load();
      other.write(bob, [], nextPage);
      await other.close();
      await one.load();
      assert.deepEqual(one.take(bob, by('f', 0), NEW), [here]);
    });

    it('is asked for again though the other one has written since', async () => {
      const [one, other] = [await drafts(), await drafts()];
      one.send(bob, { id, ...answer }, page);
      await one.load();
      other.write(bob, [there], nextPage);
      await other.close();
      assert.deepEqual((await drafts()).unanswered(bob), [{ id, ...answer }]);
    });

    it('is not asked for again where the other one has its answer while the files are read', async () => {
      const [one, other] = [await drafts(), await drafts()];
      await one.send(bob, { id, ...answer });
      await other.load();
      using _ = listedAs(async (readdir) => {
        const names = await readdir();
        one.answered(bob, id);
        await one.close();
        return names;
      });
      await other.load();
      assert.deepEqual(other.unanswered(bob), []);
    });

    it('is what one has written last, where the other one looked between the two files of what it had sent', async () => {
      const [one, other] = [await drafts(), await drafts()];
      one.write(bob, [answer], page);
      await one.load();
      const file = path.join(place(), `${bob}.${page.page}.json`);
      const draft = await readFile(file);
      await one.send(bob, { id, ...answer }, by('d', 2));
      await writeFile(file, draft);
      await other.load();
      one.write(bob, [here], by('d', 3));
      await one.close();
      await other.close();
      assert.deepEqual((await drafts()).take(bob, nextPage, NEW), [here]);
    });

    it('comes back beside what the other one has left', async () => {
      const [one, other] = [await drafts(), await drafts()];
      other.write(carol, [{ text: 'hello' }], page);
      await other.close();
      await one.giveBack(carol, answer);
      await one.load();
      assert.deepEqual(one.take(carol, nextPage, NEW), [answer, { text: 'hello' }]);
    });
  });

  it('is nothing where the file holds something else', async () => {
    await mkdir(place());
    await writeFile(path.join(place(), `${bob}.json`), '{"kind": "draft", "texts": [7]}');
    assert.deepEqual((await drafts()).take(bob, page, NEW), []);
  });

  it('leaves no unfinished file of a window that was killed', async () => {
    await mkdir(place());
    const [old, young] = [`${bob}.json.1234`, `${bob}.${id}.json.1235`];
    for (const name of [old, young]) await writeFile(path.join(place(), name), '{"kind"');
    const hourAgo = Date.now() / 1_000 - 3_600;
    await utimes(path.join(place(), old), hourAgo, hourAgo);
    await drafts();
    assert.deepEqual(await readdir(place()), [young]);
  });

  it('leaves no file of a page that has had nothing to say for a month', async () => {
    const before = await drafts();
    before.write(bob, [], by('d', -31 * 24 * 60 * 60_000));
    before.write(bob, [answer], by('e', -31 * 24 * 60 * 60_000));
    await before.close();
    const after = await drafts();
    await after.close();
    assert.deepEqual(await readdir(place()), [`${bob}.${nextPage.page}.json`]);
  });

  it('stays with this window where the disk does not take it', async () => {
    await writeFile(place(), '');
    const kept = await drafts();
    kept.write(bob, [answer], page);
    await kept.close();
    assert.deepEqual(kept.newerThan(bob, by('d', 0)), [answer]);
    await kept.load();
    assert.deepEqual(kept.take(bob, nextPage, NEW), [answer]);
    await rm(place());
    assert.equal(notes.splice(0).length > 0, true);
  });

  it('is on the disk when its window goes, though a scanner looks at what is written there, as on Windows', async () => {
    using _ = onPlatform('win32');
    using __ = heldFor(3, /\.json\.\d+$/);
    const before = await drafts();
    before.write(bob, [answer], page);
    await before.close();
    assert.deepEqual((await drafts()).take(bob, nextPage, NEW), [answer]);
  });

  it('stays with this window where the disk does not say what there is', async () => {
    const kept = await drafts();
    await kept.send(bob, { id, ...answer }, page);
    using _ = listedAs(() => Promise.reject(Object.assign(new Error('EMFILE'), { code: 'EMFILE' })));
    await kept.load();
    assert.equal(kept.hasHeard(bob, page), true);
    assert.equal(notes.splice(0).length, 1);
  });

  it('is on the disk as soon as that takes it again', async () => {
    await writeFile(place(), '');
    const kept = await drafts();
    kept.write(bob, [answer], page);
    await kept.load();
    await rm(place());
    await kept.load();
    assert.deepEqual((await drafts()).take(bob, nextPage, NEW), [answer]);
    assert.equal(notes.splice(0).length > 0, true);
  });

  it('is not taken from its page before the disk has what is sent', async () => {
    const kept = await drafts();
    kept.write(bob, [answer], page);
    await kept.load();
    using held = heldFor(Number.POSITIVE_INFINITY, new RegExp(`${id}\\.json`), 'ENOSPC');
    kept.send(bob, { id, ...answer }, by('d', 2));
    await kept.load();
    assert.deepEqual((await drafts()).newerThan(bob, by('d', 0)), [answer]);
    held[Symbol.dispose]();
    assert.equal(notes.splice(0).length > 0, true);
  });
});
