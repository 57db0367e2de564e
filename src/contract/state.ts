// Everything a window shows, and the only fold that changes it: engine, mirrors and webview all use `applyEvent`.

import type { Millis } from '../base/clock.ts';
import type { Failure } from './failure.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Message, quotedText } from './message.ts';
import type { Peer } from './peer.ts';
import type { OwnSharedItem, SharedItem } from './shared.ts';
import { isFinal, type Transfer } from './transfer.ts';

export interface Me {
  readonly fingerprint: Fingerprint;
  /** Undefined while signed out. */
  readonly name?: string;
  /** While signed out: the name that is still mine. */
  readonly keptName?: string;
  /** `host:port` for each address others can reach me at, best first. */
  readonly addresses: readonly string[];
  /** Until then no window notifies me of anything. */
  readonly doNotDisturbUntil?: Millis;
}

export type RegistryState =
  /** Signed out, or no registry address is set. */
  | { readonly kind: 'off' }
  | { readonly kind: 'joining'; readonly url: string }
  | { readonly kind: 'joined'; readonly url: string; readonly at: Millis }
  /** Tried again by itself at `nextTryAt`. */
  | {
      readonly kind: 'failing';
      readonly url: string;
      readonly failure: Failure;
      readonly since: Millis;
      readonly nextTryAt: Millis;
    }
  /** The registry will not have me as I am, e.g. nameTaken: nothing is tried until I sign up anew. */
  | { readonly kind: 'refused'; readonly url: string; readonly failure: Failure };

export interface State {
  /** Counts events; a gap means that a new snapshot is needed. */
  readonly revision: number;
  readonly me: Me;
  readonly registry: RegistryState;
  readonly peers: Readonly<Record<Fingerprint, Peer>>;
  /** Those still going on, the last of those that are over, and those that a loaded message speaks of. */
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** The conversations loaded in this seat, each sorted by `order`. Others are not kept in memory. */
  readonly conversations: Readonly<Record<Fingerprint, Conversation>>;
  /** What I share. */
  readonly shared?: readonly OwnSharedItem[];
  /** What people who are connected share with me. */
  readonly sharedBy?: Readonly<Record<Fingerprint, readonly SharedItem[]>>;
}

/** One stretch of a conversation without gaps, at most MAX_LOADED_MESSAGES long. */
export interface Conversation {
  readonly messages: readonly Message[];
  /** Older messages exist in the store. */
  readonly hasEarlier: boolean;
  /** Newer messages exist in the store, so that a new one would leave a gap and is not taken in. */
  readonly hasLater?: boolean;
}

/** A bound on what a seat holds of one conversation; beyond it the far end is let go, as the store has it. */
export const MAX_LOADED_MESSAGES = 1_500;

/** What happened, in order. Each carries the whole new value, so folding twice is harmless. */
export type Event =
  | { readonly kind: 'meChanged'; readonly me: Me }
  | { readonly kind: 'registryChanged'; readonly registry: RegistryState }
  | { readonly kind: 'peerChanged'; readonly peer: Peer }
  | { readonly kind: 'peerGone'; readonly fingerprint: Fingerprint }
  /** What a new directory says of many people at once, as `peerChanged` and `peerGone` would of each. Links are no news here. */
  | { readonly kind: 'peersChanged'; readonly peers: readonly Peer[]; readonly gone: readonly Fingerprint[] }
  | { readonly kind: 'messageAdded'; readonly message: Message }
  /** It was edited, deleted or reacted to. What answers quote of it follows from that: an answer is not told of anew. */
  | { readonly kind: 'messageChanged'; readonly message: Message }
  /** What I share. */
  | { readonly kind: 'sharedChanged'; readonly items: readonly OwnSharedItem[] }
  /** What this person shares with me; nothing once they are not connected any more. */
  | { readonly kind: 'sharedByChanged'; readonly peer: Fingerprint; readonly items: readonly SharedItem[] }
  | { readonly kind: 'transferChanged'; readonly transfer: Transfer }
  /** The answer to a history request, folded like everything else. Local to the seat that asked. */
  | { readonly kind: 'historyLoaded'; readonly history: History };

/** A page of a conversation, oldest first, with the transfers its messages speak of. */
export interface History {
  readonly peer: Fingerprint;
  readonly messages: readonly Message[];
  readonly transfers: readonly Transfer[];
  readonly hasEarlier: boolean;
  /** Absent: the page reaches the newest message, or the one that the seat had asked for messages before. */
  readonly hasLater?: boolean;
  /**
   * How it goes with what is loaded: `joined` (when absent) touches or overlaps it at its old end, `joinedLater` at its new
   * end, `apart` takes its place.
   */
  readonly place?: 'joined' | 'joinedLater' | 'apart';
}

