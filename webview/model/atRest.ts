// What is left to show where no engine comes by itself any more: what was known last would look alive.

import type { Peer } from '../../src/contract/peer.ts';
import type { State } from '../../src/contract/state.ts';
import type { Transfer } from '../../src/contract/transfer.ts';

/** Nobody is connected, asks or types, nobody knows who is here, and no file moves. */
export function atRest(state: State): State {
  return { ...state, peers: each(state.peers, peerAtRest), transfers: each(state.transfers, transferAtRest) };
}

function peerAtRest({ isTyping: _isTyping, ...peer }: Peer): Peer {
  return { ...peer, link: 'none', presence: 'unknown' };
}

function transferAtRest(transfer: Transfer): Transfer {
  const { kind } = transfer.state;
  return kind === 'running' || kind === 'checking' ? { ...transfer, state: { kind: 'waiting' } } : transfer;
}

function each<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
