// Everything a window shows, and the only fold that changes it: engine, mirrors and webview all use `applyEvent`.

import { assertNever } from '../base/assertNever.ts';
import type { Millis } from '../base/clock.ts';
import type { Failure } from './failure.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Message } from './message.ts';
import type { Peer } from './peer.ts';
import { isFinal, type Transfer } from './transfer.ts';

export interface Me {
  readonly fingerprint: Fingerprint;
  /** Undefined while signed out. */
  readonly name?: string;
  /** `host:port` for each address others can reach me at, best first. */
  readonly addresses: readonly string[];
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
}

export interface Conversation {
  readonly messages: readonly Message[];
  /** Older messages exist in the store. */
  readonly hasEarlier: boolean;
}

/** What happened, in order. Each carries the whole new value, so folding twice is harmless. */
export type Event =
  | { readonly kind: 'meChanged'; readonly me: Me }
  | { readonly kind: 'registryChanged'; readonly registry: RegistryState }
  | { readonly kind: 'peerChanged'; readonly peer: Peer }
  | { readonly kind: 'peerGone'; readonly fingerprint: Fingerprint }
  /** What a new directory says of many people at once, as `peerChanged` and `peerGone` would of each. Links are no news here. */
  | { readonly kind: 'peersChanged'; readonly peers: readonly Peer[]; readonly gone: readonly Fingerprint[] }
  | { readonly kind: 'messageAdded'; readonly message: Message }
  | { readonly kind: 'transferChanged'; readonly transfer: Transfer }
  /** The answer to a history request, folded like everything else. Local to the seat that asked. */
  | { readonly kind: 'historyLoaded'; readonly history: History };

/** A page of a conversation, oldest first, with the transfers its messages speak of. */
export interface History {
  readonly peer: Fingerprint;
  readonly messages: readonly Message[];
  readonly transfers: readonly Transfer[];
  readonly hasEarlier: boolean;
}

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
    case 'transferChanged':
      return withTransfer(state, event.transfer);
    case 'historyLoaded':
      return withHistory(state, event.history);
    default:
      return assertNever(event);
  }
}

function withPeers(state: State, changed: readonly Peer[], gone: readonly Fingerprint[]): State {
  const peers = { ...state.peers };
  for (const peer of changed) peers[peer.fingerprint] = peer;
  for (const fingerprint of gone) delete peers[fingerprint];
  return { ...state, peers, conversations: without(state.conversations, gone) };
}

function without<Value>(
  table: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  if (!keys.some((key) => key in table)) return table;
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

/** Over and not spoken of in a loaded conversation: the store has them. A bound, as an engine may run for months. */
function withTransfer(state: State, transfer: Transfer): State {
  const transfers = { ...state.transfers, [transfer.id]: transfer };
  const over = Object.values(transfers).filter((each) => isFinal(each.state));
  if (over.length <= MAX_KEPT_TRANSFERS) return { ...state, transfers };
  const spokenOf = new Set(
    Object.values(state.conversations).flatMap(({ messages }) =>
      messages.map(({ body }) => (body.kind === 'transfer' ? body.transferId : '')),
    ),
  );
  const oldest = over.find(({ id }) => id !== transfer.id && !spokenOf.has(id));
  return { ...state, transfers: oldest === undefined ? transfers : without(transfers, [oldest.id]) };
}

/** A message of a conversation that is not loaded is left to the store. */
function withMessage(state: State, message: Message): State {
  const conversation = state.conversations[message.peer];
  if (conversation === undefined) return state;
  const messages = mergeByOrder(conversation.messages, [message]);
  return withConversation(state, message.peer, { ...conversation, messages });
}

function withHistory(state: State, { peer, messages, transfers, hasEarlier }: History): State {
  const known = state.conversations[peer];
  const conversation = { messages: mergeByOrder(known?.messages ?? [], messages), hasEarlier };
  // What the stream has said since is newer than what the page says.
  const added = Object.fromEntries(
    transfers.filter(({ id }) => state.transfers[id] === undefined).map((t) => [t.id, t]),
  );
  return withConversation({ ...state, transfers: { ...added, ...state.transfers } }, peer, conversation);
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
  return {
    ...state,
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
      return event.message.peer === fingerprint;
    case 'transferChanged':
      return event.transfer.peer === fingerprint;
    case 'historyLoaded':
      return event.history.peer === fingerprint;
    default:
      return assertNever(event);
  }
}

/** Transfers with this person that are still going on, oldest first. */
export function runningTransfers(state: State, fingerprint: Fingerprint): Transfer[] {
  return Object.values(state.transfers).filter(
    (transfer) => transfer.peer === fingerprint && !isFinal(transfer.state),
  );
}
