// What somebody sends in the moment between two engines of theirs. The first is no window's, so that it ends when the test says so,
// and no other one starts before the test lets go of its lock. One story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser } from 'playwright-core';
import { type Disposable, toDisposable } from '../../../src/base/disposable.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { pipeAddressOf, surroundings } from '../../../src/extension/engine/pipeAddress.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import type { EditorUser } from '../../support/editor/editorUser.ts';
import { startWithConversation } from '../../support/editor/seededEditor.ts';
import { Town } from '../../support/engines.ts';
import { type Chat, Person } from './person.ts';

const FIRST = 'This is the answer';
const SECOND = 'This is what I meant';
const THIRD = 'This is what I saw';

/**
 * Ends an engine of this process, whose lock (store/lock.ts) stays taken until disposed. Between a release and another taking a window's engine
 * could be quicker: windows look for it, too.
 */
async function closeLocked(engine: Engine | undefined, place: string): Promise<Disposable> {
  const { close } = DatabaseSync.prototype;
  const location = await realpath(place);
  let lock: DatabaseSync | undefined;
  DatabaseSync.prototype.close = function (this: DatabaseSync) {
    if (this.location() === location) lock = this;
    else close.call(this);
  };
  try {
    await engine?.close();
  } finally {
    DatabaseSync.prototype.close = close;
  }
  assert.ok(lock !== undefined, 'an engine that had no lock');
  const kept = lock;
  return toDisposable(() => kept.close());
}

describe('Between two engines', () => {
  let browser: Browser;
  let town: Town;
  let user: EditorUser;
  let engine: Engine | undefined;
  let lock: Disposable | undefined;
  let chat: Chat;

  const storage = () => path.join(user.folders.user, 'globalStorage', 'hamta.hamta');
  const dataDir = () => path.join(storage(), 'engine');
  const hint = (text: string) => chat.page.locator('#composer-hint', { hasText: text });
  const notice = () => chat.page.locator('.notice', { hasText: 'Hamta is starting again' });

  const startEngine = async (): Promise<Engine> => {
    const folders = { dataDir: dataDir(), downloadFolder: path.join(user.root, 'received') };
    // It takes the lock in this very turn, in which a window has hardly time to.
    lock?.dispose();
    lock = undefined;
    engine = await Engine.start(
      { ...folders, port: 0, listenHost: '127.0.0.1', autoAccept: false },
      () => undefined,
    );
    await engine.listen(pipeAddressOf(dataDir(), { ...surroundings(), runtimeDir: user.runtimeDir }));
    return engine;
  };
  const endEngine = async () => {
    lock = await closeLocked(engine, path.join(dataDir(), 'hamta.db.lock'));
    engine = undefined;
    await notice().waitFor();
  };

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    user = await startWithConversation(
      browser,
      { name: 'sara' },
      {
        count: 2,
        message: (i) => ({ from: 'peer', text: `What did you find in run ${i}?` }),
        stepMs: 60_000,
      },
    );
    const { registryUrl } = town;
    await (await startEngine()).signUp({ name: 'sara', registryUrl });
    // As in an editor whose person has signed up: its window then attaches by itself.
    await writeFile(path.join(storage(), 'signed-up'), '');
    const sara = await Person.at(user);
    await sara.peers.rowSaying('dara', 'away').waitFor();
    chat = await sara.openChat('dara');
    await chat.message('What did you find in run 2?').waitFor();
  });

  after(async () => {
    lock?.dispose();
    await user.close();
    await engine?.close();
    await town.close();
    await browser.close();
  });

  it('what was sent and then changed is left to be sent again', async () => {
    await endEngine();
    await chat.write(FIRST);
    await hint('This goes in a moment').waitFor();
    assert.equal(await chat.composer.inputValue(), FIRST);
    await chat.composer.fill(`${FIRST}, more or less`);
    await hint('What you send goes in a moment').waitFor();
    await startEngine();
    await notice().waitFor({ state: 'hidden' });
    assert.equal(await chat.composer.inputValue(), `${FIRST}, more or less`);
    await chat.composer.press('Enter');
    await chat.receipt(`${FIRST}, more or less`, 'queued').waitFor();
  });

  it('what was sent is left to be sent again where no engine can start, which then looks for one', async () => {
    await endEngine();
    await chat.write(THIRD);
    await hint('This goes in a moment').waitFor();
    const thumbnails = path.join(dataDir(), 'thumbnails');
    await rm(thumbnails, { recursive: true, force: true });
    await writeFile(thumbnails, '');
    lock?.dispose();
    lock = undefined;
    await chat.page.locator('.notice', { hasText: 'cannot be used (a file is in its place)' }).waitFor();
    assert.equal(await notice().count(), 0);
    assert.equal(await hint('').count(), 0);
    assert.equal(await chat.composer.inputValue(), THIRD);
    await rm(thumbnails);
    await startEngine();
    await chat.composer.press('Enter');
    await chat.receipt(THIRD, 'queued').waitFor();
    assert.equal(await chat.page.locator('article', { hasText: THIRD }).count(), 1);
  });

  it('what was sent goes by itself when the next one is there', async () => {
    await endEngine();
    await chat.write(SECOND);
    lock?.dispose();
    await chat.receipt(SECOND, 'queued').waitFor();
    assert.equal(await chat.composer.inputValue(), '');
    assert.equal(await chat.page.locator('article', { hasText: SECOND }).count(), 1);
    assert.equal(await chat.page.locator('article', { hasText: FIRST }).count(), 1);
  });
});
