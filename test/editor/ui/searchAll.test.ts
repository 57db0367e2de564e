// One search over all conversations, from the palette to the message where it was said.

import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { Town } from '../../support/engines.ts';
import { Chat, Person } from './person.ts';

const COUNT = 2_000;
const FOUND = 300;

describe('A search over all conversations', () => {
  let browser: Browser;
  let town: Town;
  let sara: Person;

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    const textOf = (i: number) => (i === FOUND ? 'the Größe of a needle' : `Message ${i}`);
    sara = await Person.saraWithConversation(browser, town, COUNT, textOf);
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('says when nothing was found, and when there is more than it shows', async () => {
    const { quickInput } = sara.window;
    await sara.window.runCommand('Hamta: Search All Conversations…');
    await quickInput.step('Search all conversations');
    await quickInput.fill('nowhere');
    await quickInput.row('Nothing found').waitFor();
    await sara.window.screenshot('23-search-all-nothing');
    await quickInput.fill('message');
    await quickInput.row('dara').waitFor();
    await quickInput.field.press('ArrowUp');
    await quickInput.row('Only the newest 50 are shown').waitFor();
    await sara.window.screenshot('23-search-all-more');
    await quickInput.field.press('Escape');
    await quickInput.closed();
  });

  it('opens the conversation at the message that was found, however old', async () => {
    const { quickInput, page } = sara.window;
    await sara.window.runCommand('Hamta: Search All Conversations…');
    await quickInput.step('Search all conversations');
    await quickInput.field.fill('grosse needl');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'the Größe of a needle' });
    await row.waitFor();
    await sara.window.screenshot('23-search-all');
    await row.click();
    await sara.window.editorTab('dara').waitFor();
    const chat = new Chat(await sara.window.webview('.header'));
    await chat.page.locator('article', { hasText: 'the Größe of a needle' }).waitFor();
    assert.equal(await chat.page.locator('article', { hasText: `Message ${COUNT}` }).count(), 0);
  });
});
