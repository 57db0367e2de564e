// Where the list stands when somebody has scrolled a little way up from its end.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf } from '../../webview/support/conversation.ts';

const COUNT = 30;
/** Less than a line. */
const LITTLE_PX = 17;

describe('Near its end', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    const messages = Array.from({ length: COUNT }, (_, at) => messageAt(at + 1, 'peer'));
    page = await openChatPage(browser, { width: 400, height: 400, shown: showing(stateOf(bob(), messages)) });
    await page.locator('article').last().waitFor();
  });
  after(() => browser.close());

  it('the list stays where it was scrolled to, whatever is drawn anew', async () => {
    await scrollUpALittle();
    await tellPage(page, { kind: 'event', event: { kind: 'peerChanged', peer: bob({ isTyping: true }) } });
    await page.locator('.typing-dots').waitFor();
    assert.equal(await scrollTop(), -LITTLE_PX);
  });

  it('the list follows what is new', async () => {
    const message = messageAt(COUNT + 1, 'peer');
    await tellPage(page, { kind: 'event', event: { kind: 'messageAdded', message } });
    await page.locator(`article[data-order="${COUNT + 1}"]`).waitFor();
    await standsAt(0);
  });

  it('the End key leads to the end', async () => {
    await scrollUpALittle();
    await page.locator('.scroller').focus();
    await page.keyboard.press('End');
    await standsAt(0);
  });

  /** Resolves once the list has come to rest and was drawn again. */
  async function scrollUpALittle(): Promise<void> {
    await page.locator('.scroller').evaluate(
      (list, px) =>
        new Promise<void>((resolve) => {
          list.addEventListener('scrollend', () => requestAnimationFrame(() => resolve()), { once: true });
          list.scrollBy(0, -px);
        }),
      LITTLE_PX,
    );
    await standsAt(-LITTLE_PX);
  }

  async function standsAt(top: number): Promise<void> {
    await page.waitForFunction((wanted) => document.querySelector('.scroller')?.scrollTop === wanted, top);
  }

  function scrollTop(): Promise<number> {
    return page.locator('.scroller').evaluate((list) => list.scrollTop);
  }
});
