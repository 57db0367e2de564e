// What is on the clipboard when several messages were selected and copied.

import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf, transferOf } from '../../webview/support/conversation.ts';

describe('A selection over several messages', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('is copied as who said what, without times, marks and buttons', async () => {
    const offer = transferOf();
    const shown = showing(
      stateOf(
        bob(),
        [
          messageAt(1, 'peer'),
          messageAt(2, 'me', { reactions: [{ emoji: '🎉', from: 'peer' }] }),
          messageAt(3, 'peer', { body: { kind: 'transfer', transferId: offer.id } }),
          messageAt(4, 'peer', { body: { kind: 'text', text: '```js\nlet a;\n```' } }),
        ],
        { transfers: { [offer.id]: offer } },
      ),
    );
    const page = await openChatPage(browser, { shown });
    await select(page.locator('[data-order="1"] .text'), page.locator('[data-order="4"] pre'));
    await page.keyboard.press('Control+C');
    await page.locator('textarea').focus();
    await page.keyboard.press('Control+V');
    const lines = (await page.locator('textarea').inputValue()).split(/\n+/);
    assert.deepEqual(lines.slice(0, 4), ['text 1', 'You', 'text 2', 'bob']);
    assert.deepEqual(lines.slice(4), [
      offer.name,
      '1920×1080 · 412 KB',
      '\u2068bob\u2069 wants to send this picture',
      'bob',
      'let a;',
    ]);
  });

  /** From the start of one to the end of the other, with the focus away from the field, as the mouse does it. */
  async function select(first: Locator, last: Locator): Promise<void> {
    await last.waitFor();
    await first.evaluate(
      (from, to) => {
        (document.activeElement as HTMLElement | null)?.blur();
        getSelection()?.setBaseAndExtent(from, 0, to as Node, (to as Node).childNodes.length);
      },
      await last.elementHandle(),
    );
  }
});
