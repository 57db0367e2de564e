// One person with two windows: one engine, one conversation, whichever window is open. Bob is an engine without an editor.
// One story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { Chat, Person } from './person.ts';

const RECEIVED = ['home', 'Downloads', 'Hamta'];
/** Far more than loopback carries while a person looks; the file has no blocks on the disk. */
const HUGE_BYTES = 4e9;
const HUGE_MS = 30_000;

describe('One person with two windows', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let sara: { peer: Friend['fingerprint'] };
  let first: Person;
  let second: Person;
  let chat: Chat;

  const saysBob = (text: string) => bob.request('sendText', { ...sara, text });
  const atBob = (name: string) =>
    bob.window.until(({ transfers }) =>
      Object.values<Transfer>(transfers).find((transfer) => transfer.name === name),
    );

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    const settings = {
      'hamta.registryUrl': town.registryUrl,
      'workbench.colorTheme': 'Default High Contrast',
    };
    const user = await EditorUser.start(browser, { name: 'sara', settings });
    first = await Person.at(user);
    await first.join();
    sara = { peer: (await bob.request('lookUp', { name: 'sara' })).peer };
    second = await Person.at(user, 'another project');
  });

  after(async () => {
    await first.user.close();
    await town.close();
    await browser.close();
  });

  it('who asks stands in both; the answer of one is the answer of both', async () => {
    const connected = bob.request('connect', sara);
    await first.peers.rowSaying('bob', 'wants to connect').waitFor();
    await second.badge('1');
    await second.peers.inlineAction('bob', 'Accept');
    await connected;
    await first.peers.rowSaying('bob', 'this machine').waitFor();
    await first.badge('');
  });

  it('what is unread is counted the same in both', async () => {
    await saysBob('One');
    await saysBob('Two');
    for (const window of [first, second]) {
      await window.peers.rowSaying('bob', '2 unread').waitFor();
      await window.badge('2');
    }
  });

  it('a chat is opened, read, written and sent by keyboard alone', async () => {
    const { quickInput, page } = second.window;
    await page.keyboard.press('F1');
    await quickInput.fill('>Hamta: Open Chat');
    await quickInput.row('Hamta: Open Chat').waitFor();
    await page.keyboard.press('Enter');
    await quickInput.step('Chat with whom?');
    await quickInput.answer('bob');
    chat = new Chat(await second.window.webview('.header'));
    await chat.message('Two').waitFor();
    await chat.page.locator('textarea:focus').waitFor();
    await page.keyboard.type('Read, thanks');
    await page.keyboard.press('Enter');
    await chat.receipt('Read, thanks', 'delivered').waitFor();
    await first.badge('');
    await bob.window.peer(sara.peer, ({ receipts, unread }) => receipts.read === 2 && unread === 1);
  });

  it('the other window shows the same conversation', async () => {
    const same = await first.openChat('bob');
    for (const text of ['One', 'Two', 'Read, thanks']) await same.message(text).waitFor();
    assert.equal(await same.page.locator('article').count(), 3);
  });

  it('a file dropped on a person in the tree is offered to that person', async () => {
    const file = path.join(second.user.root, 'notes.txt');
    await writeFile(file, 'Ask about the index.\n');
    await second.window.dropFiles(second.peers.row('bob'), file);
    const { id } = await atBob('notes.txt');
    await second.peers.rowSaying('notes.txt', 'waiting for their answer').waitFor();
    await bob.request('answerTransfer', { id, accept: true });
    await chat.message('notes.txt').filter({ hasText: 'saved and verified by' }).waitFor();
  });

  it('a large file shows how far it is, in the tree and in the chat, until it is cancelled', async () => {
    await makeHugeFile(path.join(town.folder, 'disk.img'));
    const file = { path: path.join(town.folder, 'disk.img'), asPicture: false };
    const { id } = await bob.request('offerFile', { ...sara, ...file });
    await second.peers.inlineAction('disk.img', 'Accept');
    await second.peers.rowSaying('disk.img', /[1-9]\d?%.*\/s/).waitFor({ timeout: HUGE_MS });
    await chat.page.locator('.progress-facts', { hasText: /[1-9]\d?%.*left/ }).waitFor();
    await second.window.screenshot('12-large-file-running');
    await chat.button('Cancel').click();
    await chat.message('cancelled by you').waitFor();
    await bob.window.transfer(id, 'cancelled');
    await second.peers.row('disk.img').waitFor({ state: 'hidden' });
    assert.deepEqual([...(await second.files(...RECEIVED)).keys()], []);
  });

  it('when the window with the engine closes while bob writes, the other has all of it, each once', async () => {
    const texts = Array.from({ length: 30 }, (_, i) => `Line ${i + 1} of 30`);
    for (const text of texts.slice(0, 10)) await saysBob(text);
    const closed = first.window.close();
    for (const text of texts.slice(10, 20)) await saysBob(text);
    await closed;
    for (const text of texts.slice(20)) await saysBob(text);
    await chat.message('Line 30 of 30').waitFor({ timeout: 30_000 });
    const shown = await chat.page.locator('article', { hasText: /Line \d+ of 30/ }).allInnerTexts();
    assert.deepEqual(
      shown.map((text) => /Line \d+ of 30/.exec(text)?.[0]),
      texts,
    );
    await chat.write('All here');
    await chat.receipt('All here', 'delivered').waitFor();
    await second.window.screenshot('13-after-the-other-window-closed');
  });
});

async function makeHugeFile(file: string): Promise<void> {
  const handle = await open(file, 'w');
  await handle.truncate(HUGE_BYTES);
  await handle.close();
}
