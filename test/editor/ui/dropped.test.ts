// Files that are dropped on the chat page from an explorer, by their addresses: what is not sent is said.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { FromPanel } from '../../../src/contract/panel.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, shootPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf } from '../../webview/support/conversation.ts';

const NAMES = Array.from({ length: 60 }, (_, index) => `file:///pictures/${index}.png`);
const LONG = `file:///${'a'.repeat(5_000)}/trace.png`;

describe('Files that are dropped by their addresses', () => {
  let browser: Browser;
  let page: Page;
  let sent: string[];

  const drop = (uris: readonly string[]) => page.locator('.scroller').evaluate(dropUris, uris.join('\r\n'));

  before(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    sent = [];
    const onIntent = (intent: FromPanel) => intent.kind === 'sendUris' && sent.push(...intent.uris);
    const shown = showing(stateOf(bob(), [messageAt(1, 'peer')]));
    page = await openChatPage(browser, { shown, onIntent });
    await page.locator('article').waitFor();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('all go, however many they are', async () => {
    await drop(NAMES);
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    assert.deepEqual(sent, NAMES);
    assert.equal(await page.locator('.trouble').count(), 0);
  });

  it('go but for those whose paths are too long, which is said with what to do instead', async () => {
    await drop([LONG, ...NAMES]);
    await page.locator('.trouble', { hasText: 'trace.png' }).waitFor();
    await shootPage(page, '84-path-too-long');
    await page.locator('.trouble').getByRole('button', { name: 'Send file…' }).waitFor();
    assert.deepEqual(sent, NAMES);
  });
});

/** Runs in the page. */
function dropUris(place: Element, list: string): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData('text/uri-list', list);
  place.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
}
