// What waits for this person: unread messages, people who ask, offers. The badge, the status bar and notifications count it.

import type { Peer } from '../../contract/peer.ts';
import type { State } from '../../contract/state.ts';
import { isOpenOffer } from '../../contract/transfer.ts';

export function isAsking(peer: Peer | undefined): boolean {
  return peer?.link === 'asking' && peer.standing !== 'blocked';
}

/** Somebody who wants to connect or to send something, and has no answer yet. */
export function openQuestions(state: State): number {
  const asking = Object.values<Peer>(state.peers).filter(isAsking).length;
  return asking + Object.values(state.transfers).filter(isOpenOffer).length;
}

export function unreadMessages(state: State): number {
  return Object.values<Peer>(state.peers)
    .filter(isHeard)
    .reduce((sum, { unread }) => sum + unread, 0);
}

/** What somebody wrote before they were blocked waits for nobody. */
function isHeard({ standing }: Peer): boolean {
  return standing !== 'blocked';
}

/** Names of those with unread messages, for the badge's tooltip. */
export function unreadFrom(state: State): string[] {
  return Object.values<Peer>(state.peers)
    .filter((peer) => isHeard(peer) && peer.unread > 0)
    .map(({ name }) => name);
}
