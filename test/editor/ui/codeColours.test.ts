// Code in the chat page can be read in the editor's light themes too, whose colours for it are made for icons and larger signs.

import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { dressPage, openChatPage } from '../../support/editor/chatPageAlone.ts';
import { bob, messageAt, showing, stateOf } from '../../webview/support/conversation.ts';

/** WCAG 2.2, 1.4.3, for text of this size. */
const LEAST_CONTRAST = 4.5;
const CODE = [
  '```ts',
  'export async function answer(url: string, tries = 42): Promise<Response> {',
  '  return { text: "a string", url }; // of course',
  '}',
  '```',
].join('\n');
const OF_ALL = {
  'debugTokenExpression-boolean': '#0000ff',
  'debugTokenExpression-string': '#a31515',
  'debugTokenExpression-number': '#098658',
  'symbolIcon-functionForeground': '#652d90',
  'symbolIcon-variableForeground': '#007acc',
  'editor-background': '#ffffff',
};
/** As they are in the editor. */
const THEMES = {
  'Light Modern': {
    ...OF_ALL,
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'textCodeBlock-background': '#f8f8f8',
    'debugTokenExpression-type': '#4a90e2',
  },
  'Light High Contrast': {
    ...OF_ALL,
    foreground: '#292929',
    descriptionForeground: 'rgba(41, 41, 41, 0.7)',
    'textCodeBlock-background': '#f2f2f2',
    'debugTokenExpression-type': '#292929',
  },
};

describe('The colours of code', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const [theme, colours] of Object.entries(THEMES))
    it(`stand out enough from what is behind them in ${theme}`, async () => {
      const said = messageAt(1, 'peer', { body: { kind: 'text', text: CODE } });
      const page = await openChatPage(browser, { shown: showing(stateOf(bob(), [said])) });
      await dressPage(page, colours);
      await page.locator('.token').first().waitFor();
      const contrasts = await page.locator('.token').evaluateAll(contrastsOf);
      await page.close();
      assert.ok(contrasts.length >= 8);
      assert.deepEqual(
        contrasts.filter(({ contrast }) => contrast < LEAST_CONTRAST),
        [],
      );
    });
});

/** Runs in the page. Nothing behind a block of code shines through it. */
function contrastsOf(tokens: Element[]): { kind: string; contrast: number }[] {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (canvas === null) return [];
  return tokens.map((token) => {
    const behind = getComputedStyle(token.closest('.code-block') ?? token).backgroundColor;
    const [dark = 0, light = 0] = [
      luminanceOf(behind),
      luminanceOf(behind, getComputedStyle(token).color),
    ].sort((a, b) => a - b);
    return { kind: token.className, contrast: (light + 0.05) / (dark + 0.05) };
  });

  function luminanceOf(...layers: string[]): number {
    for (const layer of layers) {
      if (canvas === null) break;
      canvas.fillStyle = layer;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].map((part) =>
      part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
