// The fold that changes what the page shows: what the extension says, and what happens in the page itself.

import { assertNever } from '../../src/base/assertNever.ts';
import type { FailureCode } from '../../src/contract/failure.ts';
import type { Message } from '../../src/contract/message.ts';
import type { FailedIntent, ToPanel } from '../../src/contract/panel.ts';
import { applyEvent, type Event, type State } from '../../src/contract/state.ts';
import { atRest } from './atRest.ts';
import { withMarks, withOlderMark } from './marks.ts';
import {
  type Attention,
  conversationIn,
  type Loading,
  type Page,
  type Preparing,
  peerIn,
  type Trouble,
} from './pageState.ts';
import { withReturned, withReturnedEdit } from './returned.ts';
import { nextSearch, type SearchAction, withAnswer } from './search.ts';
import { isLoaded, type Target } from './target.ts';
import { failureWords } from './words.ts';
import { type Writing, writingAfter } from './writing.ts';

/** What happens in the page. */
export type PageAction =
  | { readonly kind: 'unheard' }
  | { readonly kind: 'attention'; readonly attention: Attention }
  /** `target`: what a page around it was asked for. */
  | { readonly kind: 'loading'; readonly loading: Loading; readonly target?: Target }
  | { readonly kind: 'goTo'; readonly target: Target }
  /** The list is where it was sent. */
  | { readonly kind: 'arrived' }
  | { readonly kind: 'foundLongEnough' }
  | { readonly kind: 'preparing'; readonly item: Preparing }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'troubleDismissed' }
  | { readonly kind: 'draftTaken' }
  | { readonly kind: 'write'; readonly writing: Writing }
  /** What was begun before the page was drawn goes on. */
  | { readonly kind: 'writeOn'; readonly writing: Writing }
  | SearchAction;

const NEWEST: Target = { kind: 'newest' };

const CALM: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'connectionRejected',
  'connectionUnanswered',
  'connectionCancelled',
  'peerAway',
]);

const ABOUT_LINK: ReadonlySet<FailureCode> = new Set<FailureCode>([
  ...CALM,
  'otherKeyAnswers',
  'versionMismatch',
]);

export function nextPage(page: Page, message: ToPanel | PageAction): Page {
  return withMarks(withReturnedEdit(folded(page, message)));
}

/** Why there was no connection is over once there is one. */
function withoutPastTrouble(page: Page): Page {
  const isPast = page.trouble?.isAboutLink === true && peerIn(page)?.link === 'connected';
  return isPast ? { ...page, trouble: undefined } : page;
}

function folded(page: Page, message: ToPanel | PageAction): Page {
  switch (message.kind) {
    case 'show': {
      const { kind: _kind, unsent, ...shown } = message;
      const showings = page.showings + 1;
      const here = { engineAway: false, isUnheard: false, stopped: undefined };
      const next = { ...page, ...here, shown, showings, loading: undefined, preparing: [] };
      return withoutPastTrouble(
        unsent === undefined ? next : unsent.reduce(withReturned, { ...next, isReplaced: true }),
      );
    }
    case 'event':
      return withoutPastTrouble(withEvent(page, message.event));
    case 'engineAway':
      return { ...withoutEngine(page, message.stopped), engineAway: true, loading: undefined };
    case 'heard':
    case 'unheard':
      return withHearing(page, message.kind === 'heard');
    case 'failed':
      return withFailure(page, message);
    case 'calledOff':
      return withoutAsked(page, message.asked);
    case 'returned':
      return message.texts.reduce(withReturned, page);
    case 'attention':
      return page.attention === message.attention ? page : { ...page, attention: message.attention };
    case 'loading':
      return { ...page, loading: message.loading, targetAsked: message.target };
    case 'goTo':
      return { ...page, target: message.target, found: undefined };
    case 'arrived':
      return withArrival(page);
    case 'foundLongEnough':
      return { ...page, found: undefined };
    case 'preparing':
      return { ...page, preparing: [...page.preparing, message.item], target: NEWEST };
    case 'trouble':
      return { ...page, trouble: message.trouble };
    case 'troubleDismissed':
      return { ...page, trouble: undefined };
    case 'draftTaken':
      return { ...page, returnedDraft: undefined };
    case 'searched':
      return { ...page, search: withAnswer(page.search, message.wish, message.page) };
    case 'searchOpened':
    case 'searchClosed':
    case 'searchTyped':
    case 'searchAsked':
    case 'searchAt':
      return { ...page, search: nextSearch(page.search, message) };
    case 'write':
      return {
        ...page,
        writing: message.writing,
        begun: page.begun + (message.writing.kind === 'new' ? 0 : 1),
      };
    case 'writeOn':
      return { ...page, writing: message.writing };
    default:
      return assertNever(message);
  }
}

