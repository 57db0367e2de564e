// The page's only road out: intents to the extension, what it tells the page, and the few things kept over a reload.

import type { FromPanel, SavedPanel, ToPanel } from '../src/contract/panel.ts';
import { highlighterAt, type LoadHighlighter } from './highlighterScript.ts';

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
  /** What the last life of this panel left unsent. */
  readonly savedDraft: string;
  /** Where it was read: the order of a message. Undefined at the end. */
  readonly savedPlace: number | undefined;
  /** Keeps what is given beside what was kept before. */
  remember(saved: Partial<SavedPanel>): void;
  readonly loadHighlighter: LoadHighlighter;
}

/** `root`: the element that the extension has written, with the address of what may be loaded later. */
export function openHost(root: HTMLElement): Host {
  const api = acquireVsCodeApi();
  let kept: Partial<SavedPanel> = { readingAt: placeIn(api.getState()) };
  return {
    send: (intent) => api.postMessage(intent),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<ToPanel>) => listener(event.data)),
    savedDraft: draftIn(api.getState()),
    savedPlace: placeIn(api.getState()),
    remember: (saved) => {
      kept = { ...kept, ...saved };
      api.setState(kept);
    },
    loadHighlighter: highlighterAt(root.dataset.highlighter),
  };
}

/** Total: an older version of the page may have left anything. */
function draftIn(saved: unknown): string {
  if (typeof saved !== 'object' || saved === null || !('draft' in saved)) return '';
  return typeof saved.draft === 'string' ? saved.draft : '';
}

function placeIn(saved: unknown): number | undefined {
  if (typeof saved !== 'object' || saved === null || !('readingAt' in saved)) return undefined;
  return typeof saved.readingAt === 'number' ? saved.readingAt : undefined;
}
