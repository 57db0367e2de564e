// The box at the top of the window: the command palette, quick picks, input boxes and, in a browser, file dialogs.
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { exactly } from './locators.ts';

/** The box is sometimes busy with its last answer when a key comes: then it is asked once more. */
const OPEN_TRIES = 4;
const OPEN_MS = 3_000;

export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  /** The field that is typed into. */
  readonly field: Locator;
  readonly rows: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator('.quick-input-widget:visible');
    this.field = this.#widget.locator('.quick-input-box input');
    this.rows = this.#widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs the command that the palette shows under exactly this label, "Category: Title". */
  async runCommand(label: string): Promise<void> {
    await this.#openPalette();
    await this.field.fill(`>${label}`);
    await this.row(label).click();
  }

  /** Waits for the step with this title. One and the same box shows all steps: without this, the next one might get the keys. */
  async step(title: string | RegExp): Promise<void> {
    await this.#widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  /** Waits for a prompt or for the words of a failed validation. */
  async message(text: string | RegExp): Promise<void> {
    await this.#widget.locator('.quick-input-message', { hasText: text }).waitFor();
  }

  /** Puts text into the box without an answer yet. */
  async fill(text: string): Promise<void> {
    await this.field.fill(text);
  }

  /** Puts text into the box and presses Enter. */
  async answer(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  async pick(label: string): Promise<void> {
    await this.row(label).click();
  }

  row(label: string): Locator {
    const name = this.#page.locator('.label-name', { hasText: exactly(label) });
    return this.rows.filter({ has: name }).first();
  }

  async labels(): Promise<string[]> {
    await this.rows.first().waitFor();
    const texts = await this.rows.locator('.label-name').allTextContents();
    return texts.map((text) => text.trim());
  }

  async closed(): Promise<void> {
    await this.#widget.waitFor({ state: 'hidden' });
  }

  /** Chooses a file in the file dialog, which in a browser is this box and lists the folder while one types. */
  async chooseFile(file: string): Promise<void> {
    // It begins with putting the start folder into the field, over what was typed before.
    await this.#widget.page().waitForFunction(isFileDialogReady);
    for (let left = OPEN_TRIES; left > 0; left--) {
      await this.field.fill(file);
      const listed = this.row(path.basename(file)).waitFor({ timeout: OPEN_MS });
      await listed.catch(() => undefined);
      await this.field.press('Enter');
      if (await this.#isGoneSoon()) return;
    }
    throw new Error(`The file dialog did not take ${file}.`);
  }

  async #openPalette(): Promise<void> {
    for (let left = OPEN_TRIES; left > 0; left--) {
      await this.#page.keyboard.press('F1');
      if (await isVisibleSoon(this.field)) return;
      // The keys went into a webview that does not pass them on: take the focus away from it.
      await this.#page.locator('.part.titlebar').click({ position: { x: 200, y: 5 } });
    }
    throw new Error('The command palette did not open.');
  }

  async #isGoneSoon(): Promise<boolean> {
    const gone = this.field.waitFor({ state: 'hidden', timeout: OPEN_MS });
    return gone.then(
      () => true,
      () => false,
    );
  }
}

function isVisibleSoon(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: OPEN_MS }).then(
    () => true,
    () => false,
  );
}

/** Runs in the page. */
function isFileDialogReady(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>('.quick-input-widget .quick-input-box input');
  const rows = document.querySelectorAll('.quick-input-widget .quick-input-list .monaco-list-row');
  return rows.length > 0 && [...fields].some((field) => /[\\/]/.test(field.value));
}
