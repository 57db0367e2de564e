// Whatever the arrow keys lead to in a list of the chat page is in sight then, all of it, and so are the tools of a message.

import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import type { FromPanel } from '../../../src/contract/panel.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf } from '../../webview/support/conversation.ts';

const COUNT = 30;
const ORDERS = Array.from({ length: COUNT }, (_, at) => at + 1);
/** Less than half of the messages, and of what is found, is in sight at a time. */
const HEIGHT = 400;
/** The message that is higher than that. */
const HIGH = 20;

describe('The arrow keys', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    const messages = ORDERS.map((order) => messageAt(order, order % 2 === 0 ? 'me' : 'peer'));
    const shown = showing(stateOf(bob(), messages));
    page = await openChatPage(browser, { width: 400, height: HEIGHT, shown, onIntent: answerSearch });
    await page.locator('article').last().waitFor();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('lead through what was found, down and up again', async () => {
    await page.keyboard.press('Control+F');
    await page.locator('.search-field input').fill('text');
    await page
      .locator('.search-hit')
      .nth(COUNT - 1)
      .waitFor();
    const chosen = page.locator('.search-hit[aria-current="true"]');
    const leadsTo = async (key: string, order: number) => {
      await page.keyboard.press(key);
      await page.locator('.search-hit[aria-current="true"]', { hasText: wordsOf(order) }).waitFor();
      await isWhole(chosen, page.locator('.search-hits'));
    };
    for (const order of ORDERS.toReversed()) await leadsTo('ArrowDown', order);
    for (const order of ORDERS.slice(1)) await leadsTo('ArrowUp', order);
  });

  it('lead from message to message, up and down again', async () => {
    const list = page.locator('.scroller');
    await list.focus();
    const leadsTo = async (key: string, order: number) => {
      await page.keyboard.press(key);
      const message = page.locator(`article[data-order="${order}"]:focus`);
      await message.waitFor();
      await isWhole(message, list);
    };
    for (const order of ORDERS.toReversed()) await leadsTo('ArrowUp', order);
    for (const order of ORDERS.slice(1)) await leadsTo('ArrowDown', order);
  });

  for (const [where, width] of [
    ['beside', 900],
    ['above or below', 400],
  ] as const)
    it(`lead to messages whose tools, ${where}, are in sight, however high a message is`, async () => {
      const body = { kind: 'text', text: 'A long line. '.repeat(200) } as const;
      const messages = ORDERS.map((order) => messageAt(order, 'peer', order === HIGH ? { body } : {}));
      await page.setViewportSize({ width, height: HEIGHT });
      await tellPage(page, showing(stateOf(bob(), messages)));
      const list = page.locator('.scroller');
      await list.focus();
      const leadsTo = async (key: string, order: number) => {
        // Beside a message that is higher than the list it is drawn a moment later.
        await page.locator(`article[data-order="${order}"]`).waitFor({ state: 'attached' });
        await page.keyboard.press(key);
        const tools = page.locator(`article[data-order="${order}"]:focus .message-tools`);
        await tools.waitFor();
        await isWhole(tools, list);
      };
      for (const order of ORDERS.toReversed()) await leadsTo('ArrowUp', order);
      for (const order of ORDERS.slice(1)) await leadsTo('ArrowDown', order);
    });

  function answerSearch(intent: FromPanel): void {
    if (intent.kind !== 'searchConversation') return;
    const hits = ORDERS.toReversed().map((order) => ({
      message: messageAt(order, 'peer'),
      excerpt: wordsOf(order),
    }));
    void tellPage(page, { kind: 'searched', wish: intent, page: { hits, hasMore: false } });
  }
});

function wordsOf(order: number): string {
  return `text number ${order}.`;
}

/** Within a pixel: places are rounded to those of the screen. */
async function isWhole(element: Locator, list: Locator): Promise<void> {
  const [inner, outer] = [await element.boundingBox(), await list.boundingBox()];
  assert.ok(inner !== null && outer !== null);
  assert.ok(inner.y >= outer.y - 1, `above the list by ${outer.y - inner.y}`);
  const below = inner.y + inner.height - outer.y - outer.height;
  assert.ok(below <= 1, `below the list by ${below}`);
}
