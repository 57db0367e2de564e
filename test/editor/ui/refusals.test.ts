// What this editor cannot do, in a browser or at all: each time the person is told what it was, why, and what to do instead. One
// story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { inviteLinkOf } from '../../../src/extension/invite/inviteLink.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { until } from '../../support/until.ts';
import { type Chat, Person } from './person.ts';

/** Nobody may write there, not even root. */
const UNWRITABLE = '/proc/notes.txt';
const COPIED_MS = 5_000;

describe('What the editor cannot do', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let sara: Person;
  let chat: Chat;

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    sara = await Person.sara(browser, town);
    const peer = await sara.befriendedBy(bob.window);
    const file = path.join(town.folder, 'notes.txt');
    await writeFile(file, 'Ask about the index.\n');
    await bob.window.request('offerFile', { peer, path: file, asPicture: false });
    chat = await sara.openChat('bob');
    await chat.button('Accept').click();
    await chat.message('saved and verified').waitFor();
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('a received file has no folder to be shown in, but a path', async () => {
    await chat.button('Reveal').click();
    const notice = await sara.window.notifications.waitFor(
      'An editor in a browser cannot show it in its folder',
    );
    await sara.window.screenshot('refused-1-reveal');
    await notice.press('Copy Path');
    const received = path.join(sara.user.root, 'home', 'Downloads', 'Hamta', 'notes.txt');
    const isCopied = async () => (await sara.window.clipboardText()) === received;
    await until('the path is on the clipboard', COPIED_MS, isCopied);
  });

  it('a received file in the workspace is shown in the Explorer', async () => {
    const there = await Person.at(sara.user, path.join('home', 'Downloads', 'Hamta'));
    const same = await there.openChat('bob');
    await same.button('Reveal').click();
    const explorer = there.window.page.locator('.explorer-folders-view');
    await explorer.locator('.monaco-list-row.selected', { hasText: 'notes.txt' }).waitFor();
    await there.window.close();
  });

  it('a received file that cannot be saved elsewhere is said to be so, and why', async () => {
    await chat.button('Save as…').click();
    await sara.window.quickInput.chooseFile(UNWRITABLE);
    const notice = await sara.window.notifications.waitFor('notes.txt could not be saved');
    assert.match(await notice.text(), /\/proc\/notes\.txt.* \(it is not there\)\. Choose another place\.$/);
    assert.equal(await notice.severity(), 'warning');
    await sara.window.screenshot('refused-2-save-as');
    await notice.dismiss();
  });

  it('a setting that cannot be saved leads to the file that holds it', async () => {
    const settings = path.join(sara.user.folders.user, 'settings.json');
    await writeFile(settings, `{ "hamta.registryUrl": "${town.registryUrl}", `);
    await sara.window.openLink(
      inviteLinkOf('vscode', town.registryUrl.replace('127.0.0.1', 'localhost')) ?? '',
    );
    await sara.window.answerDialog('Join');
    const notice = await sara.window.notifications.waitFor('The setting hamta.registryUrl was not saved');
    assert.match(await notice.text(), /correct errors/);
    await sara.window.screenshot('refused-3-setting');
    await notice.press('Open Settings');
    await sara.window.page.locator('.monaco-editor', { hasText: '"hamta.registryUrl"' }).waitFor();
  });
});
