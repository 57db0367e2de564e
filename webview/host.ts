// The page's only road out: intents to the extension, what it tells the page, and the few things kept over a reload.

import type { FailedIntent, FromPanel, ReturnedText, SavedPanel, ToPanel } from '../src/contract/panel.ts';
import { highlighterAt, type LoadHighlighter } from './highlighterScript.ts';
import { newId } from './model/newId.ts';
import { type Saved, savedIn } from './model/saved.ts';
import { stampAfter } from './model/stamps.ts';

interface VsCodeApi {
  postMessage(intent: FromPanel): void;
  getState(): unknown;
  setState(saved: Partial<SavedPanel>): void;
}

/** Nobody has heard that this page is there, or what was sent: the extension stands still, or this page has none any more, as the editor has started it anew. */
interface Unanswered {
  readonly kind: 'unheard';
}

/** For the extension to answer, or to keep a text that was sent, in ms: some take turns, and some are far away. */
const HEARD_MS = 5_000;

type StartTimer = (onTime: () => void, ms: number) => unknown;

/** Given by the editor to every webview; may be called once. */
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  send(intent: FromPanel): void;
  /** Called in the order of sending. The page lives as long as its listener. */
  onMessage(listener: (message: ToPanel | Unanswered) => void): void;
  /** What the last life of this panel has left. */
  readonly saved: Saved;
  /** Keeps what is given beside what was kept before. */
  remember(saved: Partial<SavedPanel>): void;
  readonly loadHighlighter: LoadHighlighter;
}

/** `root`: the element that the extension has written, with the address of what may be loaded later. */
export function openHost(root: HTMLElement, startTimer: StartTimer = setTimeout): Host {
  const api = acquireVsCodeApi();
  const saved = savedIn(api.getState());
  // What the editor keeps of a page that has told nothing yet is older than its first words.
  let by = saved.by ?? { page: newId(), at: 0 };
  let kept: Partial<SavedPanel> = { ...saved, by };
  const remember = (more: Partial<SavedPanel>) => {
    kept = { ...kept, ...more };
    api.setState(kept);
  };
  let { unheard = [] } = saved;
  /** Until the next text is sent, the draft is without it, or it is deleted. */
  let returned: FailedIntent['returned'];
  let isSpokenTo = false;
  let isUnheard = false;
  let tell = (_message: ToPanel | Unanswered): void => undefined;
  const keepUnheard = (some: typeof unheard) => {
    unheard = some;
    remember({ unheard });
  };
  const expect = (isAnswered: () => boolean) =>
    startTimer(() => {
      if (isAnswered()) return;
      isUnheard = true;
      tell({ kind: 'unheard' });
    }, HEARD_MS);
  /** What was given back is perhaps stored: said again as it is, it is not stored twice. Written anew it is another text. */
  const underItsId = (intent: FromPanel): FromPanel => {
    if (intent.kind === 'deleteMessage' && intent.id === returned?.id) returned = undefined;
    if (intent.kind !== 'sendText') return intent;
    const before = returned;
    returned = undefined;
    return before !== undefined && isSame(intent, before) ? { ...intent, id: before.id } : intent;
  };
  const send = (said: FromPanel) => {
    const intent = underItsId(said);
    if (intent.kind === 'ready') {
      expect(() => isSpokenTo);
      return api.postMessage({ ...intent, by, ...(unheard.length > 0 && { unheard: [...unheard] }) });
    }
    if (intent.kind !== 'sendText' && intent.kind !== 'unsent') return api.postMessage(intent);
    by = stampAfter(by, Date.now());
    api.postMessage({ ...intent, by });
    if (intent.kind === 'sendText') {
      const sent = { ...intent, by };
      keepUnheard([...unheard, sent]);
      expect(() => !unheard.includes(sent));
    }
    // What is sent stands in the kept draft until the page is drawn anew: that is older then than what was said.
    if (intent.kind === 'unsent') remember({ by });
  };
  return {
    send,
    onMessage: (listener) => {
      tell = listener;
      window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
        isSpokenTo = true;
        if (data.kind === 'failed') returned = data.returned ?? returned;
        if (data.kind !== 'heard') return listener(data);
        if (unheard.length > 0) keepUnheard(unheard.filter((sent) => sent.by.at > data.at));
        // As long as nothing else was said it is no news, and what comes next would wait for a page drawn for nothing.
        if (isUnheard) listener(data);
        isUnheard = false;
      });
    },
    saved,
    remember: (more) => {
      if (returned !== undefined && more.draft?.includes(returned.text) === false) returned = undefined;
      remember(more);
    },
    loadHighlighter: highlighterAt(root.dataset.highlighter),
  };
}

function isSame(one: ReturnedText, other: ReturnedText): boolean {
  return one.text === other.text && one.replyTo === other.replyTo && one.editOf === other.editOf;
}
