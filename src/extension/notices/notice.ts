// What is worth a notification, as pure functions of what changed.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import { type Event, runningTransfers, type State } from '../../contract/state.ts';
import { isOpenOffer, type Transfer } from '../../contract/transfer.ts';
import { isAsking } from '../peers/openQuestions.ts';
import type { NotificationLevel } from '../settings.ts';

export type Notice =
  | { readonly kind: 'message'; readonly peer: Fingerprint; readonly text: string; readonly number: number }
  | { readonly kind: 'connection'; readonly peer: Fingerprint }
  | { readonly kind: 'offer'; readonly peer: Fingerprint; readonly transfer: string };

/** What has just begun to wait for this person, if anything. */
export function noticeOf(event: Event, before: State): Notice | undefined {
  switch (event.kind) {
    case 'messageAdded': {
      const { from, peer, number, body } = event.message;
      return from === 'peer' && body.kind === 'text'
        ? { kind: 'message', peer, text: body.text, number }
        : undefined;
    }
    case 'peerChanged': {
      const { fingerprint } = event.peer;
      const isNew = isAsking(event.peer) && !isAsking(before.peers[fingerprint]);
      return isNew ? { kind: 'connection', peer: fingerprint } : undefined;
    }
    case 'transferChanged': {
      const { id, peer } = event.transfer;
      const known = before.transfers[id];
      const isNew = isOpenOffer(event.transfer) && (known === undefined || !isOpenOffer(known));
      return isNew ? { kind: 'offer', peer, transfer: id } : undefined;
    }
    default:
      return undefined;
  }
}

/** The questions of a snapshot: what waited already when this window came. */
export function questionsOf(state: State): Notice[] {
  const asking = Object.values<Peer>(state.peers).filter(isAsking);
  const offers = Object.values<Transfer>(state.transfers).filter(isOpenOffer);
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
      return transfer !== undefined && isOpenOffer(transfer);
    }
  }
}

/** Who has asked, and does so no more without an answer. Whom my person has let in or blocked meanwhile is not meant. */
export function asksNoMore(person: Peer | undefined): boolean {
  return person === undefined || (person.link === 'none' && person.standing === 'unknown');
}

/** An offer whose sender does not want to send it any more. */
export function isTakenBack({ state }: Transfer): boolean {
  return state.kind === 'cancelled' && state.by === 'peer';
}

/**
 * An offer that is taken by itself when the file before it is here. Where none is on its way, taking it did not work, and it is
 * a question after all. `unasked`: so for people of whom nothing else is said.
 */
export function isLeftToLine(notice: Notice, state: State, unasked: boolean): boolean {
  if (notice.kind !== 'offer' || !(state.peers[notice.peer]?.autoAccept ?? unasked)) return false;
  return runningTransfers(state, notice.peer).some(
    ({ id, direction, state: { kind } }) =>
      id !== notice.transfer && direction === 'receive' && kind !== 'offered',
  );
}

export function isWanted(notice: Notice, level: NotificationLevel): boolean {
  return level === 'all' || (level === 'requests' && notice.kind !== 'message');
}