/** Messages that were added one by one make room less often, as somebody may be reading the oldest of those that are loaded. */
const MAX_GROWN_MESSAGES = 2 * MAX_LOADED_MESSAGES;

/** Transfers that are over and still in memory, without those that a loaded message speaks of. */
const MAX_KEPT_TRANSFERS = 200;

/** The next state. Does not touch `revision`: the stream's reader does, once per event of the stream. */
export function applyEvent(state: State, event: Event): State {
  switch (event.kind) {
    case 'meChanged':
      return { ...state, me: event.me };
    case 'registryChanged':
      return { ...state, registry: event.registry };
    case 'peerChanged':
      return withPeers(state, [event.peer], []);
    case 'peerGone':
      return withPeers(state, [], [event.fingerprint]);
    case 'peersChanged':
      return withPeers(state, event.peers, event.gone);
    case 'messageAdded':
      return withMessage(state, event.message);
    case 'messageChanged':
      return withChange(state, event.message);
    case 'sharedChanged':
      return { ...state, shared: event.items };
    case 'sharedByChanged':
      return withSharedBy(state, event.peer, event.items);
    case 'transferChanged':
      return withTransfer(state, event.transfer);
    case 'historyLoaded':
      return withHistory(state, event.history);
    default:
      return unknownTo(state, event);
  }
}

/** An engine of a later build says what this build does not show yet; the compiler sees that there is none of ours. */
function unknownTo(state: State, _event: never): State {
  return state;
}

function withPeers(state: State, changed: readonly Peer[], gone: readonly Fingerprint[]): State {
  const peers = { ...state.peers };
  for (const peer of changed) peers[peer.fingerprint] = peer;
  for (const fingerprint of gone) delete peers[fingerprint];
  const { sharedBy, ...rest } = state;
  return {
    ...rest,
    peers,
    conversations: without(state.conversations, gone),
    ...(sharedBy === undefined ? {} : { sharedBy: without(sharedBy, gone) }),
  };
}

function withSharedBy(state: State, peer: Fingerprint, items: readonly SharedItem[]): State {
  const others = without(state.sharedBy ?? {}, [peer]);
  return { ...state, sharedBy: items.length === 0 ? others : { ...others, [peer]: items } };
}

