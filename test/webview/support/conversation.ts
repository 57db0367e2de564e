// People, messages and transfers for the tests of the chat panel's page.

import { parseFingerprint } from '../../../src/contract/fingerprint.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { ToPanel } from '../../../src/contract/panel.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { State } from '../../../src/contract/state.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';

function fingerprintOf(digit: string) {
  const fingerprint = parseFingerprint(digit.repeat(64));
  if (fingerprint === undefined) throw new Error(`${digit} is not a hexadecimal digit`);
  return fingerprint;
}

export const SARA = fingerprintOf('a');
export const BOB = fingerprintOf('b');
export const MALLORY = fingerprintOf('c');

/** bob, accepted and connected over the local network. */
export function bob(change: Partial<Peer> = {}): Peer {
  return {
    fingerprint: BOB,
    name: 'bob',
    standing: 'accepted',
    presence: 'here',
    link: 'connected',
    unread: 0,
    undelivered: 0,
    receipts: { sent: 0, delivered: 0, read: 0 },
    ...change,
  };
}

/** The message at `order`, a minute after the one before it. Its number is its order. */
export function messageAt(order: number, from: Message['from'], change: Partial<Message> = {}): Message {
  const at = new Date(2026, 10, 20, 9, order).getTime();
  const body = { kind: 'text' as const, text: `text ${order}` };
  return { id: `id ${order}`, peer: BOB, from, number: order, order, at, body, ...change };
}

export function transferOf(change: Partial<Transfer> = {}): Transfer {
  return {
    id: '0123456789abcdef0123456789abcdef',
    peer: BOB,
    direction: 'receive',
    name: 'trace.png',
    mediaType: 'image/png',
    sizeBytes: 412_000,
    width: 1920,
    height: 1080,
    state: { kind: 'offered' },
    ...change,
  };
}

export function stateOf(peer: Peer, messages: readonly Message[], change: Partial<State> = {}): State {
  return {
    revision: 1,
    me: { fingerprint: SARA, name: 'sara', addresses: [] },
    registry: { kind: 'joined', url: 'http://127.0.0.1:8000', at: 0 },
    peers: { [BOB]: peer },
    transfers: {},
    conversations: { [BOB]: { messages, hasEarlier: false } },
    ...change,
  };
}

export function showing(state: State): ToPanel {
  return { kind: 'show', peer: BOB, state, fileBase: 'https://files', locale: 'en' };
}
