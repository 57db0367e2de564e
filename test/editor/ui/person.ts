// What a person of these tests does again and again, in the words of the product.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import { exactly } from '../../support/editor/locators.ts';
import { startWithConversation } from '../../support/editor/seededEditor.ts';
import type { TreeView } from '../../support/editor/treeView.ts';
import type { WebviewFrame } from '../../support/editor/webviewFrame.ts';
import type { Workbench } from '../../support/editor/workbench.ts';
import type { Town } from '../../support/engines.ts';
import type { TestWindow } from '../../support/testWindow.ts';

export class Person {
  readonly user: EditorUser;
  readonly window: Workbench;
  readonly peers: TreeView;

  private constructor(user: EditorUser, window: Workbench, peers: TreeView) {
    this.user = user;
    this.window = window;
    this.peers = peers;
  }

  /** @param folder what the window is opened on: windows on different folders are different windows */
  static async at(user: EditorUser, folder?: string): Promise<Person> {
    const window = await user.openWindow(folder);
    return new Person(user, window, await window.openView('Hamta', 'Peers'));
  }

  /** Sara, in an editor of her own: signed up at the town's registry. */
  static async sara(
    browser: Browser,
    { registryUrl }: Town,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Person> {
    const settings = { 'hamta.registryUrl': registryUrl, ...more };
    return Person.#joined(await EditorUser.start(browser, { name: 'sara', settings }));
  }

  /** Sara, as above, to whom dara, who is away, has written `count` messages: `textOf(i)` is that of message `i`, from 1. */
  static async saraWithConversation(
    browser: Browser,
    { registryUrl }: Town,
    count: number,
    textOf: (i: number) => string,
  ): Promise<Person> {
    const options = { name: 'sara', settings: { 'hamta.registryUrl': registryUrl } };
    const message = (i: number) => ({ from: 'peer' as const, text: textOf(i) });
    return Person.#joined(await startWithConversation(browser, options, { count, message, stepMs: 60_000 }));
  }

  static async #joined(user: EditorUser): Promise<Person> {
    const person = await Person.at(user);
    await person.join();
    return person;
  }

  /** Gives the name to the box that is open, or opens it. */
  async signUp(name: string): Promise<void> {
    await this.window.runCommand('Hamta: Sign Up');
    await this.window.quickInput.step('Choose a name');
    await this.window.quickInput.answer(name);
  }

  /** Signs up under this person's own name. Resolves once the tree says that the registry has it. */
  async join(): Promise<void> {
    const { name } = this.user;
    await this.signUp(name);
    await this.peers.rowSaying(`${name} (me)`, 'registry ok').waitFor();
  }

  /**
   * The person of `other` asks this one, who has joined, to connect; this one accepts in the tree. Resolves with who this person is
   * once both see the other connected.
   */
  async befriendedBy(other: TestWindow): Promise<Fingerprint> {
    const { peer } = await other.request('lookUp', { name: this.user.name });
    const { name } = other.state.me;
    assert.ok(name !== undefined, 'not signed up');
    const connected = other.request('connect', { peer });
    await this.peers.rowSaying(name, 'wants to connect').waitFor();
    await this.peers.inlineAction(name, 'Accept');
    await connected;
    await other.peer(peer, ({ link }) => link === 'connected');
    await this.peers.rowSaying(name, 'this machine').waitFor();
    return peer;
  }

  async askAddressOf(name: string): Promise<void> {
    await this.window.runCommand('Hamta: Show Address');
    await this.window.quickInput.step('Whose address?');
    await this.window.quickInput.answer(name);
  }

  /** Opens the chat with somebody from the tree. */
  async openChat(name: string): Promise<Chat> {
    await this.peers.click(name);
    await this.window.editorTab(name).waitFor();
    return new Chat(await this.window.webview('.header'));
  }

  /** The number on the activity bar, once it is this; '' is none. */
  async badge(value: string): Promise<void> {
    const entry = this.window.activity('Hamta').locator('.badge');
    if (value === '') await entry.waitFor({ state: 'hidden' });
    else await entry.filter({ hasText: exactly(value) }).waitFor();
  }

  /** What settings.json of this person holds. */
  async settings(): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(path.join(this.user.folders.user, 'settings.json'), 'utf8'));
  }

  /** The files anywhere below a folder of this person's own, by name. Where one goes while it is read, they are read once more. */
  async files(...folder: string[]): Promise<Map<string, Buffer>> {
    const entries = await readdir(path.join(this.user.root, ...folder), {
      withFileTypes: true,
      recursive: true,
    });
    const files = entries.filter((entry) => entry.isFile());
    const found = files.map(
      async ({ name, parentPath }) => [name, await readFile(path.join(parentPath, name))] as const,
    );
    try {
      return new Map(await Promise.all(found));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return this.files(...folder);
    }
  }
}

/** A chat panel's page. */
export class Chat {
  readonly page: WebviewFrame;
  readonly composer: Locator;

  constructor(page: WebviewFrame) {
    this.page = page;
    this.composer = page.locator('textarea');
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Waits until the composer holds this. */
  async holds(text: string): Promise<void> {
    await this.composer.evaluate(
      (field, wanted) =>
        new Promise<void>((resolve) => {
          const look = () =>
            (field as HTMLTextAreaElement).value === wanted ? resolve() : requestAnimationFrame(look);
          look();
        }),
      text,
    );
  }

  /** The bubble or card that holds this text, the newest where there are several. */
  message(text: string | RegExp): Locator {
    return this.page.locator('article', { hasText: text }).last();
  }

  /** The mark beside a message of one's own: `queued`, `sent`, `delivered` or `read`. */
  receipt(text: string | RegExp, state: string): Locator {
    return this.message(text).locator(`.receipt.${state}`);
  }

  button(label: string): Locator {
    return this.page.document.getByRole('button', { name: label, exact: true }).last();
  }
}
