// Toasts in the corner, and the notification centre that keeps them after they have gone.
import type { Locator, Page } from 'playwright-core';
import { exactly, quoted } from './locators.ts';

/** A toast that has not shown by then is looked for in the centre: a busy window can leave one out. */
const TOAST_MS = 8_000;

export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for the notification that holds this text, as a toast or, where it was missed, in the centre. */
  async waitFor(text: string | RegExp): Promise<Notification> {
    const row = this.#row(text);
    try {
      await row.waitFor({ timeout: TOAST_MS });
    } catch {
      await this.openCentre();
      await row.waitFor({ timeout: TOAST_MS });
    }
    return new Notification(row);
  }

  /** Waits for the toast that holds this text. */
  async toast(text: string | RegExp): Promise<Notification> {
    const row = this.#page
      .locator('.notifications-toasts .monaco-list-row')
      .filter({ hasText: text })
      .first();
    await row.waitFor();
    return new Notification(row);
  }

  /** The texts of all toasts that are shown now. */
  async texts(): Promise<string[]> {
    const toasts = this.#page.locator('.notifications-toasts .notification-list-item-message');
    return (await toasts.allTextContents()).map((text) => text.trim());
  }

  async openCentre(): Promise<void> {
    const centre = this.#page.locator('.notifications-center.visible');
    if (await centre.isVisible()) return;
    await this.#page.locator(`.statusbar-item[id=${quoted('status.notifications')}]`).click();
    await centre.waitFor();
  }

  #row(text: string | RegExp): Locator {
    const lists = '.notifications-toasts .monaco-list-row, .notifications-center.visible .monaco-list-row';
    return this.#page.locator(lists).filter({ hasText: text }).first();
  }
}

export class Notification {
  readonly row: Locator;
  readonly #buttons: Locator;

  constructor(row: Locator) {
    this.row = row;
    this.#buttons = row.locator('.notification-list-item-buttons-container .monaco-button');
  }

  async text(): Promise<string> {
    return (await this.row.locator('.notification-list-item-message').innerText()).trim();
  }

  async buttons(): Promise<string[]> {
    const texts = await this.#buttons.allTextContents();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  async press(label: string): Promise<void> {
    await this.row.hover();
    await this.#buttons.filter({ hasText: exactly(label) }).click();
  }

  async dismiss(): Promise<void> {
    await this.row.hover();
    await this.row.locator('.action-label.codicon-notifications-clear').click();
  }

  async gone(): Promise<void> {
    await this.row.waitFor({ state: 'hidden' });
  }

  /** `info`, `warning` or `error`. */
  async severity(): Promise<string | undefined> {
    const classes = await this.row.locator('.notification-list-item-icon').getAttribute('class');
    return /codicon-(info|warning|error)/.exec(classes ?? '')?.[1];
  }
}