function withoutEngine(page: Page, stopped: Page['stopped']): Page {
  const { shown } = page;
  if (shown === undefined || stopped === undefined) return { ...page, stopped };
  return { ...page, stopped, shown: { ...shown, state: atRest(shown.state) } };
}

function withHearing(page: Page, isHeard: boolean): Page {
  return page.isUnheard === isHeard ? { ...page, isUnheard: !isHeard } : page;
}

function withArrival(page: Page): Page {
  const { target } = page;
  return {
    ...page,
    target: undefined,
    found: target?.kind === 'message' && target.isSought ? target.order : undefined,
  };
}

function withFailure(page: Page, { failure, asked, returned }: FailedIntent): Page {
  // Nobody asked, and the line under the header says it.
  if (asked === undefined && page.shown !== undefined && page.stopped !== undefined) return page;
  const { code } = failure;
  const trouble = {
    text: failureWords(failure),
    isCalm: CALM.has(code),
    isAboutLink: ABOUT_LINK.has(code),
  };
  const next = { ...withoutAsked(page, asked), trouble };
  return returned === undefined ? next : withReturned(next, returned);
}

/** What is waited for because of another intent is waited for still. */
function withoutAsked(page: Page, asked: FailedIntent['asked']): Page {
  switch (asked) {
    case 'loadEarlier':
    case 'loadLater':
      return { ...page, loading: undefined };
    case 'loadAround':
    case 'loadNewest':
      return {
        ...page,
        loading: undefined,
        target: page.target === page.targetAsked ? undefined : page.target,
      };
    case 'searchConversation':
      return { ...page, search: page.search && { ...page.search, asked: undefined } };
    case 'sendBytes':
      return { ...page, preparing: page.preparing.slice(1) };
    default:
      return page;
  }
}

function withEvent(page: Page, event: Event): Page {
  if (page.shown === undefined) return page;
  const next = { ...page, shown: { ...page.shown, state: applyEvent(page.shown.state, event) } };
  if (event.kind === 'historyLoaded') return withOlderMark(afterLoading(next), event.history);
  if (event.kind === 'messageChanged') return { ...next, writing: writingAfter(page.writing, event.message) };
  if (event.kind === 'messageAdded' && isOwnDoing(next.shown.state, event.message))
    return withOwnMessage(next, event.message);
  return next;
}

/** Not a shared file that the other side has asked for: an offer of mine, made without me. */
function isOwnDoing({ transfers }: State, { from, body }: Message): boolean {
  return from === 'me' && (body.kind !== 'transfer' || transfers[body.transferId]?.itemId === undefined);
}

/** What was asked for is here. A target that it does not hold cannot be reached: an engine of an earlier version knows only pages. */
function afterLoading(page: Page): Page {
  const conversation = conversationIn(page);
  const { target, targetAsked, loading } = page;
  const isAnswered = loading === 'around' && target === targetAsked;
  const isOutOfReach = isAnswered && target && conversation && !isLoaded(target, conversation);
  return { ...page, loading: undefined, target: isOutOfReach ? undefined : target };
}

/**
 * Whoever answers has seen what came before and wants to see the answer; and the oldest file being prepared has become a
 * message. It was in sight since it was dropped: whoever has gone elsewhere since stays there.
 */
function withOwnMessage(page: Page, { order, body }: Message): Page {
  const preparing = page.preparing.slice(body.kind === 'transfer' ? 1 : 0);
  const target = preparing.length < page.preparing.length ? page.target : NEWEST;
  const seenUpTo = Math.max(order, page.seenUpTo ?? 0);
  return { ...page, unreadFrom: undefined, unmarked: 0, seenUpTo, preparing, target };
}
