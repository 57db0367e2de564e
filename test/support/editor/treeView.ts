// A tree in the side bar, as a person sees it. Only rows on the screen exist in the page.
import type { Locator, Page } from 'playwright-core';
import { exactly, quoted } from './locators.ts';

const HOVER_TRIES = 6;
const HOVER_MS = 2_000;
const MENU_TRIES = 3;
const MENU_MS = 6_000;

export interface TreeItem {
  /** 1 for a root. */
  readonly level: number;
  readonly label: string;
  readonly description: string;
  /** The codicon's name, where the icon is one. */
  readonly icon: string | undefined;
  /** What a screen reader says. */
  readonly spoken: string;
}

export class TreeView {
  readonly #page: Page;
  readonly pane: Locator;
  readonly rows: Locator;
  /** What is shown instead of rows while the tree is empty; its links are `a`, its buttons `.monaco-button`. */
  readonly welcome: Locator;

  /** @param name the view's name as its header shows it */
  constructor(page: Page, name: string) {
    this.#page = page;
    const header = page.locator(`.pane-header[aria-label^=${quoted(name)}]`);
    this.pane = page.locator('.part.sidebar .pane').filter({ has: header });
    this.rows = this.pane.locator('.monaco-list-row');
    this.welcome = this.pane.locator('.welcome-view-content');
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    const name = this.#page.locator('.label-name', { hasText: exactly(label) });
    return this.rows.filter({ has: name }).first();
  }

  /** The row once its description says this. */
  rowSaying(label: string, description: string | RegExp): Locator {
    return this.row(label).filter({
      has: this.#page.locator('.label-description', { hasText: description }),
    });
  }

  /** Runs the row's own command. The tooltip of a row where the mouse still rests may lie over this one. */
  async click(label: string): Promise<void> {
    await this.#page.mouse.move(0, 0);
    await this.row(label).click();
  }

  async expand(label: string): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    // The arrow: a click on the row runs its command instead.
    await row.locator('.monaco-tl-twistie').click();
    await this.pane
      .locator('.monaco-list-row[aria-expanded="true"]')
      .filter({ hasText: label })
      .first()
      .waitFor();
  }

  /**
   * Presses a button inside the row, which shows only under the mouse. Rows that move take themselves away from it, and the
   * tooltip of the row above may lie over this one: then the mouse comes again.
   */
  async inlineAction(label: string, title: string): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    for (let left = HOVER_TRIES; left > 0; left--) {
      await this.#page.mouse.move(0, 0);
      if (await succeeds(pressUnderMouse(row, title))) return;
    }
    throw new Error(`The button ${title} of the row ${label} could not be pressed.`);
  }

  /** Chooses from the row's context menu. Rows that are drawn anew take the menu away: then it is opened again. */
  async menuAction(label: string, title: string): Promise<void> {
    await this.row(label).waitFor();
    for (let left = MENU_TRIES; left > 0; left--) {
      if (await succeeds(this.#reachMenuEntry(label, title))) return this.#page.keyboard.press('Enter');
      // One that is still open would lie over the row.
      await this.#page.keyboard.press('Escape');
    }
    throw new Error(`The menu of the row ${label} did not stay open, or has no ${title}.`);
  }

  async openMenu(label: string): Promise<void> {
    await this.row(label).locator('.label-name').click({ button: 'right', timeout: MENU_MS });
    await this.#page.locator('.monaco-menu').first().waitFor({ timeout: MENU_MS });
  }

  /** By keyboard: a menu takes no click in its first moments. */
  async #reachMenuEntry(label: string, title: string): Promise<void> {
    await this.openMenu(label);
    await this.menuEntry(title).hover({ timeout: MENU_MS });
  }

  menuEntry(title: string): Locator {
    return this.#page.locator('.monaco-menu .action-item', { hasText: exactly(title) }).first();
  }

  /** All rows on the screen from top to bottom. */
  items(): Promise<TreeItem[]> {
    return this.rows.evaluateAll(readRows);
  }
}

async function pressUnderMouse(row: Locator, title: string): Promise<void> {
  await row.hover({ timeout: HOVER_MS });
  await row.locator(`.actions .action-label[aria-label^=${quoted(title)}]`).click({ timeout: HOVER_MS });
}

function succeeds(action: Promise<void>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}

/** Runs in the page. */
function readRows(rows: Element[]): TreeItem[] {
  const byPlace = rows.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  return byPlace.map((row) => {
    const icon = row.querySelector('.custom-view-tree-node-item-icon');
    const codicon = [...(icon?.classList ?? [])].find((name) => name.startsWith('codicon-'));
    return {
      level: Number(row.getAttribute('aria-level')),
      label: row.querySelector('.label-name')?.textContent?.trim() ?? '',
      description: row.querySelector('.label-description')?.textContent?.trim() ?? '',
      icon: codicon?.slice('codicon-'.length),
      spoken: row.getAttribute('aria-label') ?? '',
    };
  });
}
