// The cards of pictures and files in the chat page, whatever their size, their name and the room there is.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ToPanel } from '../../../src/contract/panel.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, PAGE_ORIGIN, shootPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { BOB, bob, messageAt, stateOf, transferOf } from '../../webview/support/conversation.ts';

const done = { kind: 'done', at: 0, sha256: '' } as const;
/** All are drawn at once. */
const HEIGHT = 3_000;
const LONG = `${'a-really-remarkably-long-file-name-'.repeat(4)}2026-11-20.final.v2.png`;
const CARDS: readonly Partial<Transfer>[] = [
  { name: 'tiny.png', width: 2, height: 2, direction: 'send', metadata: 'kept' },
  { name: 'icon.png', width: 16, height: 16 },
  { name: 'tower.png', width: 200, height: 3_000, state: done, path: '/home/sara/tower.png' },
  { name: LONG, width: 640, height: 480, direction: 'send', metadata: 'removed' },
  {
    ...{ name: 'گزارش نهایی (v2).pdf', mediaType: 'application/pdf', direction: 'send' },
    state: { kind: 'running', bytes: 100_000, bytesPerSecond: 1_000, attempt: 2 },
  },
];

describe('The cards of pictures and files', () => {
  let browser: Browser;
  const pages: Page[] = [];
  const open = async (width: number): Promise<Page> => {
    const page = await openChatPage(browser, { width, height: HEIGHT, shown: shown() });
    pages.push(page);
    await page
      .locator('.card')
      .nth(CARDS.length - 1)
      .waitFor();
    return page;
  };

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });
  after(() => browser.close());

  it('have room for what is said and asked, however small the picture is', async () => {
    const page = await open(700);
    await shootPage(page, '70-cards');
    assert.deepEqual(await page.evaluate(clipped), []);
    const widths = await page
      .locator('.card')
      .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().width));
    assert.ok(Math.min(...widths) >= 262, widths.join());
    const tops = await page
      .locator('.card.question .button')
      .evaluateAll((answers) => answers.map((answer) => answer.getBoundingClientRect().top));
    assert.deepEqual([tops.length, new Set(tops).size], [3, 1], 'its three answers stand side by side');
  });

  it('are cut nowhere in a panel of 170 pixels', async () => {
    const page = await open(170);
    await shootPage(page, '71-cards-narrow');
    assert.deepEqual(await page.evaluate(clipped), []);
  });

  it('keep a file’s size as far from a Persian name as from an English one', async () => {
    const page = await open(700);
    const gaps = await page.locator('.card .caption-words').evaluateAll((captions) =>
      captions
        .map((caption) => [...caption.children].map((child) => child.getBoundingClientRect()))
        .filter(([name, facts]) => name?.top === facts?.top)
        .map(([name, facts]) => Math.round((facts?.left ?? 0) - (name?.right ?? 0))),
    );
    assert.ok(gaps.length >= 2);
    assert.equal(new Set(gaps).size, 1, gaps.join());
  });

  it('have what can be done begin where the words do', async () => {
    const page = await open(700);
    const starts = await page
      .locator('.card:has(.button.link)')
      .evaluateAll((cards) =>
        cards.map((card) =>
          ['.card-status', '.button.link .codicon'].map(
            (part) => card.querySelector(part)?.getBoundingClientRect().left,
          ),
        ),
      );
    assert.ok(starts.length >= 3);
    for (const [words, sign] of starts) assert.equal(sign, words);
  });

  it('tell whoever hears the page how a transfer has ended', async () => {
    const page = await open(700);
    const { transfers } = shown().state;
    const running = Object.values(transfers).find(({ state }) => state.kind === 'running');
    assert.ok(running !== undefined);
    assert.equal(await page.locator('.endings').innerText(), '');
    const transfer = { ...running, state: done };
    await tellPage(page, { kind: 'event', event: { kind: 'transferChanged', transfer } });
    await page.locator('.endings', { hasText: /pdf: saved and verified by/ }).waitFor({ state: 'attached' });
  });

  it('tell whoever hears the page when they were sent, and how far they have got', async () => {
    const page = await open(700);
    await page.getByRole('article', { name: /^You tiny\.png .* 9:01 AM Waiting: goes when/ }).waitFor();
    await page.getByRole('article', { name: /^bob icon\.png .* 9:02 AM$/ }).waitFor();
  });

  it('hold still for whoever has told the editor to move less', async () => {
    const page = await open(700);
    const moving = () =>
      page
        .locator('.progress-done')
        .evaluateAll(
          (bars) => bars.filter((bar) => getComputedStyle(bar).transitionDuration !== '0s').length,
        );
    assert.equal(await moving(), 1);
    await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await moving(), 0);
  });
});

function shown(): Extract<ToPanel, { kind: 'show' }> {
  const transfers = CARDS.map((card, index) => transferOf({ id: String(index).repeat(32), ...card }));
  const messages = transfers.map(({ id, direction }, index) =>
    messageAt(index + 1, direction === 'send' ? 'me' : 'peer', {
      body: { kind: 'transfer', transferId: id },
    }),
  );
  const state = stateOf(bob(), messages, {
    transfers: Object.fromEntries(transfers.map((transfer) => [transfer.id, transfer])),
  });
  return { kind: 'show', peer: BOB, state, fileBase: `${PAGE_ORIGIN}/files`, locale: 'en' };
}

/** Runs in the page. What of a card reaches beyond the card, or the page. */
function clipped(): string[] {
  const beyond: string[] = [];
  for (const card of document.querySelectorAll('.card')) {
    const { left, right } = card.getBoundingClientRect();
    if (left < 0 || right > innerWidth) beyond.push(`a card of ${right - left} px`);
    for (const part of card.querySelectorAll('.file-name, .facts, .card-note, .card-status, .button')) {
      const place = part.getBoundingClientRect();
      if (place.left < left || place.right > right) beyond.push(part.textContent ?? '');
    }
  }
  return beyond;
}
