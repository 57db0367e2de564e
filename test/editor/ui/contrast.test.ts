// Whether all that the chat page says can be told from its ground, in the colours of the editor's own light and dark themes: by the
// ratios of WCAG 2.2, 4.5 for text (1.4.3) and 3 for signs (1.4.11). What is disabled is exempt.

import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { dressPage, openChatPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf, transferOf } from '../../webview/support/conversation.ts';

type Theme = Readonly<Record<string, string>>;

/** What these say that the page uses, in VS Code 1.139. */
const LIGHT_2026: Theme = {
  ...{ foreground: '#202020', descriptionForeground: '#606060', 'icon-foreground': '#606060' },
  ...{ 'editor-background': '#ffffff', 'chat-requestBubbleBackground': 'rgba(0, 105, 204, 0.07)' },
  ...{ 'textLink-foreground': '#0069cc', 'charts-green': '#388a34', 'testing-iconPassed': '#73c991' },
  'input-background': '#ffffff',
};
const DARK_2026: Theme = {
  ...{ foreground: '#bfbfbf', descriptionForeground: '#8c8c8c', 'icon-foreground': '#8c8c8c' },
  ...{ 'editor-background': '#121314', 'chat-requestBubbleBackground': 'rgba(255, 255, 255, 0.07)' },
  ...{ 'textLink-foreground': '#48a0c7', 'charts-green': '#86cf86', 'testing-iconPassed': '#73c991' },
  'input-background': '#191a1b',
};

describe('The colours of the chat page', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const [name, theme] of Object.entries({ LIGHT_2026, DARK_2026 }))
    it(`let everything be told from its ground: ${name}`, async () => {
      const page = await openChatPage(browser, { shown });
      await page.locator('article').last().waitFor();
      await dressPage(page, theme);
      assert.deepEqual(await page.evaluate(tooPale), []);
      await page.close();
    });
});

/** Somebody verified, a file that has arrived, and an answer of mine, with all of its marks. */
const done = transferOf({ name: 'a.zip', mediaType: 'x', state: { kind: 'done', at: 0, sha256: '' } });
const quote = { id: 'id 1', order: 1, from: 'peer', excerpt: 'text 1' } as const;
const messages = [
  messageAt(1, 'peer', { body: { kind: 'transfer', transferId: done.id } }),
  messageAt(2, 'me', { replyTo: quote }),
  messageAt(3, 'peer', { body: { kind: 'deleted' } }),
];
const them = bob({ verifiedAt: 0, path: 'lan', receipts: { sent: 2, delivered: 2, read: 2 } });
const shown = showing(stateOf(them, messages, { transfers: { [done.id]: done } }));

/** Runs in the page. */
function tooPale(): string[] {
  type Colour = readonly [number, number, number, number];
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const layered = (colours: readonly string[]): Colour => {
    if (pen === null) throw new Error('the page cannot draw');
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data] as unknown as Colour;
  };
  const luminance = (colour: Colour) => {
    const [r = 0, g = 0, b = 0] = colour
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundsOf = (part: Element | null): string[] =>
    part === null ? [] : [...groundsOf(part.parentElement), getComputedStyle(part).backgroundColor];
  const ratioOf = (part: Element) => {
    const grounds = groundsOf(part);
    const [one, other] = [layered(grounds), layered([...grounds, getComputedStyle(part).color])].map(
      luminance,
    );
    const [dark = 0, light = 0] = [one ?? 0, other ?? 0].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const saysSomething = (part: Element) =>
    [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
  const isShown = (part: Element) => part.getBoundingClientRect().width > 1 && !part.closest(':disabled');
  const parts = [...document.querySelectorAll('#root *')].filter(isShown);
  const pale = parts.filter((part) =>
    part.matches('.codicon') ? ratioOf(part) < 3 : saysSomething(part) && ratioOf(part) < 4.5,
  );
  return pale.map((part) => `${part.className} ${part.textContent} ${ratioOf(part).toFixed(2)}`);
}
