// What is worth a notification, as pure functions of what changed.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import type { Event, State } from '../../contract/state.ts';
import type { Transfer } from '../../contract/transfer.ts';
import { isAsking, isOffer } from '../peers/openQuestions.ts';
import type { NotificationLevel } from '../settings.ts';

export type Notice =
  | { readonly kind: 'message'; readonly peer: Fingerprint; readonly text: string }
  | { readonly kind: 'connection'; readonly peer: Fingerprint }
  | { readonly kind: 'offer'; readonly peer: Fingerprint; readonly transfer: string };

/** What has just begun to wait for this person, if anything. */
export function noticeOf(event: Event, before: State): Notice | undefined {
  switch (event.kind) {
    case 'messageAdded': {
      const { from, peer, body } = event.message;
      return from === 'peer' && body.kind === 'text' ? { kind: 'message', peer, text: body.text } : undefined;
    }
    case 'peerChanged': {
      const { fingerprint } = event.peer;
      const isNew = isAsking(event.peer) && !isAsking(before.peers[fingerprint]);
      return isNew ? { kind: 'connection', peer: fingerprint } : undefined;
    }
    case 'transferChanged': {
      const { id, peer } = event.transfer;
      const known = before.transfers[id];
      const isNew = isOffer(event.transfer) && (known === undefined || !isOffer(known));
      return isNew ? { kind: 'offer', peer, transfer: id } : undefined;
    }
    default:
      return undefined;
  }
}

/** The questions of a snapshot: what waited already when this window came. */
export function questionsOf(state: State): Notice[] {
  const asking = Object.values<Peer>(state.peers).filter(isAsking);
  const offers = Object.values<Transfer>(state.transfers).filter(isOffer);
  return [
    ...asking.map(({ fingerprint }): Notice => ({ kind: 'connection', peer: fingerprint })),
    ...offers.map(({ id, peer }): Notice => ({ kind: 'offer', peer, transfer: id })),
  ];
}

/** Still waiting: not answered or read in this or another window meanwhile. */
export function isOpen(notice: Notice, state: State): boolean {
  switch (notice.kind) {
    case 'message':
      return (state.peers[notice.peer]?.unread ?? 0) > 0;
    case 'connection':
      return isAsking(state.peers[notice.peer]);
    case 'offer': {
      const transfer = state.transfers[notice.transfer];
      return transfer !== undefined && isOffer(transfer);
    }
  }
}

export function isWanted(notice: Notice, level: NotificationLevel): boolean {
  return level === 'all' || (level === 'requests' && notice.kind !== 'message');
}
