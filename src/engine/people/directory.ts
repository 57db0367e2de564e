// What the registry says of everybody, as far as it is believed: a key that took a friend's name is not shown as a person.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import { looksOf } from '../../contract/lookAlikes.ts';
import { sameNameKey } from '../../contract/names.ts';
import type { ListedPeer } from '../reach/registryClient.ts';

/** Names whose keys and looks are kept: a directory has at most 5000. */
const MAX_NAME_KEYS = 10_000;

export class Directory {
  readonly #nameKeys = new Map<string, string>();
  readonly #looks = new Map<string, string>();
  #said: readonly ListedPeer[] | undefined;
  #believed = new Map<Fingerprint, ListedPeer>();

  /** Undefined while no registry answers. */
  set(said: readonly ListedPeer[] | undefined): void {
    this.#said = said;
    this.#believed = newestOfEach(said ?? []);
  }

  get isKnown(): boolean {
    return this.#said !== undefined;
  }

  get(fingerprint: Fingerprint): ListedPeer | undefined {
    return this.#believed.get(fingerprint);
  }

  people(): Iterable<ListedPeer> {
    return this.#believed.values();
  }

  fingerprints(): Iterable<Fingerprint> {
    return this.#believed.keys();
  }

  /** What the registry calls them, believed or not. */
  nameOf(fingerprint: Fingerprint): string | undefined {
    const said =
      this.#believed.get(fingerprint) ?? this.#said?.find((each) => each.fingerprint === fingerprint);
    return said?.name;
  }

  /** Who has each name, believed or not, by the key of the name; undefined while no registry answers. */
  owners(): ReadonlyMap<string, Fingerprint> | undefined {
    return this.#said && new Map(this.#said.map(({ name, fingerprint }) => [this.keyOf(name), fingerprint]));
  }

  /** Not shown until the next word of the registry. */
  hide(fingerprint: Fingerprint): void {
    this.#believed.delete(fingerprint);
  }

  /** Everybody is believed again. */
  showAll(): void {
    this.#believed = newestOfEach(this.#said ?? []);
  }

  /** The same for names that nobody can tell apart. */
  keyOf(name: string): string {
    return kept(this.#nameKeys, name, sameNameKey);
  }

  /** The same for names that look the same: those of one key, and more. */
  looksOf(name: string): string {
    return kept(this.#looks, this.keyOf(name), looksOf);
  }
}

function kept(known: Map<string, string>, name: string, make: (name: string) => string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MAX_NAME_KEYS) known.clear();
  const made = make(name);
  known.set(name, made);
  return made;
}

/** Somebody who has changed their name is listed under each: the one that is used now counts. */
function newestOfEach(listed: readonly ListedPeer[]): Map<Fingerprint, ListedPeer> {
  const newest = new Map<Fingerprint, ListedPeer>();
  for (const entry of listed) {
    const known = newest.get(entry.fingerprint);
    if (known === undefined || rankOf(entry) > rankOf(known)) newest.set(entry.fingerprint, entry);
  }
  return newest;
}

function rankOf({ online, lastSeenAt }: ListedPeer): number {
  return online ? Number.POSITIVE_INFINITY : lastSeenAt;
}
