// What matters most about a person right now: one word for row, order, icon and actions.

import type { Peer } from '../../contract/peer.ts';

export type Situation =
  | 'asking'
  | 'connected'
  | 'dialling'
  | 'waiting'
  | 'here'
  | 'away'
  | 'unknown'
  /** The name belongs to another key now. */
  | 'changed'
  /** My person has started anew with another key: what was said is left. */
  | 'former'
  | 'blocked';

export function situationOf(peer: Peer): Situation {
  if (peer.standing === 'blocked') return 'blocked';
  if (peer.link !== 'none') return peer.link;
  if (peer.nameConflict === undefined) return peer.presence;
  return peer.standing === 'accepted' ? 'changed' : 'former';
}

/** Who waits for me first, then who I talk with, then who I could talk with. */
const RANKS: Record<Situation, number> = {
  asking: 0,
  connected: 1,
  dialling: 2,
  waiting: 2,
  here: 2,
  away: 3,
  unknown: 3,
  changed: 4,
  former: 5,
  blocked: 6,
};

/** By rank, then by name, so that a row moves only when somebody's situation changes. */
export function sortedPeople(peers: Iterable<Peer>, locale: string): Peer[] {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true });
  return [...peers].sort(
    (a, b) =>
      RANKS[situationOf(a)] - RANKS[situationOf(b)] ||
      compare(a.name, b.name) ||
      (a.fingerprint < b.fingerprint ? -1 : 1),
  );
}

export function isConnectable(peer: Peer): boolean {
  return ['here', 'away', 'unknown'].includes(situationOf(peer));
}

export function isDisconnectable(peer: Peer): boolean {
  return ['connected', 'dialling', 'waiting'].includes(situationOf(peer));
}
