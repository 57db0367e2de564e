// The chat page as a Persian editor shows it: its words and its direction. The page is the one that the extension draws, in a
// browser without an editor around it; the extension's side is played by the test.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root as checkout } from '../../../scripts/setup/places.mjs';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import { chatPage } from '../../../src/extension/chat/chatPage.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { BOB, bob, messageAt, stateOf, transferOf } from '../../webview/support/conversation.ts';

const ORIGIN = 'http://page.test';
/** Names of keys stay as keyboards have them, a file's as its owner has it. */
const NOT_WORDS = /\b(Ctrl|Shift|Enter|Esc|trace\.png)\b/g;

/** Some of what an editor says in a dark theme. */
const THEME = `:root {
  --vscode-font-family: system-ui, sans-serif;
  --vscode-foreground: #ccc;
  --vscode-descriptionForeground: #9d9d9d;
  --vscode-icon-foreground: #ccc;
  --vscode-focusBorder: #0078d4;
  --vscode-errorForeground: #f85149;
  --vscode-widget-border: #313131;
  --vscode-widget-shadow: #0006;
  --vscode-textLink-foreground: #4daafc;
  --vscode-editor-background: #1f1f1f;
  --vscode-list-inactiveSelectionBackground: #37373d;
  --vscode-input-background: #313131;
  --vscode-input-border: #3c3c3c;
  --vscode-input-foreground: #ccc;
  --vscode-input-placeholderForeground: #989898;
  --vscode-button-background: #0078d4;
  --vscode-button-foreground: #fff;
  --vscode-button-secondaryBackground: #313131;
  --vscode-button-secondaryForeground: #ccc;
  --vscode-menu-background: #1f1f1f;
  --vscode-menu-border: #454545;
  --vscode-menu-foreground: #ccc;
  --vscode-menu-selectionBackground: #0078d4;
  --vscode-menu-selectionForeground: #fff;
  --vscode-progressBar-background: #0078d4;
  --vscode-testing-iconPassed: #73c991;
}
`;

describe('The chat page of a Persian editor', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await openPage(browser);
  });

  after(() => browser.close());

  it('runs from right to left', async () => {
    await page.locator('article').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'fa');
    const left = async (selector: string) => (await page.locator(selector).first().boundingBox())?.x ?? -1;
    assert.ok((await left('h1')) > (await left('.header-buttons')), 'the name is at the right');
    assert.ok((await left('textarea')) > (await left('.composer-buttons')), 'writing begins at the right');
    assert.ok((await left('.theirs .bubble')) > (await left('.mine .bubble')), 'theirs are at the right');
  });

  it('says all in Persian: what stands there, and what is read out', async () => {
    const words = await page.evaluate(wordsOnPage);
    assert.ok(words.includes('پیام‌های تازه') && words.includes('پذیرفتن'), words.join('\n'));
    assert.deepEqual(english(words), []);
    await shoot(page, '42-persian');
  });

  it('has its menu and its search in Persian, too', async () => {
    await page.locator('.mine .bubble').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'واکنش‌های بیشتر' }).click();
    assert.deepEqual(english(await page.evaluate(wordsOnPage)), []);
    await shoot(page, '43-persian-menu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+F');
    await page.locator('.search-field input').waitFor();
    assert.deepEqual(english(await page.evaluate(wordsOnPage)), []);
  });

  it('says in Persian what did not work', async () => {
    await tell(page, {
      kind: 'failed',
      failure: { code: 'connectionUnanswered', details: { name: 'باب', seconds: 60 } },
    });
    await page.locator('.notice.trouble', { hasText: 'پاسخ نداد' }).waitFor();
  });
});

async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 700, height: 800 } });
  const html = chatPage({
    ...{ script: '/webview.js', highlighter: '/highlighter.js', style: '/webview.css', source: ORIGIN },
    ...{
      nonce: 'abc',
      locale: 'fa',
      title: 'باب',
      words: await inCheckout('l10n/bundle.l10n.fa.json').then(JSON.parse),
    },
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
    const file = path.join('dist', path.basename(pathname));
    if (pathname === '/webview.css') return route.fulfill({ body: THEME + (await inCheckout(file)) });
    return route.fulfill({ path: path.join(checkout, file) });
  });
  await page.exposeFunction('told', (intent: FromPanel) => intent.kind === 'ready' && tell(page, shown()));
  await page.addInitScript(() => {
    const { told } = globalThis as unknown as { told: (intent: unknown) => void };
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({ postMessage: told, getState: () => undefined, setState: () => undefined }),
    });
  });
  await page.goto(`${ORIGIN}/`);
  return page;
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
  return { kind: 'show', peer: BOB, state, fileBase: `${ORIGIN}/files`, locale: 'fa' };
}

async function tell(page: Page, message: ToPanel): Promise<void> {
  await page.evaluate((said) => window.postMessage(said, '*'), message);
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

function inCheckout(file: string): Promise<string> {
  return readFile(path.join(checkout, file), 'utf8');
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(checkout, 'test-results', 'screenshots', `${name}.png`) });
}
