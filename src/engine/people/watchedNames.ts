// Whose coming and going a registry is to tell at once: it does so for a number of names, and there may be more.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import { sameNameKey } from '../../contract/names.ts';
import type { Peer } from '../../contract/peer.ts';
import { MAX_WATCHED } from '../../contract/signal.ts';
import type { ListedPeer } from '../reach/registryClient.ts';
import type { Contact } from '../store/contacts.ts';
import type { People } from './people.ts';

/**
 * By their keys, the most important first: friends, of these those whom my person spoke with last; then other contacts; then the
 * directory in its order. Of whoever has no place the directory tells, each time it is asked for.
 */
export function watchedNames(
  people: People,
  shown: Readonly<Record<Fingerprint, Peer>>,
  directory: ReadonlyMap<string, ListedPeer>,
): Map<string, string> {
  const spokenAt = ({ fingerprint, lastSeenAt }: Contact) =>
    shown[fingerprint]?.lastMessageAt ?? lastSeenAt ?? 0;
  const isFriend = ({ standing }: Contact) => Number(standing === 'accepted');
  const contacts = [...people.contacts()].sort(
    (a, b) => isFriend(b) - isFriend(a) || spokenAt(b) - spokenAt(a),
  );
  const names = new Map<string, string>();
  for (const { fingerprint } of contacts) {
    const name = people.registeredNameOf(fingerprint);
    names.set(sameNameKey(name), name);
  }
  for (const [key, { name }] of directory) names.set(key, name);
  return new Map([...names].slice(0, MAX_WATCHED));
}
