// The chat page as the extension draws it, in a browser without an editor around it; the extension's side is played by the test.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root as checkout } from '../../../scripts/setup/places.mjs';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import { chatPage } from '../../../src/extension/chat/chatPage.ts';

/** Where the page, and the files that are shown in it, seem to come from. */
export const PAGE_ORIGIN = 'http://page.test';

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

export interface AloneOptions {
  /** `fa` speaks Persian; without it the page speaks English. */
  readonly locale?: 'fa';
  readonly width?: number;
  readonly height?: number;
  /** What the page is to show once it is there. */
  readonly shown: ToPanel;
  /** Called with each intent of the page. */
  readonly onIntent?: (intent: FromPanel) => void;
}

/** Needs a build. */
export async function openChatPage(browser: Browser, options: AloneOptions): Promise<Page> {
  const { locale, width = 700, height = 800, shown, onIntent } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  const html = chatPage({
    ...{ script: '/webview.js', highlighter: '/highlighter.js', style: '/webview.css', source: PAGE_ORIGIN },
    ...{ nonce: 'abc', locale: locale ?? 'en', title: 'bob', words: await wordsOf(locale) },
  });
  await page.route(`${PAGE_ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
    const file = path.join('dist', path.basename(pathname));
    if (pathname === '/webview.css') return route.fulfill({ body: THEME + (await inCheckout(file)) });
    return route.fulfill({ path: path.join(checkout, file) });
  });
  await page.exposeFunction('told', (intent: FromPanel) => {
    onIntent?.(intent);
    return intent.kind === 'ready' && tellPage(page, shown);
  });
  await page.addInitScript(() => {
    const { told } = globalThis as unknown as { told: (intent: unknown) => void };
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({ postMessage: told, getState: () => undefined, setState: () => undefined }),
    });
  });
  await page.goto(`${PAGE_ORIGIN}/`);
  return page;
}

export async function tellPage(page: Page, message: ToPanel): Promise<void> {
  await page.evaluate((said) => window.postMessage(said, '*'), message);
}

/** The editor's colours, by the names that its page has for them, without `--vscode-`. */
export async function dressPage(page: Page, colours: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((values) => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(`--vscode-${name}`, value);
  }, colours);
}

export async function shootPage(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(checkout, 'test-results', 'screenshots', `${name}.png`) });
}

async function wordsOf(locale: AloneOptions['locale']): Promise<Record<string, string> | undefined> {
  return locale === undefined ? undefined : JSON.parse(await inCheckout(`l10n/bundle.l10n.${locale}.json`));
}

function inCheckout(file: string): Promise<string> {
  return readFile(path.join(checkout, file), 'utf8');
}
