// The browser that shows the editor's windows in tests: one for a whole run, with a context of its own for each user.
import { type Browser, chromium as playwright } from 'playwright-core';
import { chromium, requireProgram } from '../../../scripts/systemPackages.ts';

/** A browser under test talks to nobody, needs no sandbox or graphics card, and slows nothing down that is not in front. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--no-first-run',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const launched = new Set<Browser>();

export async function launchBrowser(): Promise<Browser> {
  const browser = await playwright.launch({ executablePath: requireProgram(chromium), args: FLAGS });
  launched.add(browser);
  browser.once('disconnected', () => launched.delete(browser));
  return browser;
}

/** Ends those that are still open. */
export async function closeBrowsers(): Promise<void> {
  await Promise.all([...launched].map((browser) => browser.close()));
}
