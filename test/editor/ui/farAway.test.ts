// What is pressed in the tree at the very moment in which its rows change, where the editor's extensions run far away: the press and
// the change pass each other on the line. Nearby that is a matter of milliseconds, and happens all the same.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { until } from '../../support/until.ts';
import { Chat, Person } from './person.ts';

const ONE_WAY_MS = 150;
const SEND_PICTURE = '.actions .action-label[aria-label^="Send Picture"]';

describe('A tree that is far away', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let dara: Friend;
  let sara: Person;
  let atSara: { peer: Friend['fingerprint'] };

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    dara = await town.person('dara');
    const settings = { 'hamta.registryUrl': town.registryUrl };
    sara = await Person.at(await EditorUser.start(browser, { name: 'sara', settings, oneWayMs: ONE_WAY_MS }));
    await sara.join();
    atSara = { peer: await sara.befriendedBy(bob.window) };
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('a button of a row is about whom it stands for, also while a file of theirs comes or goes', async () => {
    const file = path.join(town.folder, 'notes.txt');
    await writeFile(file, 'Ask about the index.\n');
    const row = sara.peers.row('bob');
    await row.hover();
    await row.locator(SEND_PICTURE).waitFor();
    const { id } = await bob.request('offerFile', { ...atSara, path: file, asPicture: false });
    await row.locator(SEND_PICTURE).click();
    await sara.window.quickInput.step('Send which picture?');
    await sara.window.screenshot('65-far-away');
    await sara.window.page.keyboard.press('Escape');
    await sara.window.quickInput.closed();
    await sara.peers.row('notes.txt').waitFor();
    await row.hover();
    await row.locator(SEND_PICTURE).waitFor();
    await bob.request('cancelTransfer', { id });
    await row.locator(SEND_PICTURE).click();
    await sara.window.quickInput.step('Send which picture?');
    await sara.window.page.keyboard.press('Escape');
    await sara.peers.row('notes.txt').waitFor({ state: 'hidden' });
  });

  it('a click on a row opens the chat, also while the row says something else', async () => {
    await sara.window.page.mouse.move(0, 0);
    await bob.request('sendText', { ...atSara, text: 'Hello' });
    await sara.peers.row('bob').click();
    await sara.window.editorTab('bob').waitFor();
    const chat = new Chat(await sara.window.webview('.header'));
    await chat.message('Hello').waitFor();
  });

  it('Enter on a row does so, too, also while others come to stand in other places', async () => {
    const { page } = sara.window;
    await sara.window.runCommand('View: Close Editor');
    await sara.window.editorTab('bob').waitFor({ state: 'hidden' });
    await sara.window.runCommand('Hamta: Focus on Peers View');
    await sara.peers.pane.locator('.monaco-list:focus').waitFor();
    const bobFocused = sara.peers.pane.locator('.monaco-list-row.focused', { hasText: 'bob' });
    // The list may have had the focus from before, and lose it for a moment to the command that gives it: a key is lost then.
    await until('bob has the focus', 15_000, async () => {
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      return bobFocused.isVisible();
    });
    const asked = dara.request('connect', atSara);
    await page.keyboard.press('Enter');
    await sara.window.editorTab('bob').waitFor();
    await sara.peers.rowSaying('dara', 'wants to connect').waitFor();
    await sara.peers.inlineAction('dara', 'Accept');
    await asked;
  });
});