function without<Value>(
  table: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  if (!keys.some((key) => key in table)) return table;
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

function withTransfer(state: State, transfer: Transfer): State {
  const transfers = { ...state.transfers, [transfer.id]: transfer };
  return { ...state, transfers: bounded(transfers, state.conversations, transfer.id) };
}

/**
 * Without the oldest of those that are over and not spoken of in a loaded conversation: the store has them. A bound, as an
 * engine may run for months, and somebody may scroll through years.
 */
function bounded(
  transfers: State['transfers'],
  conversations: State['conversations'],
  kept?: string,
): State['transfers'] {
  const over = Object.values(transfers).filter((each) => isFinal(each.state));
  const tooMany = over.length - MAX_KEPT_TRANSFERS;
  if (tooMany <= 0) return transfers;
  const spokenOf = new Set(
    Object.values(conversations).flatMap(({ messages }) =>
      messages.map(({ body }) => (body.kind === 'transfer' ? body.transferId : '')),
    ),
  );
  const forgotten = over.filter(({ id }) => id !== kept && !spokenOf.has(id)).slice(0, tooMany);
  return without(
    transfers,
    forgotten.map(({ id }) => id),
  );
}

/** A message of a conversation that is not loaded is left to the store. */
function withMessage(state: State, message: Message): State {
  const conversation = state.conversations[message.peer];
  if (conversation === undefined || conversation.hasLater === true) return state;
  const messages = mergeByOrder(conversation.messages, [message]);
  return withConversation(
    state,
    message.peer,
    withoutOldest({ ...conversation, messages }, MAX_GROWN_MESSAGES),
  );
}

function withChange(state: State, message: Message): State {
  const conversation = state.conversations[message.peer];
  if (conversation === undefined) return state;
  const messages = withChanged(conversation.messages, message);
  return messages === conversation.messages
    ? state
    : withConversation(state, message.peer, { ...conversation, messages });
}

/** With `message` in its place, and in what its answers quote. The same list where neither is there. */
export function withChanged(messages: readonly Message[], message: Message): readonly Message[] {
  const isOrAnswers = ({ order, replyTo }: Message) =>
    order === message.order || replyTo?.order === message.order;
  if (!messages.some(isOrAnswers)) return messages;
  return messages.map((each) => (each.order === message.order ? message : withQuote(each, message)));
}

/** The name of a file, which an answer quotes, never changes. */
function withQuote(answer: Message, { order, body }: Message): Message {
  const { replyTo } = answer;
  if (replyTo?.order !== order || body.kind === 'transfer') return answer;
  const excerpt = body.kind === 'text' ? quotedText(body.text) : '';
  return excerpt === replyTo.excerpt ? answer : { ...answer, replyTo: { ...replyTo, excerpt } };
}

function withoutOldest(conversation: Conversation, most: number): Conversation {
  const { messages } = conversation;
  if (messages.length <= most) return conversation;
  return { ...conversation, messages: messages.slice(-MAX_LOADED_MESSAGES), hasEarlier: true };
}

function withoutNewest(conversation: Conversation): Conversation {
  const { messages } = conversation;
  if (messages.length <= MAX_LOADED_MESSAGES) return conversation;
  return { ...conversation, messages: messages.slice(0, MAX_LOADED_MESSAGES), hasLater: true };
}

function withHistory(state: State, history: History): State {
  const { peer, transfers } = history;
  const conversation = withPage(state.conversations[peer], history);
  // What the stream has said since is newer than what the page says.
  const added = Object.fromEntries(
    transfers.filter(({ id }) => state.transfers[id] === undefined).map((t) => [t.id, t]),
  );
  const next = withConversation(state, peer, conversation);
  return { ...next, transfers: bounded({ ...added, ...state.transfers }, next.conversations) };
}

function withPage(known: Conversation | undefined, page: History): Conversation {
  const { messages, hasEarlier, hasLater = false, place = 'joined' } = page;
  if (known === undefined || place === 'apart') return { messages, hasEarlier, hasLater };
  const merged = mergeByOrder(known.messages, messages);
  return place === 'joinedLater'
    ? withoutOldest({ ...known, messages: merged, hasLater }, MAX_LOADED_MESSAGES)
    : withoutNewest({ ...known, messages: merged, hasEarlier });
}

function withConversation(state: State, peer: Fingerprint, conversation: Conversation): State {
  return { ...state, conversations: { ...state.conversations, [peer]: conversation } };
}

/** Both lists in one, sorted by order, each message once. The common case, a new last message, costs one copy. */
function mergeByOrder(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  const last = known.at(-1)?.order ?? -1;
  if (added.every((message, i) => message.order > (added[i - 1]?.order ?? last))) return [...known, ...added];
  const byOrder = new Map([...known, ...added].map((message) => [message.order, message]));
  return [...byOrder.values()].sort((a, b) => a.order - b.order);
}

/** The part of `state` that one person's chat panel needs. */
export function stateFor(state: State, fingerprint: Fingerprint): State {
  const peer = state.peers[fingerprint];
  const conversation = state.conversations[fingerprint];
  const transfers = Object.entries(state.transfers).filter(([, transfer]) => transfer.peer === fingerprint);
  const { shared: _mine, sharedBy: _theirs, ...rest } = state;
  return {
    ...rest,
    peers: peer === undefined ? {} : { [fingerprint]: peer },
    transfers: Object.fromEntries(transfers),
    conversations: conversation === undefined ? {} : { [fingerprint]: conversation },
  };
}

/** Whether a panel that shows `fingerprint` needs to hear of `event`. */
export function concerns(event: Event, fingerprint: Fingerprint): boolean {
  switch (event.kind) {
    case 'meChanged':
    case 'registryChanged':
      return true;
    case 'peerChanged':
      return event.peer.fingerprint === fingerprint;
    case 'peerGone':
      return event.fingerprint === fingerprint;
    case 'peersChanged':
      return event.gone.includes(fingerprint) || event.peers.some((peer) => peer.fingerprint === fingerprint);
    case 'messageAdded':
    case 'messageChanged':
      return event.message.peer === fingerprint;
    case 'sharedChanged':
    case 'sharedByChanged':
      return false;
    case 'transferChanged':
      return event.transfer.peer === fingerprint;
    case 'historyLoaded':
      return event.history.peer === fingerprint;
    default:
      return isUnknown(event);
  }
}

/** See `unknownTo`: what is not shown concerns nobody. */
function isUnknown(_event: never): false {
  return false;
}

/** Transfers with this person that are still going on, oldest first. */
export function runningTransfers(state: State, fingerprint: Fingerprint): Transfer[] {
  return Object.values(state.transfers).filter(
    (transfer) => transfer.peer === fingerprint && !isFinal(transfer.state),
  );
}
