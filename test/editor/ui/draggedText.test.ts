// Text that is dragged in the chat page is text: it goes to where it is dropped, and nobody is told that it would be sent.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf } from '../../webview/support/conversation.ts';

const WORDS = 'first second third';

describe('Text that is dragged', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    const said = messageAt(1, 'peer', { body: { kind: 'text', text: 'heard' } });
    page = await openChatPage(browser, { shown: showing(stateOf(bob(), [said])) });
    await page.locator('textarea').fill(WORDS);
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('moves within the field as in any other field', async () => {
    const field = await boxOf('textarea');
    const y = field.y + field.height / 2;
    await page.mouse.dblclick(field.x + 12, y);
    await drag({ x: field.x + 12, y }, { x: field.x + field.width - 20, y });
    assert.match((await valueOnce((value) => value !== WORDS)).trim(), /^second third ?first$/);
  });

  it('goes from a message to the end of what is written, wherever else it is dropped', async () => {
    const text = await boxOf('.text');
    const from = { x: text.x + 8, y: text.y + text.height / 2 };
    const scroller = await boxOf('.scroller');
    await page.mouse.dblclick(from.x, from.y);
    await drag(from, { x: scroller.x + scroller.width / 2, y: scroller.y + 40 });
    assert.equal((await valueOnce((value) => value !== WORDS)).trim(), `${WORDS}heard`);
  });

  it('is not what a file is: that is said over everything, the tools of a message included', async () => {
    await page.locator('.text').hover();
    const tools = page.locator('.message-tools');
    await tools.waitFor();
    await page.locator('.scroller').evaluate((list) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'notes.txt'));
      list.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }));
    });
    const layerOf = (part: Element) => Number(getComputedStyle(part).zIndex);
    assert.ok((await page.locator('.drop-hint').evaluate(layerOf)) > (await tools.evaluate(layerOf)));
  });

  async function boxOf(selector: string) {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box !== null);
    return box;
  }

  /** With a look at the page on the way. */
  async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, from.y);
    await page.mouse.move(to.x, to.y, { steps: 5 });
    assert.equal(await page.locator('.drop-hint').count(), 0);
    await page.mouse.up();
  }

  async function valueOnce(is: (value: string) => boolean): Promise<string> {
    const field = page.locator('textarea');
    const deadline = Date.now() + 3_000;
    while (!is(await field.inputValue()) && Date.now() < deadline) await page.waitForTimeout(20);
    return field.inputValue();
  }
});
