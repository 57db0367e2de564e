// Everybody we know of: contacts from the store, names from the registry's directory, and how far each link is.
// Puts the three together into the Peer that windows show.

import type { Clock } from '../base/clock.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { sameNameKey } from '../contract/names.ts';
import type { LinkState, Path, Peer, Presence } from '../contract/peer.ts';
import { hostAndPort } from './io/hosts.ts';
import type { Published } from './published.ts';
import type { ListedPeer } from './reach/registryClient.ts';
import type { Contact } from './store/contacts.ts';
import type { Store } from './store/store.ts';

interface LinkFacts {
  readonly link: LinkState;
  readonly path?: Path;
  /** My highest entry written to the link that is up. */
  readonly sent: number;
}

const NO_LINK: LinkFacts = { link: 'none', sent: 0 };

export class People {
  readonly #store: Store;
  readonly #published: Published;
  readonly #clock: Clock;
  readonly #contacts = new Map<Fingerprint, Contact>();
  readonly #links = new Map<Fingerprint, LinkFacts>();
  #listed = new Map<Fingerprint, ListedPeer>();
  #isDirectoryKnown = false;

  constructor(store: Store, published: Published, clock: Clock) {
    this.#store = store;
    this.#published = published;
    this.#clock = clock;
    for (const contact of store.contacts.all()) this.#contacts.set(contact.fingerprint, contact);
    for (const fingerprint of this.#contacts.keys()) this.refresh(fingerprint);
  }

  contact(fingerprint: Fingerprint): Contact | undefined {
    return this.#contacts.get(fingerprint);
  }

  contacts(): Iterable<Contact> {
    return this.#contacts.values();
  }

  /** The name to use in words, for anybody. */
  nameOf(fingerprint: Fingerprint): string {
    return this.#contacts.get(fingerprint)?.name ?? this.#listed.get(fingerprint)?.name ?? 'this person';
  }

  /** Who is called so; names that differ only in case or spelling of the same letters are one name. */
  fingerprintOf(name: string): Fingerprint | undefined {
    const key = sameNameKey(name);
    for (const person of [...this.#contacts.values(), ...this.#listed.values()]) {
      if (sameNameKey(person.name) === key) return person.fingerprint;
    }
    return undefined;
  }

  isHere(fingerprint: Fingerprint): boolean {
    return this.#listed.get(fingerprint)?.online === true;
  }

  isConnected(fingerprint: Fingerprint): boolean {
    return this.#linkOf(fingerprint).link === 'connected';
  }

  /** Stores what we have learned; a person seen for the first time becomes a contact of standing `unknown`. */
  learn(fingerprint: Fingerprint, news: Partial<Omit<Contact, 'fingerprint'>>): Contact {
    const known = this.#contacts.get(fingerprint) ?? this.#newContact(fingerprint);
    const contact = { ...known, ...news };
    this.#contacts.set(fingerprint, contact);
    this.#store.contacts.put(contact);
    this.refresh(fingerprint);
    return contact;
  }

  /** A stranger who asks: shown, but stored only once there is an answer, as anybody can make new keys for ever. */
  meet(fingerprint: Fingerprint, name: string): void {
    if (this.#contacts.has(fingerprint)) return;
    this.#contacts.set(fingerprint, { ...this.#newContact(fingerprint), name });
    this.refresh(fingerprint);
  }

  /** Undoes `meet` when nothing was learned since. */
  forget(fingerprint: Fingerprint): void {
    if (this.#store.contacts.get(fingerprint) === undefined) this.#contacts.delete(fingerprint);
    this.setLink(fingerprint, 'none');
  }

  seen(fingerprint: Fingerprint): void {
    if (this.#store.contacts.get(fingerprint) !== undefined)
      this.learn(fingerprint, { lastSeenAt: this.#clock.now() });
  }

  setLink(fingerprint: Fingerprint, link: LinkState, path?: Path): void {
    const sent = link === 'connected' ? this.#linkOf(fingerprint).sent : 0;
    if (link === 'none') this.#links.delete(fingerprint);
    else this.#links.set(fingerprint, path === undefined ? { link, sent } : { link, sent, path });
    this.refresh(fingerprint);
  }

  setSent(fingerprint: Fingerprint, sent: number): void {
    this.#links.set(fingerprint, { ...this.#linkOf(fingerprint), sent });
    this.refresh(fingerprint);
  }

  /** The whole directory as of now, or undefined while no registry answers. */
  setDirectory(listed: readonly ListedPeer[] | undefined): void {
    const before = this.#listed;
    this.#isDirectoryKnown = listed !== undefined;
    this.#listed = new Map((listed ?? []).map((entry) => [entry.fingerprint, entry]));
    this.#findNameConflicts();
    for (const fingerprint of new Set([...before.keys(), ...this.#listed.keys(), ...this.#contacts.keys()])) {
      this.refresh(fingerprint);
    }
  }

  /** Publishes the person again if anything that windows show has changed. */
  refresh(fingerprint: Fingerprint): void {
    const shown = this.#published.state.peers[fingerprint];
    const peer = this.#peerOf(fingerprint);
    if (peer === undefined) {
      if (shown !== undefined) this.#published.publish({ kind: 'peerGone', fingerprint });
    } else if (shown === undefined || JSON.stringify(shown) !== JSON.stringify(peer)) {
      this.#published.publish({ kind: 'peerChanged', peer });
    }
  }

  /** A pinned contact's name under another key: kept apart, explained, and that other key is not listed as a person. */
  #findNameConflicts(): void {
    const keyByName = new Map(
      [...this.#listed.values()].map((listed) => [sameNameKey(listed.name), listed.fingerprint]),
    );
    for (const contact of this.#contacts.values()) {
      const key = keyByName.get(sameNameKey(contact.name));
      const nameConflict = key === contact.fingerprint ? undefined : key;
      if (
        nameConflict !== contact.nameConflict &&
        contact.standing === 'accepted' &&
        this.#isDirectoryKnown
      ) {
        this.learn(contact.fingerprint, { nameConflict });
      }
      if (nameConflict !== undefined && contact.standing === 'accepted') this.#listed.delete(nameConflict);
    }
  }

  #newContact(fingerprint: Fingerprint): Contact {
    const name = this.#listed.get(fingerprint)?.name ?? fingerprint.slice(0, 8);
    return { fingerprint, name, standing: 'unknown', connectWanted: false, hosts: [] };
  }

  #linkOf(fingerprint: Fingerprint): LinkFacts {
    return this.#links.get(fingerprint) ?? NO_LINK;
  }

  #presenceOf(fingerprint: Fingerprint): Presence {
    if (this.#linkOf(fingerprint).link === 'connected') return 'here';
    if (!this.#isDirectoryKnown) return 'unknown';
    return this.isHere(fingerprint) ? 'here' : 'away';
  }

  #peerOf(fingerprint: Fingerprint): Peer | undefined {
    const contact = this.#contacts.get(fingerprint);
    const listed = this.#listed.get(fingerprint);
    if (contact === undefined && listed === undefined) return undefined;
    const { link, path } = this.#linkOf(fingerprint);
    const lastSeenAt = Math.max(contact?.lastSeenAt ?? 0, listed?.lastSeenAt ?? 0);
    const host = contact?.hosts[0];
    return {
      fingerprint,
      name: this.nameOf(fingerprint),
      standing: contact?.standing ?? 'unknown',
      presence: this.#presenceOf(fingerprint),
      link,
      ...(path === undefined ? {} : { path }),
      ...(host === undefined || contact?.tcpPort === undefined
        ? {}
        : { address: hostAndPort(host, contact.tcpPort) }),
      ...(lastSeenAt === 0 ? {} : { lastSeenAt }),
      ...(contact?.nameConflict === undefined ? {} : { nameConflict: contact.nameConflict }),
      ...this.#countsOf(fingerprint, contact),
    };
  }

  #countsOf(fingerprint: Fingerprint, contact: Contact | undefined) {
    if (contact === undefined)
      return { unread: 0, undelivered: 0, receipts: { sent: 0, delivered: 0, read: 0 } };
    const { entries } = this.#store;
    const marks = entries.marks(fingerprint);
    const lastMessageAt = entries.lastMessageAt(fingerprint);
    return {
      unread: entries.unread(fingerprint),
      undelivered: entries.undelivered(fingerprint),
      receipts: {
        sent: Math.max(this.#linkOf(fingerprint).sent, marks.delivered),
        delivered: marks.delivered,
        read: marks.readByPeer,
      },
      ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    };
  }
}
