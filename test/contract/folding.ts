// What tests of the one fold are made of: people, messages and transfers, and a fold that sees its input changed.

import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Message } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { SharedItem } from '../../src/contract/shared.ts';
import { applyEvent, type Event, type History, type State } from '../../src/contract/state.ts';
import type { Transfer, TransferState } from '../../src/contract/transfer.ts';

export const ALI = 'a'.repeat(64) as Fingerprint;
export const BABAK = 'b'.repeat(64) as Fingerprint;
export const ME = 'e'.repeat(64) as Fingerprint;

export const EMPTY: State = frozen({
  revision: 7,
  me: { fingerprint: ME, addresses: [] },
  registry: { kind: 'off' },
  peers: {},
  transfers: {},
  conversations: {},
});

export const peerOf = (fingerprint: Fingerprint, more: Partial<Peer> = {}): Peer => ({
  ...{ fingerprint, name: 'Ali', standing: 'accepted', presence: 'here', link: 'connected' },
  ...{ unread: 0, undelivered: 0, receipts: { sent: 0, delivered: 0, read: 0 } },
  ...more,
});

export const messageOf = (order: number, peer = ALI, text = `message ${order}`): Message => ({
  ...{ id: `id ${order}`, peer, from: 'peer', number: order, order, at: 1000 + order },
  body: { kind: 'text', text },
});

export const transferOf = (id: string, state: TransferState = { kind: 'offered' }, peer = ALI): Transfer => ({
  ...{ id, peer, direction: 'receive', name: 'a.png', mediaType: 'image/png', sizeBytes: 10, state },
});

export const itemOf = (id: string): SharedItem => ({
  ...{ id, name: 'a.txt', mediaType: 'text/plain', sizeBytes: 5, modifiedAt: 1000 },
});

export const historyOf = (orders: readonly number[], more: Partial<History> = {}): Event => ({
  kind: 'historyLoaded',
  history: {
    peer: ALI,
    messages: orders.map((order) => messageOf(order)),
    transfers: [],
    hasEarlier: false,
    ...more,
  },
});

export const added = (message: Message): Event => ({ kind: 'messageAdded', message });

/** Folds like a window does; a fold that changed its input would throw. */
export function fold(events: readonly Event[], state: State = EMPTY): State {
  return events.reduce((folded, event) => frozen(applyEvent(folded, frozen(event))), state);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

export const ordersOf = (state: State, peer = ALI) =>
  state.conversations[peer]?.messages.map(({ order }) => order);
