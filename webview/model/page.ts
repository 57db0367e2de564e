// Everything the page shows, and the fold that changes it: what the extension says, and what happens in the page itself.

import { assertNever } from '../../src/base/assertNever.ts';
import { type FailureCode, failureText } from '../../src/contract/failure.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Message } from '../../src/contract/message.ts';
import type { FromPanel, ToPanel } from '../../src/contract/panel.ts';
import type { Peer } from '../../src/contract/peer.ts';
import { applyEvent, type Conversation, type Event, type State } from '../../src/contract/state.ts';

export interface Page {
  /** Undefined until the extension has spoken. */
  readonly shown: Shown | undefined;
  readonly engineAway: boolean;
  readonly attention: Attention;
  /** The order of the newest message that was seen. Undefined until the conversation is there. */
  readonly seenUpTo: number | undefined;
  /** The order of the message that the mark "new" stands before. */
  readonly unreadFrom: number | undefined;
  readonly loadingEarlier: boolean;
  /** Pasted and dropped files that the extension has not taken yet, oldest first. */
  readonly preparing: readonly Preparing[];
  /** The last thing that did not work, until it is dismissed. */
  readonly trouble: Trouble | undefined;
  /** Text that could not be sent and that the composer has not taken back yet. */
  readonly returnedDraft: string | undefined;
}

/**
 * Where the newest message is: not in sight; in sight; or in sight of a page that has the focus. In a window with an editor
 * beside it the second is often read too, which the extension can judge better (it knows whether the window has the focus).
 */
export type Attention = 'elsewhere' | 'inSight' | 'focused';

/** What the extension said last, with the events since. */
export interface Shown {
  readonly peer: Fingerprint;
  readonly state: State;
  readonly fileBase: string;
  readonly locale: string;
}

export interface Preparing {
  readonly key: number;
  readonly name: string;
  /** A data URL; set for pictures of moderate size. */
  readonly preview?: string;
}

export interface Trouble {
  readonly text: string;
  /** Nothing is broken: somebody declined, is away, or did not answer. */
  readonly isCalm?: boolean;
  readonly action?: { readonly label: string; readonly intent: FromPanel };
}

/** What happens in the page. */
export type PageAction =
  | { readonly kind: 'attention'; readonly attention: Attention }
  | { readonly kind: 'loadingEarlier' }
  | { readonly kind: 'preparing'; readonly item: Preparing }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'troubleDismissed' }
  | { readonly kind: 'draftTaken' };

const CALM: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'connectionRejected',
  'connectionUnanswered',
  'connectionCancelled',
  'peerAway',
]);

export const EMPTY_PAGE: Page = {
  shown: undefined,
  engineAway: false,
  attention: 'elsewhere',
  seenUpTo: undefined,
  unreadFrom: undefined,
  loadingEarlier: false,
  preparing: [],
  trouble: undefined,
  returnedDraft: undefined,
};

export function nextPage(page: Page, message: ToPanel | PageAction): Page {
  return withMarks(folded(page, message));
}

function folded(page: Page, message: ToPanel | PageAction): Page {
  switch (message.kind) {
    case 'show': {
      const { kind: _kind, ...shown } = message;
      return { ...page, shown, engineAway: false, loadingEarlier: false, preparing: [] };
    }
    case 'event':
      return withEvent(page, message.event);
    case 'engineAway':
      return { ...page, engineAway: true, loadingEarlier: false };
    case 'failed':
      return withTrouble(
        {
          ...page,
          loadingEarlier: false,
          preparing: page.preparing.slice(message.draft === undefined ? 1 : 0),
        },
        { text: failureText(message.failure), isCalm: CALM.has(message.failure.code) },
        message.draft,
      );
    case 'attention':
      return page.attention === message.attention ? page : { ...page, attention: message.attention };
    case 'loadingEarlier':
      return { ...page, loadingEarlier: true };
    case 'preparing':
      return { ...page, preparing: [...page.preparing, message.item] };
    case 'trouble':
      return withTrouble(page, message.trouble, undefined);
    case 'troubleDismissed':
      return { ...page, trouble: undefined };
    case 'draftTaken':
      return { ...page, returnedDraft: undefined };
    default:
      return assertNever(message);
  }
}

