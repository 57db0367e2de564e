// The chat page as a Persian editor shows it: its words and its direction.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ToPanel } from '../../../src/contract/panel.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, PAGE_ORIGIN, shootPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { BOB, bob, messageAt, stateOf, transferOf } from '../../webview/support/conversation.ts';

/** Names of keys stay as keyboards have them, a file's as its owner has it. */
const NOT_WORDS = /\b(Ctrl|Shift|Enter|Esc|trace\.png)\b/g;

describe('The chat page of a Persian editor', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await openChatPage(browser, { locale: 'fa', shown: shown() });
  });

  after(() => browser.close());

  it('runs from right to left', async () => {
    await page.locator('article').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'fa');
    const left = async (selector: string) => (await page.locator(selector).first().boundingBox())?.x ?? -1;
    assert.ok((await left('h1')) > (await left('.header-buttons')), 'the name is at the right');
    assert.ok((await left('textarea')) > (await left('.composer-buttons')), 'writing begins at the right');
    assert.ok((await left('.theirs .bubble')) > (await left('.mine .bubble')), 'theirs are at the right');
    const scale = await page.locator('.codicon-send').evaluate((icon) => getComputedStyle(icon).scale);
    assert.equal(scale, '-1 1', 'the arrow of what is sent points to the left');
  });

  it('says all in Persian: what stands there, and what is read out', async () => {
    const words = await page.evaluate(wordsOnPage);
    assert.ok(words.includes('پیام‌های تازه') && words.includes('پذیرفتن'), words.join('\n'));
    assert.deepEqual(english(words), []);
    await shootPage(page, '42-persian');
  });

  it('has its menu and its search in Persian, too', async () => {
    await page.locator('.mine .bubble').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'واکنش‌های بیشتر' }).click();
    assert.deepEqual(english(await page.evaluate(wordsOnPage)), []);
    await shootPage(page, '43-persian-menu');
    await page.keyboard.press('Escape');
    await pressWithPersianLayout(page);
    await page.locator('.search-field input').waitFor();
    assert.deepEqual(english(await page.evaluate(wordsOnPage)), []);
  });

  it('says in Persian what did not work', async () => {
    await tellPage(page, {
      kind: 'failed',
      failure: { code: 'connectionUnanswered', details: { name: 'باب', seconds: 60 } },
    });
    await page.locator('.notice.trouble', { hasText: 'تا ۶۰ ثانیه پاسخ نداد' }).waitFor();
  });
});

/** Ctrl and the key of F. */
async function pressWithPersianLayout(page: Page): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const key = { key: 'ب', code: 'KeyF', windowsVirtualKeyCode: 0x46, modifiers: 2 };
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  await keyboard.detach();
}

function shown(): ToPanel {
  const offer = transferOf();
  const sent = transferOf({
    ...{ id: 'f'.repeat(32), direction: 'send', metadata: 'removed' },
    state: { kind: 'running', bytes: 100_000, bytesPerSecond: 1_000, attempt: 2 },
  });
  const said = (order: number, from: 'me' | 'peer', text: string) =>
    messageAt(order, from, { body: { kind: 'text', text } });
  const about = (order: number, from: 'me' | 'peer', { id }: { readonly id: string }) =>
    messageAt(order, from, { body: { kind: 'transfer', transferId: id } });
  const messages = [
    said(1, 'peer', 'سلام، گزارش را دیدی؟'),
    {
      ...said(2, 'me', 'بله، همین حالا'),
      editedAt: Date.now(),
      reactions: [{ emoji: '👍', from: 'peer' as const }],
    },
    about(3, 'me', sent),
    messageAt(4, 'peer', { body: { kind: 'deleted' } }),
    said(5, 'peer', 'این هم یک تصویر'),
    about(6, 'peer', offer),
  ];
  const peer = bob({ name: 'باب', unread: 2, isTyping: true, path: 'lan', verifiedAt: Date.now() });
  const state = stateOf(peer, messages, { transfers: { [offer.id]: offer, [sent.id]: sent } });
  return { kind: 'show', peer: BOB, state, fileBase: `${PAGE_ORIGIN}/files`, locale: 'fa' };
}

/** Runs in the page. What is seen and what is read out, but for what people have written. */
function wordsOnPage(): string[] {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words: string[] = [];
  while (texts.nextNode()) words.push(texts.currentNode.textContent ?? '');
  for (const element of document.body.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'])
      words.push(element.getAttribute(name) ?? '');
  return words.map((text) => text.trim()).filter((text) => text !== '');
}

function english(words: readonly string[]): string[] {
  return words.filter((text) => /[a-z]{2,}/i.test(text.replace(NOT_WORDS, '')));
}
