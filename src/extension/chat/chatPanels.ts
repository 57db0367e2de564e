// All chat panels of this window: at most one per person, and back after a reload.

import { type Disposable, l10n, ViewColumn, type WebviewPanel, window } from 'vscode';
import { type Fingerprint, parseFingerprint } from '../../contract/fingerprint.ts';
import type { SavedPanel } from '../../contract/panel.ts';
import { COMMANDS } from '../commands.ts';
import { connectQuietly } from '../peers/connecting.ts';
import { personFor } from '../peers/pickPerson.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { ChatPanel } from './chatPanel.ts';

/** Also in package.json, as an activation event. */
export const CHAT_PANEL_TYPE = 'hamta.chat';

export class ChatPanels implements Disposable {
  readonly #services: Services;
  readonly #panels = new Map<Fingerprint, { panel: WebviewPanel; chat: ChatPanel }>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Registers the command that opens a panel and the serializer that brings panels back. */
  register(): Disposable[] {
    return [
      ...registerCommands(this.#services.failures, {
        [COMMANDS.openChat]: async (argument) => {
          const peer = await personFor(this.#services, argument, l10n.t('Chat with whom?'));
          if (peer !== undefined) this.open(peer);
        },
      }),
      window.registerWebviewPanelSerializer(CHAT_PANEL_TYPE, {
        deserializeWebviewPanel: async (panel, saved) => this.#restore(panel, saved),
      }),
      this,
    ];
  }

  open(peer: Fingerprint): void {
    const person = this.#services.engine.state?.peers[peer];
    connectQuietly(this.#services, person);
    const open = this.#panels.get(peer);
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const title = person?.name ?? l10n.t('Chat');
    const panel = window.createWebviewPanel(CHAT_PANEL_TYPE, title, ViewColumn.Active, {
      enableFindWidget: true,
    });
    this.#adopt(panel, peer);
  }

  /** A person can see this conversation right now. */
  isWatched(peer: Fingerprint): boolean {
    return this.#panels.get(peer)?.chat.isWatched ?? false;
  }

  dispose(): void {
    for (const { chat } of this.#panels.values()) chat.dispose();
    this.#panels.clear();
  }

  /** Total: an older version may have saved anything. */
  #restore(panel: WebviewPanel, saved: unknown): void {
    const peer = parseFingerprint((saved as Partial<SavedPanel> | null | undefined)?.peer);
    if (peer === undefined || this.#panels.has(peer)) panel.dispose();
    else this.#adopt(panel, peer);
  }

  #adopt(panel: WebviewPanel, peer: Fingerprint): void {
    const chat = new ChatPanel(panel, peer, this.#services);
    this.#panels.set(peer, { panel, chat });
    panel.onDidDispose(() => {
      chat.dispose();
      this.#panels.delete(peer);
    });
  }
}
