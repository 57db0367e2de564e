// All chat panels of this window: at most one per person, and back after a reload.

import { type Disposable, ViewColumn, type WebviewPanel, window } from 'vscode';
import { turns } from '../../base/turns.ts';
import { type Fingerprint, parseFingerprint } from '../../contract/fingerprint.ts';
import type { SavedPanel } from '../../contract/panel.ts';
import { COMMANDS } from '../commands.ts';
import { inTime } from '../inTime.ts';
import { l10n } from '../l10n.ts';
import { connectQuietly } from '../peers/connecting.ts';
import { personFor } from '../peers/pickPerson.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { ChatPanel } from './chatPanel.ts';
import { titleOf } from './chatTab.ts';
import { sleepingTab, wake } from './sleepingTab.ts';
import { keepLeft } from './unheard.ts';

/** Also in package.json, as an activation event. */
export const CHAT_PANEL_TYPE = 'hamta.chat';
/** The editor takes some tens of ms; a tab that turns out to be another one's is not waited for any longer. */
const WAKING_MS = 1_000;

export class ChatPanels implements Disposable {
  readonly #services: Services;
  readonly #panels = new Map<Fingerprint, { panel: WebviewPanel; chat: ChatPanel }>();
  readonly #inTurn = turns();
  #onRestored = (): void => {};

  constructor(services: Services) {
    this.#services = services;
  }

  /** Registers the command that opens a panel and the serializer that brings panels back. */
  register(): Disposable[] {
    return [
      ...registerCommands(this.#services.failures, {
        [COMMANDS.openChat]: async (argument) => {
          const peer = await personFor(this.#services, argument, l10n.t('Chat with whom?'));
          if (peer !== undefined) await this.open(peer);
        },
      }),
      window.registerWebviewPanelSerializer(CHAT_PANEL_TYPE, {
        deserializeWebviewPanel: async (panel, saved) => this.#restore(panel, saved),
      }),
      this,
    ];
  }

  /**
   * One after the other: a double click opens one chat, however long its tab takes to wake. `order`: at that message.
   */
  open(peer: Fingerprint, order?: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#open(peer);
      if (order !== undefined) this.#panels.get(peer)?.chat.goTo(order);
    });
  }

  /** A person can see this conversation right now. */
  isWatched(peer: Fingerprint): boolean {
    return this.#panels.get(peer)?.chat.isWatched ?? false;
  }

  /** This conversation is on the screen, whether or not the window has the focus. */
  isVisible(peer: Fingerprint): boolean {
    return this.#panels.get(peer)?.chat.isVisible ?? false;
  }

  dispose(): void {
    for (const { chat } of this.#panels.values()) chat.dispose();
    this.#panels.clear();
  }

  async #open(peer: Fingerprint): Promise<void> {
    const person = this.#services.engine.state?.peers[peer];
    connectQuietly(this.#services, person);
    const title = person === undefined ? l10n.t('Chat') : titleOf(person, this.#services.language);
    if (!this.#panels.has(peer)) await this.#wake(title);
    const open = this.#panels.get(peer);
    if (open === undefined) this.#create(peer, title);
    else open.panel.reveal();
  }

  /** Where a tab of this title sleeps, its panel is in `#panels` afterwards. */
  async #wake(title: string): Promise<void> {
    const tab = sleepingTab(CHAT_PANEL_TYPE, title);
    // Two people may have one name: then the tab is the other one's.
    if (tab === undefined || [...this.#panels.values()].some(({ panel }) => panel.title === title)) return;
    const restored = new Promise<void>((resolve) => {
      this.#onRestored = resolve;
    });
    if (await wake(tab)) await inTime(restored, WAKING_MS).catch(() => {});
  }

  #create(peer: Fingerprint, title: string): void {
    const panel = window.createWebviewPanel(CHAT_PANEL_TYPE, title, ViewColumn.Active, {});
    this.#adopt(panel, peer, { isNew: true });
  }

  /** Total: an older version may have saved anything. */
  #restore(panel: WebviewPanel, saved: unknown): void {
    const left: Partial<SavedPanel> = typeof saved === 'object' && saved !== null ? saved : {};
    const peer = parseFingerprint(left.peer);
    const isSecond = peer !== undefined && this.#panels.has(peer);
    if (isSecond) void keepLeft(this.#services, peer, left);
    if (peer === undefined || isSecond) panel.dispose();
    else this.#adopt(panel, peer, { isNew: false });
    this.#onRestored();
  }

  /** `isNew`: its page has no draft of its own from before a reload. */
  #adopt(panel: WebviewPanel, peer: Fingerprint, { isNew }: { readonly isNew: boolean }): void {
    const chat = new ChatPanel(panel, peer, this.#services, isNew);
    this.#panels.set(peer, { panel, chat });
    panel.onDidDispose(() => {
      chat.closed();
      this.#panels.delete(peer);
    });
  }
}
