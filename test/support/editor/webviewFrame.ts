// The document inside a webview. VS Code nests it in two frames, and the outer one floats over the layout, so that it is
// found by something that only its own document holds.
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { centreOf, copyImage, dropFiles } from './handOver.ts';
import { quoted } from './locators.ts';

const FIND_MS = 20_000;
const LOOK_AGAIN_MS = 100;

export class WebviewFrame {
  readonly #page: Page;
  readonly document: FrameLocator;

  constructor(page: Page, document: FrameLocator) {
    this.#page = page;
    this.document = document;
  }

  locator(selector: string, options?: Parameters<FrameLocator['locator']>[1]): Locator {
    return this.document.locator(selector, options);
  }

  /** Copies a PNG and pastes it with the keyboard into the element. */
  async pasteImage(into: string, png: Uint8Array): Promise<void> {
    await copyImage(this.#page, png);
    await this.locator(into).click();
    await this.#page.keyboard.press('ControlOrMeta+V');
  }

  /** Drops files on the element with Shift held, which a webview in the editor area needs. */
  async dropFiles(on: string, ...files: string[]): Promise<void> {
    await dropFiles(this.#page, files, await centreOf(this.locator(on)), true);
  }
}

/** @param marker a selector that matches in this webview's document and in no other one's */
export async function findWebview(page: Page, marker: string): Promise<WebviewFrame> {
  const deadline = Date.now() + FIND_MS;
  for (;;) {
    const name = await nameOfFrameHolding(page, marker);
    if (name) return new WebviewFrame(page, documentIn(page.locator(`iframe.webview[name=${quoted(name)}]`)));
    if (Date.now() > deadline) throw new Error(`No webview on the screen holds ${marker}.`);
    await page.waitForTimeout(LOOK_AGAIN_MS);
  }
}

async function nameOfFrameHolding(page: Page, marker: string): Promise<string | undefined> {
  for (const frame of await page.locator('iframe.webview.ready').all()) {
    // A frame may go while it is looked at: then it is not the one.
    const name = await nameIfHolding(frame, marker).catch(() => undefined);
    if (name) return name;
  }
  return undefined;
}

async function nameIfHolding(frame: Locator, marker: string): Promise<string | undefined> {
  if (!(await frame.isVisible())) return undefined;
  if ((await frame.contentFrame().locator('iframe#active-frame').count()) === 0) return undefined;
  const count = await documentIn(frame).locator(marker).count();
  return count > 0 ? ((await frame.getAttribute('name')) ?? undefined) : undefined;
}

function documentIn(frame: Locator): FrameLocator {
  return frame.contentFrame().locator('iframe#active-frame').contentFrame();
}