function withTrouble(page: Page, trouble: Trouble, draft: string | undefined): Page {
  const drafts = [page.returnedDraft, draft].filter((text) => text !== undefined);
  return { ...page, trouble, returnedDraft: drafts.length === 0 ? undefined : drafts.join('\n') };
}

function withEvent(page: Page, event: Event): Page {
  if (page.shown === undefined) return page;
  const next = { ...page, shown: { ...page.shown, state: applyEvent(page.shown.state, event) } };
  if (event.kind === 'historyLoaded') return { ...next, loadingEarlier: false };
  if (event.kind === 'messageAdded' && event.message.from === 'me')
    return withOwnMessage(next, event.message);
  return next;
}

/** Whoever answers has seen what came before; and the oldest file being prepared has become a message. */
function withOwnMessage(page: Page, { order, body }: Message): Page {
  const preparing = page.preparing.slice(body.kind === 'transfer' ? 1 : 0);
  return { ...page, unreadFrom: undefined, seenUpTo: Math.max(order, page.seenUpTo ?? 0), preparing };
}

/** Keeps `seenUpTo` and `unreadFrom` true after each step. */
function withMarks(page: Page): Page {
  const conversation = conversationIn(page);
  if (conversation === undefined) return page;
  const opened = page.seenUpTo === undefined ? withFirstMarks(page, conversation) : page;
  return page.attention === 'focused' ? withAllSeen(opened, conversation) : withNewMark(opened, conversation);
}

/** On opening: the peer's last `unread` messages are new. */
function withFirstMarks(page: Page, { messages }: Conversation): Page {
  const unread = peerIn(page)?.unread ?? 0;
  const theirs = messages.filter(({ from }) => from === 'peer');
  const firstUnread = unread === 0 ? undefined : (theirs.at(-unread) ?? theirs[0])?.order;
  const last = messages.at(-1)?.order ?? 0;
  return { ...page, unreadFrom: firstUnread, seenUpTo: firstUnread === undefined ? last : firstUnread - 1 };
}

function withAllSeen(page: Page, { messages }: Conversation): Page {
  const last = messages.at(-1)?.order ?? 0;
  return page.seenUpTo !== undefined && page.seenUpTo >= last ? page : { ...page, seenUpTo: last };
}

/** A mark that was seen makes way for the first message that was not. */
function withNewMark(page: Page, { messages }: Conversation): Page {
  const seen = page.seenUpTo ?? 0;
  if (page.unreadFrom !== undefined && page.unreadFrom > seen) return page;
  const firstNew = messages.find(({ from, order }) => from === 'peer' && order > seen)?.order;
  return firstNew === undefined ? page : { ...page, unreadFrom: firstNew };
}

export function conversationIn({ shown }: Page): Conversation | undefined {
  return shown?.state.conversations[shown.peer];
}

export function peerIn({ shown }: Page): Peer | undefined {
  return shown?.state.peers[shown.peer];
}

/** How many of their messages have come since the newest was last seen, those included that are not loaded. */
export function unseenCount(page: Page): number {
  const seen = page.seenUpTo ?? Number.POSITIVE_INFINITY;
  const messages = conversationIn(page)?.messages ?? [];
  const loaded = messages.filter(({ from, order }) => from === 'peer' && order > seen).length;
  return loaded === 0 ? 0 : Math.max(loaded, peerIn(page)?.unread ?? 0);
}

/** The number up to which to say that their messages were shown, or undefined while there is nothing to say. */
export function readUpTo(page: Page): number | undefined {
  if (page.attention === 'elsewhere' || page.engineAway || (peerIn(page)?.unread ?? 0) === 0)
    return undefined;
  const theirs = conversationIn(page)?.messages.filter(({ from }) => from === 'peer') ?? [];
  return theirs.length === 0 ? undefined : Math.max(...theirs.map(({ number }) => number));
}
