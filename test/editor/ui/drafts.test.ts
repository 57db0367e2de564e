// What somebody has begun to write stays theirs until it is sent: over a closed tab and a reload. One story: each test goes on from
// where the one before it ended.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { Town } from '../../support/engines.ts';
import { Person } from './person.ts';

const BEGUN = 'It is the second request that fails, and';
const SENT = 'The third one too';
const UNANSWERED = 'And the fourth';
const UNHEARD = 'Is anybody there?';
const BESIDE = 'Nobody heard this either';
const ATTACHED = /^.*window: attached, process (\d+)/gm;
const DRAFTS = ['data', 'data', 'User', 'globalStorage', 'hamta.hamta', 'drafts'];

describe('A draft', () => {
  let browser: Browser;
  let town: Town;
  let sara: Person;

  const closeChat = async () => {
    await sara.window.runCommand('View: Close Editor');
    await sara.window.editorTab('dara').waitFor({ state: 'hidden' });
  };
  const keptTexts = async () => [...(await sara.files(...DRAFTS)).values()].map(String).join();
  /** As the log of its window says. */
  const extensionHost = async () => {
    const folder = path.join(sara.user.root, 'data', 'data', 'logs');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('Hamta.log'));
    const logs = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
    const attached = logs.flatMap((log) => [...log.matchAll(ATTACHED)]);
    return Number(attached.toSorted(([one], [other]) => one.localeCompare(other)).at(-1)?.[1]);
  };
  const reload = async () => {
    await sara.window.reload();
    await sara.peers.rowSaying('dara', 'away').waitFor();
  };

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    sara = await Person.saraWithConversation(browser, town, 4, (i) => `What did you find in run ${i}?`);
    // The tree has come to rest.
    await sara.peers.rowSaying('dara', 'away').waitFor();
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('is there again when the tab was closed in the middle of it, with what it answers', async () => {
    const chat = await sara.openChat('dara');
    await chat.message('What did you find in run 3?').hover();
    await chat.page.locator('.message-tools').getByRole('button', { name: 'Reply' }).click();
    await chat.composer.fill(BEGUN);
    await closeChat();
    const again = await sara.openChat('dara');
    await again.holds(BEGUN);
    await again.page.locator('.mode-strip', { hasText: 'in run 3?' }).waitFor();
    await sara.window.screenshot('36-draft-kept');
  });

  it('is there once after a reload, and after one without its tab', async () => {
    await reload();
    await (await sara.openChat('dara')).holds(BEGUN);
    await closeChat();
    await reload();
    await (await sara.openChat('dara')).holds(BEGUN);
  });

  it('is none any more once it is sent', async () => {
    const chat = await sara.openChat('dara');
    await chat.composer.press('Enter');
    await chat.receipt(BEGUN, 'queued').waitFor();
    await closeChat();
    const again = await sara.openChat('dara');
    await again.receipt(BEGUN, 'queued').waitFor();
    assert.equal(await again.composer.inputValue(), '');
    assert.doesNotMatch(await keptTexts(), /"text"/);
  });

  it('is sent once, and no older one comes back, where the window is loaded anew in the same moment', async () => {
    const chat = await sara.openChat('dara');
    await chat.composer.fill('An older draft');
    // The editor keeps what a page says every five seconds.
    await sara.window.page.waitForTimeout(6_000);
    await chat.composer.fill(SENT);
    await sara.window.page.waitForTimeout(100);
    await chat.composer.press('Enter');
    await reload();
    const again = await sara.openChat('dara');
    await again.receipt(SENT, 'queued').waitFor();
    assert.equal(await again.page.locator('article', { hasText: SENT }).count(), 1);
    await again.holds('');
    assert.doesNotMatch(await keptTexts(), /"text"/);
  });

  it('goes without its chat being shown, where its window was killed after it was sent', async () => {
    const [name = ''] = (await sara.files(...DRAFTS)).keys();
    await closeChat();
    const peer = name.slice(0, name.indexOf('.'));
    const id = '7'.repeat(32);
    const sent = { kind: 'sent', at: Date.now(), text: { id, text: UNANSWERED } };
    await writeFile(path.join(sara.user.root, ...DRAFTS, `${peer}.${id}.json`), JSON.stringify(sent));
    await reload();
    while ((await keptTexts()).includes(UNANSWERED)) await sara.window.page.waitForTimeout(100);
    const chat = await sara.openChat('dara');
    await chat.receipt(UNANSWERED, 'queued').waitFor();
    assert.equal(await chat.page.locator('article', { hasText: UNANSWERED }).count(), 1);
  });

  it('is there where the editor has kept its page before the first word, and the window is loaded anew', async () => {
    await closeChat();
    const chat = await sara.openChat('dara');
    await sara.window.page.waitForTimeout(6_000);
    await chat.composer.fill(BEGUN);
    await sara.window.page.waitForTimeout(100);
    await reload();
    await (await sara.openChat('dara')).holds(BEGUN);
  });

  it('goes after a reload where it was sent to an extension host that had been killed, and the chat says that nobody has heard it', async () => {
    const chat = await sara.openChat('dara');
    await chat.composer.fill(UNHEARD);
    process.kill(await extensionHost(), 'SIGKILL');
    await chat.composer.press('Enter');
    await chat.page.locator('.notice', { hasText: 'does not answer this chat' }).waitFor();
    await sara.window.screenshot('38-unheard');
    await reload();
    const again = await sara.openChat('dara');
    await again.receipt(UNHEARD, 'queued').waitFor();
    assert.equal(await again.page.locator('article', { hasText: UNHEARD }).count(), 1);
  });

  it('is not waited for where its extension host was killed while its tab was hidden: the chat says that nobody answers', async () => {
    const chat = await sara.openChat('dara');
    await sara.window.runCommand('File: New Untitled Text File');
    await chat.composer.waitFor({ state: 'hidden' });
    process.kill(await extensionHost(), 'SIGKILL');
    await sara.window.editorTab('dara').click();
    const page = await sara.window.webview('.waiting');
    await page.locator('.waiting', { hasText: 'does not answer this chat' }).waitFor();
    await sara.window.screenshot('85-nobody-answers');
    await sara.window.editorTab('Untitled-1').click();
    await sara.window.runCommand('View: Close Editor');
    await reload();
  });

  it('goes after a reload though its chat was opened anew, beside the tab in which nobody had heard it', async () => {
    const chat = await sara.openChat('dara');
    await chat.composer.fill(BESIDE);
    const killed = await extensionHost();
    process.kill(killed, 'SIGKILL');
    await chat.composer.press('Enter');
    await chat.page.locator('.notice', { hasText: 'does not answer this chat' }).waitFor();
    while ((await extensionHost()) === killed) await sara.window.page.waitForTimeout(100);
    await sara.peers.click('dara');
    await sara.window.editorTab('dara').nth(1).waitFor();
    // The editor keeps what a page says every five seconds.
    await sara.window.page.waitForTimeout(6_000);
    await reload();
    await sara.window.editorTab('dara').first().click();
    await sara.window.editorTab('dara').nth(1).waitFor({ state: 'hidden' });
    const again = await sara.openChat('dara');
    await again.receipt(BESIDE, 'queued').waitFor();
    assert.equal(await again.page.locator('article', { hasText: BESIDE }).count(), 1);
  });
});
