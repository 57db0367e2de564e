// One window of the editor, for tests that do what a person does.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/setup/places.mjs';
import { centreOf, dropFiles } from './handOver.ts';
import { quoted } from './locators.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quickInput.ts';
import { TreeView } from './treeView.ts';
import { findWebview, type WebviewFrame } from './webviewFrame.ts';

/** 2.5 s on an idle machine. */
const OPEN_MS = 60_000;
const ACTION_MS = 15_000;
const LOG_LINES = 1_000;

const screenshotFolder = path.join(root, 'test-results', 'screenshots');

export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  /** The newest lines of the page's console, and its errors: for when something fails. */
  readonly consoleLines: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    page.setDefaultTimeout(ACTION_MS);
    page.on('console', (message) => this.#keep(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => this.#keep(`page error ${error.message}`));
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'commit' });
    await this.#ready();
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.#ready();
  }

  /** Its extension host ends with it. */
  async close(): Promise<void> {
    await this.page.close();
  }

  /** Runs the command that the palette shows under exactly this label, "Category: Title". */
  async runCommand(label: string): Promise<void> {
    await this.quickInput.runCommand(label);
  }

  /** Opens a view container from the activity bar and gives one of its views. */
  async openView(container: string, view: string): Promise<TreeView> {
    const entry = this.activity(container);
    await entry.waitFor();
    // A second click would close it.
    if ((await entry.getAttribute('aria-expanded')) !== 'true') await entry.click();
    const tree = new TreeView(this.page, view);
    await tree.pane.waitFor();
    return tree;
  }

  /** The entry in the activity bar; its badge is `.badge-content`. */
  activity(container: string): Locator {
    const label = this.page.locator(`.action-label[aria-label^=${quoted(container)}]`);
    return this.page.locator('.part.activitybar .action-item').filter({ has: label });
  }

  /** @param id "publisher.name.item", as VS Code makes it from createStatusBarItem's id */
  statusBarItem(id: string): Locator {
    return this.page.locator(`.part.statusbar .statusbar-item[id=${quoted(id)}]`);
  }

  editorTab(title: string | RegExp): Locator {
    return this.page.locator('.part.editor .tab', { hasText: title });
  }

  /** @param marker a selector that matches in this webview's document and in no other one's */
  webview(marker: string): Promise<WebviewFrame> {
    return findWebview(this.page, marker);
  }

  /** Drops files from outside on something of the workbench itself, such as a row of a tree. */
  async dropFiles(on: Locator, ...files: string[]): Promise<void> {
    await dropFiles(this.page, files, await centreOf(on), false);
  }

  /** Answers a modal dialog. */
  async answerDialog(label: string): Promise<void> {
    await this.page
      .locator('.monaco-dialog-box .dialog-buttons')
      .getByRole('button', { name: label })
      .click();
  }

  /** What a modal dialog says, its detail included. */
  async dialogText(): Promise<string> {
    return this.page.locator('.monaco-dialog-box .dialog-message-container').innerText();
  }

  async dialogGone(): Promise<void> {
    await this.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  }

  /** Waits for a passing message in the status bar. */
  async statusBarText(text: string): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).waitFor();
  }

  /** Opens a link of the editor's own scheme and lets it through to its extension, as somebody does who clicks it elsewhere. */
  async openLink(link: string): Promise<void> {
    await this.runCommand('Developer: Open URL');
    await this.quickInput.message('URL to open');
    await this.quickInput.answer(link);
    await this.answerDialog('Open');
  }

  async clipboardText(): Promise<string> {
    await this.page.bringToFront();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Writes test-results/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshotFolder, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshotFolder, `${name}.png`) });
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: OPEN_MS });
  }

  #keep(line: string): void {
    this.consoleLines.push(line);
    if (this.consoleLines.length > LOG_LINES) this.consoleLines.shift();
  }
}
