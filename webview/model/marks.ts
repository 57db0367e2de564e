// What is new to the person in front of the page: where the mark stands, how much has come, how far it was seen.

import type { Message } from '../../src/contract/message.ts';
import type { Conversation, History } from '../../src/contract/state.ts';
import { conversationIn, type Page, peerIn } from './pageState.ts';

/** Keeps `seenUpTo` and `unreadFrom` true after each step. */
export function withMarks(page: Page): Page {
  const conversation = conversationIn(page);
  // Among old messages alone there is nothing to tell what is new by.
  if (conversation === undefined || conversation.hasLater === true) return page;
  const opened = page.seenUpTo === undefined ? withFirstMarks(page, conversation) : page;
  return page.attention === 'focused' ? withAllSeen(opened, conversation) : withNewMark(opened, conversation);
}

/** On opening: the peer's last `unread` messages are new. */
function withFirstMarks(page: Page, { messages }: Conversation): Page {
  const unread = peerIn(page)?.unread ?? 0;
  const theirs = messages.filter(isCounted);
  const firstUnread = unread === 0 ? undefined : (theirs.at(-unread) ?? theirs[0])?.order;
  const last = messages.at(-1)?.order ?? 0;
  return {
    ...page,
    unreadFrom: firstUnread,
    unmarked: Math.max(0, unread - theirs.length),
    seenUpTo: firstUnread === undefined ? last : firstUnread - 1,
  };
}

/** An older page holds some of what was unread on opening: the mark moves up to where it belongs. */
export function withOlderMark(page: Page, { messages }: History): Page {
  const { unreadFrom, unmarked } = page;
  if (unmarked === 0 || unreadFrom === undefined) return page;
  const older = messages.filter((message) => isCounted(message) && message.order < unreadFrom);
  if (older.length === 0) return page;
  const first = (older.at(-unmarked) ?? older[0])?.order ?? unreadFrom;
  const isUnseen = page.seenUpTo === unreadFrom - 1;
  return {
    ...page,
    unreadFrom: first,
    unmarked: Math.max(0, unmarked - older.length),
    seenUpTo: isUnseen ? first - 1 : page.seenUpTo,
  };
}

function withAllSeen(page: Page, { messages }: Conversation): Page {
  const last = messages.at(-1)?.order ?? 0;
  return page.seenUpTo !== undefined && page.seenUpTo >= last ? page : { ...page, seenUpTo: last };
}

/** A mark that was seen makes way for the first message that was not. */
function withNewMark(page: Page, { messages }: Conversation): Page {
  const seen = page.seenUpTo ?? 0;
  if (page.unreadFrom !== undefined && page.unreadFrom > seen) return page;
  const firstNew = messages.find((message) => isCounted(message) && message.order > seen)?.order;
  return firstNew === undefined ? page : { ...page, unreadFrom: firstNew, unmarked: 0 };
}

/** How many of their messages have come since the newest was last seen, those included that are not loaded. */
export function unseenCount(page: Page): number {
  const conversation = conversationIn(page);
  const unread = peerIn(page)?.unread ?? 0;
  if (conversation?.hasLater === true) return unread;
  const seen = page.seenUpTo ?? Number.POSITIVE_INFINITY;
  const messages = conversation?.messages ?? [];
  const loaded = messages.filter((message) => isCounted(message) && message.order > seen).length;
  return loaded === 0 ? 0 : Math.max(loaded, unread);
}

/** As the engine counts what is unread: one that was deleted says nothing new. */
function isCounted({ from, body }: Message): boolean {
  return from === 'peer' && body.kind !== 'deleted';
}

/** The number up to which to say that their messages were shown, or undefined while there is nothing to say. */
export function readUpTo(page: Page): number | undefined {
  if (page.attention === 'elsewhere' || page.engineAway || (peerIn(page)?.unread ?? 0) === 0)
    return undefined;
  const theirs = conversationIn(page)?.messages.filter(({ from }) => from === 'peer') ?? [];
  return theirs.length === 0 ? undefined : Math.max(...theirs.map(({ number }) => number));
}
