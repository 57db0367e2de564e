// What two people can do with what was said: answer it, change it, take it back, react to it, find it. Sara has an editor in
// high contrast, Bob is an engine in a process of its own. One story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { noisePicture } from '../../../bench/noisePicture.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { Body } from '../../../src/contract/message.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { dropWithoutPath } from '../../support/editor/handOver.ts';
import { Town } from '../../support/engines.ts';
import { HeadlessEngine } from '../../support/headlessEngine.ts';
import { Chat, Person } from './person.ts';

describe('What was said', () => {
  let browser: Browser;
  let town: Town;
  let bob: HeadlessEngine;
  let sara: Person;
  let atSara: { peer: Fingerprint };
  let chat: Chat;

  const startBob = () =>
    HeadlessEngine.start(path.join(town.folder, 'bob'), '--name', 'bob', '--registry', town.registryUrl);
  const saysBob = (text: string, replyTo?: string) =>
    bob.window.request('sendText', { ...atSara, text, ...(replyTo === undefined ? {} : { replyTo }) });
  /** The message as bob's window was told of it. */
  const heardByBob = (is: (body: Body) => boolean) =>
    bob.window.until(() =>
      bob.window.events
        .flatMap((event) =>
          event.kind === 'messageAdded' || event.kind === 'messageChanged' ? [event.message] : [],
        )
        .find(({ body }) => is(body)),
    );
  const menuEntry = (label: string) => chat.page.document.getByRole('menuitem', { name: label, exact: true });

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await startBob();
    sara = await Person.sara(browser, town, { 'workbench.colorTheme': 'Default High Contrast' });
    atSara = { peer: await sara.befriendedBy(bob.window) };
    chat = await sara.openChat('bob');
  });

  after(async () => {
    await sara.user.close();
    await bob.stop();
    await town.close();
    await browser.close();
  });

  it('an answer shows what it answers, on both sides, and leads to it', async () => {
    await saysBob('Which port does the registry listen on?');
    for (let i = 1; i <= 30; i += 1) await saysBob(`Line ${i} of a long log`);
    await chat.message('Line 30 of').waitFor();
    await chat.page.locator('.scroller').press('Home');
    await chat.message('Which port').hover();
    await chat.page.locator('.message-tools').getByRole('button', { name: 'Reply' }).click();
    await chat.page.locator('.mode-strip', { hasText: 'Which port' }).waitFor();
    await sara.window.screenshot('30-replying');
    await chat.write('On 8000, unless it is taken');
    const answer = chat.message('On 8000');
    await answer.locator('.quote', { hasText: 'Which port does the registry listen on?' }).waitFor();
    await chat.page.locator('.mode-strip').waitFor({ state: 'hidden' });
    await answer.locator('.quote').click();
    await chat.page.locator('article.found', { hasText: 'Which port' }).waitFor();
    await sara.window.screenshot('31-reply-followed');
    const [line] = await Promise.all([saysBob('Thanks, that was it')]);
    await chat.page.locator('.jump-pill').click();
    await chat.message('Thanks, that was it').waitFor();
    assert.equal(line.body.kind, 'text');
  });

  it('the last message is changed with Up, says that it was, and what was begun outlives a look elsewhere', async () => {
    await chat.write('The chek is green');
    await chat.receipt('The chek is green', 'delivered').waitFor();
    await chat.composer.press('ArrowUp');
    await chat.page.locator('.mode-strip', { hasText: 'Editing your message' }).waitFor();
    assert.equal(await chat.composer.inputValue(), 'The chek is green');
    await sara.window.screenshot('32-editing');
    await chat.write('The check is green');
    await chat.message('The check is green').locator('.meta', { hasText: 'edited' }).waitFor();
    await chat.composer.press('ArrowUp');
    await chat.composer.fill('The check is not');
    await sara.window.runCommand('File: New Untitled Text File');
    await chat.composer.waitFor({ state: 'hidden' });
    await sara.window.editorTab('bob').click();
    chat = new Chat(await sara.window.webview('.header'));
    await chat.page.locator('.mode-strip', { hasText: 'Editing your message' }).waitFor();
    assert.equal(await chat.composer.inputValue(), 'The check is not');
    await chat.composer.press('Escape');
    await chat.page.locator('.mode-strip').waitFor({ state: 'hidden' });
    assert.equal(await chat.composer.inputValue(), '');
  });

  it('the menu of the last message is in sight as a whole, above the pointer', async () => {
    const mine = chat.message('The check is green');
    await mine.locator('.bubble').click({ button: 'right' });
    await menuEntry('Delete…').waitFor();
    const menu = await chat.page.locator('.menu.at-message').boundingBox();
    const bubble = await mine.locator('.bubble').boundingBox();
    assert.ok(menu !== null && bubble !== null);
    assert.ok(menu.y + menu.height <= bubble.y + bubble.height, 'it covers what is below the message');
    await sara.window.screenshot('33-message-menu');
    await chat.page.document.getByRole('menuitem', { name: 'More reactions' }).click();
    await sara.window.screenshot('33-message-menu-grown');
    await menuEntry('Delete…').press('Escape');
  });

  it('reactions come and go below a message', async () => {
    const theirs = chat.message('Thanks, that was it');
    await theirs.click({ button: 'right' });
    await chat.page.document.getByRole('menuitemcheckbox', { name: 'Thumbs up' }).click();
    await theirs.locator('.reaction', { hasText: '👍' }).waitFor();
    await chat.message('The check is green').locator('.receipt.delivered, .receipt.read').first().waitFor();
    const { id } = await heardByBob((body) => body.kind === 'text' && body.text === 'The check is green');
    await bob.window.request('react', { ...atSara, id, emoji: '🎉', on: true });
    await chat.message('The check is green').locator('.reaction', { hasText: '🎉' }).waitFor();
    await sara.window.screenshot('34-reactions');
    await theirs.locator('.reaction', { hasText: '👍' }).click();
    await theirs.locator('.reaction').waitFor({ state: 'hidden' });
  });

  it('a message is deleted for both, once that is confirmed, from the keyboard', async () => {
    await chat.write('Not for you');
    await chat.receipt('Not for you', 'delivered').waitFor();
    const mine = chat.message('Not for you');
    await mine.focus();
    await mine.press('Shift+F10');
    await menuEntry('Delete…').click();
    assert.match(await sara.window.dialogText(), /Delete this message for both of you\?/);
    await sara.window.answerDialog('Delete');
    await chat.message('Message deleted').waitFor();
    await heardByBob(({ kind }) => kind === 'deleted');
    await sara.window.screenshot('35-deleted');
  });

  it('whoever writes is seen to write', async () => {
    await bob.window.request('typing', { ...atSara, on: true });
    await chat.page.locator('.typing-line', { hasText: 'is writing' }).waitFor();
    await sara.window.screenshot('36-writing');
    await bob.window.request('typing', { ...atSara, on: false });
    await chat.page.locator('.typing-line', { hasText: 'is writing' }).waitFor({ state: 'hidden' });
  });

  it('what comes while somebody reads further up is marked, and a button leads to it', async () => {
    await chat.page.locator('.scroller').press('Home');
    await chat.page.locator('.jump-pill').waitFor();
    await saysBob('While you were reading');
    await chat.button('1 new message').waitFor();
    await sara.window.screenshot('37-new-below');
    await chat.button('1 new message').click();
    await chat.page.locator('.day.unread', { hasText: 'New messages' }).waitFor();
    await chat.message('While you were reading').waitFor();
  });

  it('a conversation from right to left is laid out from right to left, code and links excepted', async () => {
    await saysBob('سلام سارا، گزارش را دیدی؟ نشانی‌اش https://example.org/report است');
    await chat.write('بله، این خط را ببین:\n```ts\nconst port = 8000; // پیش‌فرض\n```');
    const mine = chat.message('این خط را ببین');
    await mine.locator('.token.keyword', { hasText: 'const' }).waitFor();
    const direction = (of: Element) => getComputedStyle(of).direction;
    assert.equal(await mine.locator('.text p').first().evaluate(direction), 'rtl');
    assert.equal(await mine.locator('.code-block').evaluate(direction), 'ltr');
    await chat.message('گزارش را دیدی').locator('a').waitFor();
    await sara.window.screenshot('38-right-to-left');
  });

  it('the four states of a message are four marks, each shown when it is so', async () => {
    await bob.window.request('markRead', { ...atSara, upTo: 1_000 });
    await chat.receipt('این خط را ببین', 'read').waitFor();
    await chat.write('Delivered, not read yet');
    await chat.receipt('Delivered, not read yet', 'delivered').waitFor();
    bob.tell('sleep');
    await chat.write('On its way');
    await chat.receipt('On its way', 'sent').waitFor();
    await sara.window.screenshot('39-receipts');
    await chat.receipt('On its way', 'delivered').waitFor();
    await bob.stop();
    await sara.peers.rowSaying('bob', 'away').waitFor({ timeout: 30_000 });
    await chat.write('Waits for bob');
    await chat.receipt('Waits for bob', 'queued').waitFor();
    await sara.window.screenshot('40-receipts-away');
  });

  it('what has not left yet is withdrawn without a trace on the other side', async () => {
    await chat.message('Waits for bob').click({ button: 'right' });
    await menuEntry('Withdraw').click();
    await chat.message('Waits for bob').waitFor({ state: 'hidden' });
    bob = await startBob();
    await chat.write('Back again');
    await chat.receipt('Back again', 'delivered').waitFor({ timeout: 30_000 });
    const messages = await bob.window.messages(atSara.peer);
    const said = messages.map(({ body }) => (body.kind === 'text' ? body.text : ''));
    assert.ok(said.includes('Back again') && !said.includes('Waits for bob'));
  });

  it('files that are dropped together are offered in the order of the drop, however long each takes to prepare', async () => {
    const files = [
      { name: 'large.png', type: 'image/png', base64: noisePicture(3_000_000).toString('base64') },
      { name: 'small.pdf', type: 'application/pdf', base64: btoa('%PDF-1.7') },
    ];
    await chat.composer.evaluate(dropWithoutPath, files);
    for (const { name } of files) await chat.message(name).filter({ hasText: 'to accept' }).waitFor();
    const offered = await chat.page.locator('article .file-name').allInnerTexts();
    assert.deepEqual(
      offered,
      files.map(({ name }) => name),
    );
  });

  it('a picture opens in the viewer of the editor', async () => {
    const file = path.join(town.folder, 'trace.png');
    await writeFile(file, noisePicture(30_000));
    await bob.window.request('offerFile', { ...atSara, path: file, asPicture: true });
    await chat.button('Accept').click();
    await chat.message('trace.png').locator('button.picture').click();
    await sara.window.editorTab('trace.png').waitFor();
    const viewer = await sara.window.webview('body.container.image');
    await viewer.locator('img').waitFor();
    await sara.peers.row('trace.png').waitFor({ state: 'hidden' });
    await sara.window.screenshot('41-picture-opened');
  });

  it('a file that was taken back cannot be accepted any more, and its notification says why', async () => {
    const file = path.join(town.folder, 'notes.txt');
    await writeFile(file, 'Ask about the index.\n');
    await sara.window.runCommand('File: New Untitled Text File');
    const { id } = await bob.window.request('offerFile', { ...atSara, path: file, asPicture: false });
    const question = await sara.window.notifications.toast('bob wants to send notes.txt');
    await bob.window.request('cancelTransfer', { id });
    await sara.peers.row('notes.txt').waitFor({ state: 'hidden' });
    await question.press('Accept');
    await sara.window.notifications.toast('bob has taken notes.txt back');
    await sara.window.screenshot('42-file-taken-back');
  });
});
