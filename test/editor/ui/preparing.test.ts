// A file in the chat page from the drop until it is offered: it takes the room that its offer will take, and what is read stays
// where it is.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { noisePicture } from '../../../bench/noisePicture.ts';
import type { ToPanel } from '../../../src/contract/panel.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, PAGE_ORIGIN, shootPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { type DroppedFile, dropWithoutPath } from '../../support/editor/handOver.ts';
import { BOB, bob, messageAt, stateOf, transferOf } from '../../webview/support/conversation.ts';

const COUNT = 40;
/** CSS pixels. */
const ROUNDING_PX = 1;

const PDF: DroppedFile = { name: 'design.pdf', type: 'application/pdf', base64: btoa('%PDF') };
const PICTURE: DroppedFile = {
  name: 'trace.png',
  type: 'image/png',
  base64: noisePicture(30_000).toString('base64'),
};

describe('A file that is being prepared', () => {
  let browser: Browser;
  let page: Page;
  /** Milliseconds since 1970. All is said at once, and is one group where one person says it: the page groups what it prepares by
   * the clock, so this is the time of the story, not that of the reading of this file. */
  let now: number;

  const drop = async (file: DroppedFile) => {
    await page.locator('.scroller').evaluate(dropWithoutPath, [file]);
    await page.locator('.card', { hasText: 'preparing' }).waitFor();
  };
  const offer = async (change: Partial<Transfer>, order = COUNT + 1) => {
    const transfer = transferOf({ direction: 'send', ...change });
    const body = { kind: 'transfer', transferId: transfer.id } as const;
    const message = messageAt(order, 'me', { body, at: now });
    await tellPage(page, { kind: 'event', event: { kind: 'transferChanged', transfer } });
    await tellPage(page, { kind: 'event', event: { kind: 'messageAdded', message } });
    await page.locator('.card', { hasText: 'preparing' }).waitFor({ state: 'detached' });
  };
  /** CSS pixels from the upper edge of the page, of the message of this order. */
  const topOf = (order: number) =>
    page.locator(`article[data-order="${order}"]`).evaluate((row) => row.getBoundingClientRect().top);
  const isStill = async (order: number, before: number) => {
    const moved = (await topOf(order)) - before;
    assert.ok(Math.abs(moved) <= ROUNDING_PX, `moved by ${moved}`);
  };

  before(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    now = Date.now();
    page = await openChatPage(browser, { shown: shown(now) });
    await page.locator(`article[data-order="${COUNT}"]`).waitFor();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('moves nothing when it becomes the offer of a file', async () => {
    await drop(PDF);
    await shootPage(page, '80-preparing-file');
    const before = await topOf(COUNT);
    await offer({ name: PDF.name, mediaType: PDF.type, sizeBytes: 4 });
    await shootPage(page, '81-offered-file');
    await isStill(COUNT, before);
  });

  it('moves nothing when it becomes the offer of the second of two files', async () => {
    await drop(PDF);
    await offer({ name: PDF.name, mediaType: PDF.type, sizeBytes: 4 });
    await drop(PDF);
    const before = await topOf(COUNT);
    await offer({ id: 'f'.repeat(32), name: PDF.name, mediaType: PDF.type, sizeBytes: 4 }, COUNT + 2);
    await isStill(COUNT, before);
  });

  it('moves nothing when it becomes the offer of a picture', async () => {
    await drop(PICTURE);
    const preview = page.locator('.card .preview');
    await preview.evaluate((image: HTMLImageElement) => image.decode());
    const { width, height } = await preview.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => ({
      width: naturalWidth,
      height: naturalHeight,
    }));
    await shootPage(page, '82-preparing-picture');
    const before = await topOf(COUNT);
    await offer({ name: PICTURE.name, width, height, sizeBytes: 30_000, metadata: 'removed' });
    await shootPage(page, '83-offered-picture');
    await isStill(COUNT, before);
  });

  it('leaves whoever reads on meanwhile where they are', async () => {
    await drop(PICTURE);
    await page.locator('.scroller').hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole('button', { name: 'Go to the newest message' }).waitFor();
    await page.locator('.scroller').evaluate(rest);
    const order = await page.locator('.scroller').evaluate(middleOrder);
    const before = await topOf(order);
    await offer({ name: PICTURE.name, width: 640, height: 480, metadata: 'removed' });
    await page.locator('.scroller').evaluate(rest);
    await isStill(order, before);
  });
});

function shown(now: number): Extract<ToPanel, { kind: 'show' }> {
  const messages = Array.from({ length: COUNT }, (_, index) =>
    messageAt(index + 1, index % 2 ? 'peer' : 'me', { at: now - (COUNT - index) }),
  );
  return {
    kind: 'show',
    peer: BOB,
    state: stateOf(bob(), messages),
    fileBase: `${PAGE_ORIGIN}/files`,
    locale: 'en',
  };
}

/** Runs in the page. Resolves when the list has stood still for some frames. */
async function rest(scroller: Element): Promise<void> {
  for (let still = 0, at = scroller.scrollTop; still < 10; still += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (scroller.scrollTop !== at) still = 0;
    at = scroller.scrollTop;
  }
}

/** Runs in the page. The order of the message in the middle of what is in sight. */
function middleOrder(scroller: Element): number {
  const { top, height } = scroller.getBoundingClientRect();
  const rows = Array.from(scroller.querySelectorAll<HTMLElement>('article'));
  const row = rows.find((each) => each.getBoundingClientRect().bottom > top + height / 2);
  return Number(row?.dataset.order);
}
