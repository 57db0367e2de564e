// Whom sara trusts, and when she is left in peace. She has two windows; the others are engines without an editor.
// One story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { safetyLines } from '../../../src/contract/safetyCode.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { Chat, Person } from './person.ts';

const STATUS = 'hamta.hamta.hamta.status';

describe('Trust and attention', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let newBob: Friend;
  let bobsKey: Friend['fingerprint'];
  let atSara: { peer: Friend['fingerprint'] };
  let first: Person;
  let second: Person;

  const saysBob = (text: string) => bob.request('sendText', { ...atSara, text });
  const codeOf = async (person: Friend) =>
    safetyLines((await person.request('safetyCode', atSara)).code).join('\n');
  const heardByBob = (text: string) =>
    bob.window.until(() =>
      bob.window.events.find(
        (event) =>
          event.kind === 'messageAdded' &&
          event.message.body.kind === 'text' &&
          event.message.body.text === text,
      ),
    );
  const toasts = async () =>
    (await Promise.all([first, second].map(({ window }) => window.notifications.texts()))).flat();

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    bobsKey = bob.fingerprint;
    first = await Person.sara(browser, town);
    atSara = { peer: await first.befriendedBy(bob.window) };
    second = await Person.at(first.user, 'another project');
    await second.peers.rowSaying('bob', 'this machine').waitFor();
  });

  after(async () => {
    await first.user.close();
    await town.close();
    await browser.close();
  });

  it('a message is told of in one window, and answered from there without opening the chat', async () => {
    await saysBob('Lunch?');
    const notified = await Promise.any(
      [first, second].map(async (person) => ({
        person,
        notice: await person.window.notifications.toast('Lunch?'),
      })),
    );
    assert.deepEqual(await notified.notice.buttons(), ['Reply', 'Open Chat']);
    assert.equal((await toasts()).filter((text) => text.includes('Lunch?')).length, 1);
    const { window } = notified.person;
    await window.screenshot('trust-1-notification');
    await notified.notice.press('Reply');
    await window.quickInput.step('Reply to bob');
    await window.quickInput.message('Lunch?');
    await window.screenshot('trust-2-reply');
    await window.quickInput.answer('At noon');
    await heardByBob('At noon');
    await window.quickInput.closed();
    await bob.window.peer(atSara.peer, ({ receipts }) => receipts.read > 0);
    assert.equal(await window.editorTab('bob').count(), 0);
    await first.badge('');
  });

  it('an answer that was begun is a draft of their chat, where its window goes', async () => {
    await saysBob('Still there?');
    const { person, notice } = await Promise.any(
      [first, second].map(async (person) => ({
        person,
        notice: await person.window.notifications.toast('Still there?'),
      })),
    );
    await notice.press('Reply');
    await person.window.quickInput.step('Reply to bob');
    await person.window.quickInput.fill('For an hour');
    await person.window.reload();
    await person.peers.rowSaying('bob', '1 unread').waitFor();
    const chat = await person.openChat('bob');
    await chat.holds('For an hour');
    await person.window.screenshot('trust-2b-reply-kept');
    await chat.composer.fill('');
    await person.window.runCommand('View: Close Editor');
    await first.badge('');
  });

  it('do not disturb is one for all windows: nothing is told of, everything is counted', async () => {
    await second.window.runCommand('Hamta: Do Not Disturb');
    await second.window.quickInput.step('Do not disturb');
    await second.window.screenshot('trust-3-do-not-disturb-how-long');
    await second.window.quickInput.pick('For one hour');
    for (const { window, peers } of [first, second]) {
      await window.statusBarItem(STATUS).locator('.codicon-bell-slash').waitFor();
      await peers.rowSaying('sara (me)', /do not disturb until/).waitFor();
    }
    await saysBob('In the quiet');
    for (const { peers } of [first, second]) await peers.rowSaying('bob', '1 unread').waitFor();
    await first.window.screenshot('trust-4-do-not-disturb');
    await first.window.runCommand('Hamta: Do Not Disturb');
    await first.window.quickInput.pick('Turn off');
    for (const { window } of [first, second])
      await window.statusBarItem(STATUS).locator('.codicon-bell-dot').waitFor();
    await saysBob('And loud again');
    await Promise.any([first, second].map(({ window }) => window.notifications.toast('And loud again')));
    assert.deepEqual(
      (await toasts()).filter((text) => text.includes('quiet')),
      [],
    );
  });

  it('a safety code is the same for both; whom it fits is marked, and stays so', async () => {
    await first.peers.menuAction('bob', 'Compare Safety Code');
    const shown = await first.window.dialogText();
    assert.ok(shown.includes(await codeOf(bob)), shown);
    await first.window.screenshot('trust-5-safety-code');
    await first.window.answerDialog('Copy');
    await first.window.answerDialog('They Match');
    for (const { peers } of [first, second])
      await peers.rowSaying('bob', 'this machine · verified').waitFor();
    assert.equal(await first.window.clipboardText(), (await codeOf(bob)).replaceAll('\n', ' '));
    const chat = await first.openChat('bob');
    await chat.page.locator('.header .codicon-verified-filled').waitFor();
    await first.window.screenshot('trust-6-verified');
    await second.window.reload();
    await second.peers.rowSaying('bob', 'verified').waitFor();
  });

  it('however many strangers ask, one of them is seen at a time', async () => {
    const strangers = await Promise.all(['dara', 'eve', 'mina'].map((name) => town.person(name)));
    const asked = strangers.map(async (stranger) => {
      const { peer } = await stranger.request('lookUp', { name: 'sara' });
      return stranger.failure('connect', { peer });
    });
    for (const { name } of strangers)
      for (const { peers } of [first, second]) await peers.rowSaying(name, 'wants to connect').waitFor();
    await Promise.any(
      [first, second].map(({ window }) => window.notifications.toast(/(dara|eve|mina) wants to connect/)),
    );
    assert.equal((await toasts()).filter((text) => /(dara|eve|mina) wants/.test(text)).length, 1);
    await first.window.screenshot('trust-7-strangers');
    for (const { name } of strangers) {
      await first.peers.inlineAction(name, 'Reject');
      // While the rows change places the editor does not know which one a button stands on.
      await first.peers.rowSaying(name, 'wants to connect').waitFor({ state: 'hidden' });
    }
    assert.deepEqual(await Promise.all(asked), Array(3).fill('connectionRejected'));
    // The one that was seen may have gone by now; no other one came beside it.
    assert.ok((await toasts()).filter((text) => /(dara|eve|mina) wants/.test(text)).length <= 1);
    await Promise.all(strangers.map((stranger) => stranger.stop()));
    for (const { name } of strangers) await first.peers.rowSaying(name, 'away').waitFor({ timeout: 30_000 });
    // Else the next one who asks is told of only when the editor has taken this one off the screen.
    for (const { window } of [first, second])
      await window.runCommand('Notifications: Clear All Notifications');
  });

  it('a late yes to somebody who asks no more says so, and leads to them all the same', async () => {
    const nora = await town.person('nora');
    const { peer } = await nora.request('lookUp', { name: 'sara' });
    const asked = nora.failure('connect', { peer });
    const question = await Promise.any(
      [first, second].map(async ({ window }) => ({
        window,
        toast: await window.notifications.toast('nora wants to connect'),
      })),
    );
    await nora.request('cancelConnect', { peer });
    assert.equal(await asked, 'connectionCancelled');
    for (const { peers } of [first, second])
      await peers.rowSaying('nora', 'wants to connect').waitFor({ state: 'hidden' });
    await question.toast.press('Accept');
    const said = await question.window.notifications.toast('nora does not ask to connect any more');
    await question.window.screenshot('trust-7b-asks-no-more');
    await said.press('Connect');
    await nora.window.peer(atSara.peer, ({ link }) => link === 'connected');
    await nora.stop();
    await first.peers.rowSaying('nora', 'away').waitFor({ timeout: 30_000 });
  });

  it('files of one person are taken without a question, once sara says so in their menu', async () => {
    await first.peers.menuAction('bob', 'Files from This Person');
    await first.window.quickInput.step('Files that bob sends');
    await first.window.quickInput.pick('Take them without asking');
    await first.window.quickInput.closed();
    await first.peers.menuAction('bob', 'Files from This Person');
    const chosen = first.window.quickInput.row('Take them without asking');
    await chosen.locator('.codicon-check').waitFor();
    await first.window.screenshot('trust-8-files-unasked');
    await first.window.page.keyboard.press('Escape');
    const file = path.join(town.folder, 'notes.txt');
    await writeFile(file, 'Ask about the index.\n');
    const { id } = await bob.request('offerFile', { ...atSara, path: file, asPicture: false });
    await bob.window.transfer(id, 'done');
    assert.equal((await toasts()).filter((text) => text.includes('notes.txt')).length, 0);
  });

  it('who is blocked stands apart, is told nothing but a no, and comes back when sara wants', async () => {
    await first.peers.menuAction('bob', 'Block');
    assert.match(await first.window.dialogText(), /Block bob\?.*told no more than that you declined/s);
    await first.window.answerDialog('Block');
    await first.peers.row('Blocked').waitFor();
    assert.equal(await first.peers.row('bob').count(), 0);
    assert.equal(await bob.failure('connect', atSara), 'connectionRejected');
    await first.peers.expand('Blocked');
    await first.peers.rowSaying('bob', 'blocked').waitFor();
    const chat = new Chat(await first.window.webview('.header'));
    await chat.page.locator('.gate', { hasText: /You blocked .?bob/ }).waitFor();
    await first.window.screenshot('trust-9-blocked');
    await first.peers.inlineAction('bob', 'Unblock');
    await first.peers.row('Blocked').waitFor({ state: 'hidden' });
    await chat.button('Connect').click();
    await first.peers.rowSaying('bob', 'this machine · verified').waitFor();
  });

  it('a name with another key is explained where one would write, and history stays', async () => {
    await bob.stop();
    await town.closeRegistry();
    town.forgetNames();
    await town.openRegistry();
    newBob = await town.person('new bob');
    await newBob.signUp('bob');
    await first.window.runCommand('Hamta: Refresh Peers');
    await first.peers.rowSaying('bob', 'another key has this name now').waitFor({ timeout: 30_000 });
    const chat = new Chat(await first.window.webview('.gate.warning'));
    await chat.page.locator('.gate', { hasText: /Is this still .?bob/ }).waitFor();
    await chat.message('At noon').waitFor();
    assert.equal(await chat.composer.count(), 0);
    await first.window.screenshot('trust-10-key-changed');
    await chat.button('Compare safety code').click();
    const shown = await first.window.dialogText();
    assert.match(shown, /with the new key of bob/);
    assert.ok(shown.includes(await codeOf(newBob)), shown);
    await first.window.screenshot('trust-11-new-safety-code');
  });

  it('whose new code fits is talked with anew; the former conversation is history', async () => {
    await first.window.answerDialog('They Match');
    await newBob.window.peer(atSara.peer, ({ link }) => link === 'asking');
    await newBob.request('answerConnection', { ...atSara, accept: true });
    await first.peers.rowSaying('bob', 'this machine · verified').waitFor();
    const chat = new Chat(await first.window.webview('textarea'));
    await chat.write('Welcome back');
    await newBob.window.until(({ peers }) => peers[atSara.peer]?.unread === 1);
    await first.peers.rowSaying('bob', 'verified').waitFor();
    const rows = (await first.peers.items()).filter(({ label }) => label === 'bob');
    assert.deepEqual(
      rows.map(({ description }) => description),
      ['this machine · verified', 'a former key, history only'],
    );
    assert.deepEqual(await first.window.editorTab('bob').allTextContents(), ['bob (former key)', 'bob']);
    await first.window.screenshot('trust-12-started-anew');
    assert.notEqual(bobsKey, newBob.fingerprint);
  });
});
