// The page's only road out: intents to the extension, what it tells the page, and the few things kept over a reload.

import type { FromPanel, SavedPanel, ToPanel } from '../src/contract/panel.ts';
import { highlighterAt, type LoadHighlighter } from './highlighterScript.ts';
import { type Saved, savedIn } from './model/saved.ts';

interface VsCodeApi {
  postMessage(intent: FromPanel): void;
  getState(): unknown;
  setState(saved: Partial<SavedPanel>): void;
}

/** Given by the editor to every webview; may be called once. */
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  send(intent: FromPanel): void;
  /** Called in the order of sending. The page lives as long as its listener. */
  onMessage(listener: (message: ToPanel) => void): void;
  /** What the last life of this panel has left. */
  readonly saved: Saved;
  /** Keeps what is given beside what was kept before. */
  remember(saved: Partial<SavedPanel>): void;
  readonly loadHighlighter: LoadHighlighter;
}

/** `root`: the element that the extension has written, with the address of what may be loaded later. */
export function openHost(root: HTMLElement): Host {
  const api = acquireVsCodeApi();
  const saved = savedIn(api.getState());
  let kept: Partial<SavedPanel> = saved;
  return {
    send: (intent) => api.postMessage(intent),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<ToPanel>) => listener(event.data)),
    saved,
    remember: (more) => {
      kept = { ...kept, ...more };
      api.setState(kept);
    },
    loadHighlighter: highlighterAt(root.dataset.highlighter),
  };
}
