// Made-up people, transfers and states for the extension's tests.

import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Message } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { State } from '../../src/contract/state.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import type { Language } from '../../src/extension/language.ts';

export const NOW = 1_800_000_000_000;

/** English as it stands in the sources. */
export const english: Language = {
  t: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)])),
  locale: 'en',
};

/** `fingerprintOf('b')` is 64 times b. */
export function fingerprintOf(digit: string): Fingerprint {
  return digit.repeat(64) as Fingerprint;
}

export function person(digit: string, changes: Partial<Peer> = {}): Peer {
  return {
    fingerprint: fingerprintOf(digit),
    name: digit,
    standing: 'accepted',
    presence: 'here',
    link: 'none',
    unread: 0,
    undelivered: 0,
    receipts: { sent: 0, delivered: 0, read: 0 },
    ...changes,
  };
}

export function transfer(digit: string, changes: Partial<Transfer> = {}): Transfer {
  return {
    id: digit.repeat(32),
    peer: fingerprintOf('b'),
    direction: 'receive',
    name: 'diagram.png',
    mediaType: 'image/png',
    sizeBytes: 412_000,
    state: { kind: 'offered' },
    ...changes,
  };
}

export function message(order: number, changes: Partial<Message> = {}): Message {
  return {
    id: `m${order}`,
    peer: fingerprintOf('b'),
    from: 'peer',
    number: order,
    order,
    at: NOW,
    body: { kind: 'text', text: `text ${order}` },
    ...changes,
  };
}

export interface Scene {
  readonly people?: readonly Peer[];
  readonly transfers?: readonly Transfer[];
}

/** Sara, signed up and at a registry, with these around her. */
export function stateWith({ people = [], transfers = [] }: Scene = {}, changes: Partial<State> = {}): State {
  return {
    revision: 1,
    me: { fingerprint: fingerprintOf('a'), name: 'Sara', addresses: ['192.168.1.5:4711'] },
    registry: { kind: 'joined', url: 'http://127.0.0.1:8000', at: NOW },
    peers: Object.fromEntries(people.map((peer) => [peer.fingerprint, peer])),
    transfers: Object.fromEntries(transfers.map((each) => [each.id, each])),
    conversations: {},
    ...changes,
  };
}
