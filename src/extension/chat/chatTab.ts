// The tab of a chat panel, which may be closed while something is under way: then the editor throws at whoever touches it.

import type { WebviewPanel } from 'vscode';
import type { ToPanel } from '../../contract/panel.ts';
import type { Peer } from '../../contract/peer.ts';
import type { Language } from '../language.ts';
import { situationOf } from '../peers/situation.ts';

/** The name; whoever was left for another key has that one's name, too. */
export function titleOf(peer: Peer, { t }: Pick<Language, 't'>): string {
  return situationOf(peer) === 'former' ? t('{0} (former key)', peer.name) : peer.name;
}

/** The part of a panel that is touched at any time. */
export interface TabPanel {
  readonly visible: boolean;
  title: string;
  readonly webview: Pick<WebviewPanel['webview'], 'postMessage'>;
}

/** Once it is closed it is not visible, and what it is told goes nowhere. */
export class ChatTab {
  readonly #panel: TabPanel;
  #isClosed = false;

  constructor(panel: TabPanel) {
    this.#panel = panel;
  }

  get isVisible(): boolean {
    return !this.#isClosed && this.#panel.visible;
  }

  close(): void {
    this.#isClosed = true;
  }

  rename(title: string): void {
    if (!this.#isClosed && title !== this.#panel.title) this.#panel.title = title;
  }

  tell(message: ToPanel): void {
    if (this.#isClosed) return;
    this.#panel.webview.postMessage(message).then(undefined, () => {
      // It was closed in this moment: nobody is there who could miss it.
    });
  }
}
