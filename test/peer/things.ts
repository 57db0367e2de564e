// A small world for the demo peer's tests: one person, one message, one transfer.

import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Body, Message } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { Event, State } from '../../src/contract/state.ts';
import type { Transfer, TransferState } from '../../src/contract/transfer.ts';

export const sara = 'a'.repeat(64) as Fingerprint;
export const id = 'b'.repeat(32);

export function peerOf(changed: Partial<Peer> = {}): Peer {
  return {
    fingerprint: sara,
    name: 'sara',
    standing: 'unknown',
    presence: 'here',
    link: 'none',
    unread: 0,
    undelivered: 0,
    receipts: { sent: 0, delivered: 0, read: 0 },
    ...changed,
  };
}

export function messageOf(body: Body, from: Message['from'] = 'peer'): Message {
  return { id, peer: sara, from, number: 7, order: 9, at: 1, body };
}

export function transferOf(state: TransferState, changed: Partial<Transfer> = {}): Transfer {
  const what = { name: 'cat.png', mediaType: 'image/png', sizeBytes: 1_000 };
  return { id, peer: sara, direction: 'receive', ...what, state, ...changed };
}

export function stateOf(peer?: Peer, transfer?: Transfer): State {
  return {
    revision: 1,
    me: { fingerprint: 'c'.repeat(64) as Fingerprint, addresses: [] },
    registry: { kind: 'off' },
    peers: peer === undefined ? {} : { [peer.fingerprint]: peer },
    transfers: transfer === undefined ? {} : { [transfer.id]: transfer },
    conversations: {},
  };
}

export const peerChanged = (changed: Partial<Peer>): Event => ({
  kind: 'peerChanged',
  peer: peerOf(changed),
});
export const transferChanged = (transfer: Transfer): Event => ({ kind: 'transferChanged', transfer });
export const done: TransferState = { kind: 'done', at: 1, sha256: 'd'.repeat(64) };
