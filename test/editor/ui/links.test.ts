// A link in a message, from the click to what the browser is asked to open.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { Town } from '../../support/engines.ts';
import { Person } from './person.ts';

/** Carries another address, as signing in elsewhere does: with any of these decoded, or encoded twice, it is another link. */
const LINK = 'https://example.com/a%2Fb?next=https%3A%2F%2Fx.example%2Fa%3Fb%3D1%26c%3D2%23end&q=1%2B1';

/** Tells `note` what a window asks the browser for from now on. It is not opened: tests talk to nobody. */
async function onOpen(page: Page, note: (url: string) => void): Promise<void> {
  await page.exposeFunction('noteOpened', note);
  await page.evaluate(noteWhatOpens);
}

/** Runs in the page. */
function noteWhatOpens(): void {
  const { noteOpened } = window as unknown as { noteOpened(url: string): void };
  window.open = (url) => {
    noteOpened(String(url));
    return window;
  };
}

describe('A link in a message', () => {
  let browser: Browser;
  let town: Town;
  let sara: Person;

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    sara = await Person.saraWithConversation(browser, town, 1, () => `Sign in at ${LINK}`);
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('opens the address that it shows, character by character', async () => {
    const chat = await sara.openChat('dara');
    const { promise: opened, resolve } = Promise.withResolvers<string>();
    await onOpen(sara.window.page, resolve);
    await chat.page.locator('article a').click();
    await sara.window.answerDialog('Open');
    assert.equal(await opened, LINK);
  });
});
