// Everybody we know of: contacts from the store, names from the registry's directory, and how far each link is.
// Puts the three together into the Peer that windows show.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import { type Fingerprint, shortFingerprint } from '../../contract/fingerprint.ts';
import type { LinkState, Path, Peer, Presence } from '../../contract/peer.ts';
import { hostAndPort } from '../io/hosts.ts';
import type { ListedPeer } from '../reach/registryClient.ts';
import type { Contact } from '../store/contacts.ts';
import type { Store } from '../store/store.ts';
import type { Published } from '../windows/published.ts';
import { Directory } from './directory.ts';
import { type AskProof, NameProofs } from './nameProofs.ts';

interface LinkFacts {
  readonly link: LinkState;
  readonly path?: Path;
  /** My highest entry written to the link that is up. */
  readonly sent: number;
  readonly isTyping?: true;
}

const NO_LINK: LinkFacts = { link: 'none', sent: 0 };
/** People looked at in one turn of the loop, whose news make one event: a few milliseconds. */
const SLICE = 200;

/** Runs `work` in a later turn of the loop; ends it when disposed. */
export type NextTurn = (work: () => void) => Disposable;

export class People implements Disposable {
  readonly #store: Store;
  readonly #published: Published;
  readonly #clock: Clock;
  readonly #contacts = new Map<Fingerprint, Contact>();
  readonly #links = new Map<Fingerprint, LinkFacts>();
  readonly #nextTurn: NextTurn;
  readonly #directory = new Directory();
  readonly #proofs: NameProofs;
  /** A new directory may say something new of these. */
  readonly #toLookAt = new Set<Fingerprint>();
  #looking: Disposable | undefined;

  constructor(
    store: Store,
    published: Published,
    clock: Clock,
    askProof: AskProof = async () => false,
    nextTurn: NextTurn = onNextTurn,
  ) {
    this.#store = store;
    this.#published = published;
    this.#clock = clock;
    this.#nextTurn = nextTurn;
    this.#proofs = new NameProofs(askProof, clock, () => this.#judgeNames());
    for (const contact of store.contacts.all()) this.#contacts.set(contact.fingerprint, contact);
    this.#lookAgain(this.#contacts.keys());
  }

  dispose(): void {
    this.#looking?.dispose();
  }

  contact(fingerprint: Fingerprint): Contact | undefined {
    return this.#contacts.get(fingerprint);
  }

  contacts(): Iterable<Contact> {
    return this.#contacts.values();
  }

  /** The name to use in words, for anybody: the start of their key where no name is known, as that is the same in every language. */
  nameOf(fingerprint: Fingerprint): string {
    return (
      this.#contacts.get(fingerprint)?.name ??
      this.#directory.nameOf(fingerprint) ??
      shortFingerprint(fingerprint)
    );
  }

  /** The name to ask the registry for: a person may have another one by now. */
  registeredNameOf(fingerprint: Fingerprint): string {
    return this.#directory.get(fingerprint)?.name ?? this.nameOf(fingerprint);
  }

  /**
   * Who is called so; names that differ only in case or spelling of the same letters are one name. Whom my person has accepted
   * comes first: a former key or somebody blocked may have the same name.
   */
  fingerprintOf(name: string): Fingerprint | undefined {
    const key = this.#directory.keyOf(name);
    let found: Fingerprint | undefined;
    for (const contact of this.#contacts.values()) {
      if (this.#directory.keyOf(contact.name) !== key) continue;
      if (contact.standing === 'accepted') return contact.fingerprint;
      found ??= contact.fingerprint;
    }
    if (found !== undefined) return found;
    for (const person of this.#directory.people())
      if (this.#directory.keyOf(person.name) === key) return person.fingerprint;
    return undefined;
  }

  /**
   * Whether anybody here is called so, or by a name that looks the same. What somebody says to be called is not shown then: no
   * registry has given it to them. Names that are here already, of people of other registries, say, stay as they are.
   */
  isTaken(name: string): boolean {
    const looks = this.#directory.looksOf(name);
    const isLike = (person: { readonly name: string }) => this.#directory.looksOf(person.name) === looks;
    for (const contact of this.#contacts.values()) if (isLike(contact)) return true;
    for (const person of this.#directory.people()) if (isLike(person)) return true;
    return false;
  }

  /**
   * Where dialling may find them, in a word that is another one when they have moved, as far as that is pushed; or while nobody can
   * say, but it is known where they were. Undefined: dialling does not help.
   */
  whereToDial(fingerprint: Fingerprint): string | undefined {
    const listed = this.#directory.get(fingerprint);
    if (this.#directory.isKnown) return listed?.online ? `here ${listed.version ?? ''}` : undefined;
    const isSignedUp = this.#published.state.me.name !== undefined;
    return isSignedUp && this.#contacts.get(fingerprint)?.hosts.length ? 'as before' : undefined;
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

  /**
   * A stranger who asks: shown, but stored only once there is an answer, as anybody can make new keys for ever. A name that
   * belongs to somebody else here, or looks as if it did, is not shown as theirs.
   */
  meet(fingerprint: Fingerprint, name: string): void {
    if (this.#contacts.has(fingerprint)) return;
    const contact = this.#newContact(fingerprint);
    this.#contacts.set(fingerprint, this.isTaken(name) ? contact : { ...contact, name });
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

  /** Nothing happens where the link has ended meanwhile. */
  setSent(fingerprint: Fingerprint, sent: number): void {
    const before = this.#linkOf(fingerprint);
    if (before.link !== 'connected') return;
    this.#links.set(fingerprint, { ...before, sent });
    this.refresh(fingerprint);
  }

  setTyping(fingerprint: Fingerprint, isTyping: boolean): void {
    const { isTyping: _before, ...rest } = this.#linkOf(fingerprint);
    if (rest.link !== 'connected') return;
    this.#links.set(fingerprint, isTyping ? { ...rest, isTyping } : rest);
    this.refresh(fingerprint);
  }

  /**
   * The whole directory as of now, or undefined while no registry answers. What is new is shown in this turn and the next
   * ones; where it is known whose entries have `changed`, only they are looked at.
   */
  setDirectory(listed: readonly ListedPeer[] | undefined, changed?: readonly Fingerprint[]): void {
    const before = [...this.#directory.fingerprints()];
    const wasKnown = this.#directory.isKnown;
    this.#directory.set(listed);
    this.#compareNames();
    if (changed !== undefined && wasKnown) this.#lookAgain(changed);
    else this.#lookAgain(before, this.#directory.fingerprints(), this.#contacts.keys());
  }

  /** My person wants to talk with them. Throws peerBlocked: whoever is blocked is not let in by a late click. */
  accept(fingerprint: Fingerprint): void {
    if (this.#contacts.get(fingerprint)?.standing === 'blocked')
      throw fail('peerBlocked', { name: this.nameOf(fingerprint) });
    this.learn(fingerprint, { standing: 'accepted', connectWanted: true });
  }

  /** The registry has just given the name of `fingerprint` to `other`. */
  doubt(fingerprint: Fingerprint, other: Fingerprint): void {
    if (this.#contacts.get(other)?.standing !== 'blocked') this.learn(fingerprint, { nameConflict: other });
  }

  /** My person wants nothing of them, who may be no contact yet: the key that took a friend's name, say. */
  block(fingerprint: Fingerprint): void {
    const name = this.#contacts.get(fingerprint)?.name ?? this.#directory.nameOf(fingerprint);
    this.learn(fingerprint, {
      ...{ standing: 'blocked', connectWanted: false, autoAccept: undefined },
      ...(name === undefined ? {} : { name }),
    });
    this.#judgeNames();
  }

  /** Not accepted by that: both persons are asked again before they talk. */
  unblock(fingerprint: Fingerprint): void {
    if (this.#contacts.get(fingerprint)?.standing !== 'blocked') return;
    this.learn(fingerprint, { standing: 'unknown' });
    this.#judgeNames();
  }

  /**
   * My person says that the key which has a friend's name now is that friend: they are talked with from now on, and what was said
   * stays with the former key. Throws keyChanged when it is another key by now.
   */
  startAnew(former: Fingerprint, key: Fingerprint, verifiedAt: Millis | undefined): void {
    const { name, nameConflict } = this.#contacts.get(former) ?? { name: this.nameOf(former) };
    if (nameConflict !== key) throw fail('keyChanged', { name });
    this.#store.transaction(() => {
      this.learn(former, { standing: 'unknown', connectWanted: false, autoAccept: undefined });
      const news = { name, connectWanted: true, nameConflict: undefined, verifiedAt };
      this.learn(key, { ...news, standing: 'accepted' });
    });
    this.#judgeNames();
  }

  /** Publishes the person again if anything that windows show has changed. */
  refresh(fingerprint: Fingerprint): void {
    const peer = this.#newsOf(fingerprint);
    if (peer === 'gone') this.#published.publish({ kind: 'peerGone', fingerprint });
    else if (peer !== undefined) this.#published.publish({ kind: 'peerChanged', peer });
  }

  #lookAgain(...fingerprints: Iterable<Fingerprint>[]): void {
    for (const some of fingerprints) for (const fingerprint of some) this.#toLookAt.add(fingerprint);
    if (this.#looking === undefined) this.#lookAtSlice();
  }

  /** One event for many: every fold copies the table of people, here and in each window. */
  #lookAtSlice(): void {
    const peers: Peer[] = [];
    const gone: Fingerprint[] = [];
    let looked = 0;
    for (const fingerprint of this.#toLookAt) {
      if (++looked > SLICE) break;
      this.#toLookAt.delete(fingerprint);
      const news = this.#newsOf(fingerprint);
      if (news === 'gone') gone.push(fingerprint);
      else if (news !== undefined) peers.push(news);
    }
    if (peers.length + gone.length > 0) this.#published.publish({ kind: 'peersChanged', peers, gone });
    this.#looking = this.#toLookAt.size === 0 ? undefined : this.#nextTurn(() => this.#lookAtSlice());
  }

  /** What windows do not show yet of this person, if anything. */
  #newsOf(fingerprint: Fingerprint): Peer | 'gone' | undefined {
    const shown = this.#published.state.peers[fingerprint];
    const peer = this.#peerOf(fingerprint);
    if (peer === undefined) return shown === undefined ? undefined : 'gone';
    return shown !== undefined && JSON.stringify(shown) === JSON.stringify(peer) ? undefined : peer;
  }

  /** Who is believed may be another one after my person has judged somebody. */
  #judgeNames(): void {
    this.#directory.showAll();
    this.#compareNames();
    this.#lookAgain(this.#directory.fingerprints(), this.#contacts.keys());
  }

  /**
   * A pinned contact's name under another key: kept apart, explained, and that other key is not listed as a person. Where my
   * person has blocked that key there is nothing left to decide.
   */
  #compareNames(): void {
    const owners = this.#directory.owners();
    if (owners === undefined) return;
    for (const contact of [...this.#contacts.values()]) {
      if (contact.standing !== 'accepted') continue;
      const { fingerprint } = contact;
      const { name, isAsked } = this.#nameNow(contact);
      const owner = owners.get(this.#directory.keyOf(name));
      const other = owner === fingerprint ? undefined : owner;
      const standing = other === undefined ? undefined : this.#contacts.get(other)?.standing;
      const doubted = standing === 'blocked' ? undefined : other;
      const nameConflict = isAsked ? contact.nameConflict : doubted;
      if (other !== undefined && standing !== 'accepted') this.#directory.hide(other);
      if (nameConflict !== contact.nameConflict || name !== contact.name)
        this.#judge(fingerprint, { nameConflict, name });
    }
  }

  /** Nobody waits for it: where the disk is full it counts until the engine ends, and the next one judges anew. */
  #judge(fingerprint: Fingerprint, judgement: Pick<Contact, 'name' | 'nameConflict'>): void {
    try {
      this.learn(fingerprint, judgement);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.refresh(fingerprint);
    }
  }

  /**
   * A contact who is here under another name is called by that one, unless somebody else here is, once it is known that they have
   * signed it: else a registry could call a friend something else, and somebody else by the friend's name.
   */
  #nameNow({ fingerprint, name }: Contact): { readonly name: string; readonly isAsked: boolean } {
    const listed = this.#directory.get(fingerprint);
    const isAsKnown = listed === undefined || !listed.online || listed.name === name;
    if (isAsKnown || this.fingerprintOf(listed.name) !== fingerprint) return { name, isAsked: false };
    const isSameName = this.#directory.keyOf(listed.name) === this.#directory.keyOf(name);
    const proof = isSameName ? 'signed' : this.#proofs.of(fingerprint, listed.name);
    return { name: proof === 'signed' ? listed.name : name, isAsked: proof === 'asked' };
  }

  #newContact(fingerprint: Fingerprint): Contact {
    const name = this.#directory.get(fingerprint)?.name ?? fingerprint.slice(0, 8);
    return { fingerprint, name, standing: 'unknown', connectWanted: false, hosts: [] };
  }

  #linkOf(fingerprint: Fingerprint): LinkFacts {
    return this.#links.get(fingerprint) ?? NO_LINK;
  }

  #presenceOf(fingerprint: Fingerprint): Presence {
    if (this.#linkOf(fingerprint).link === 'connected') return 'here';
    if (!this.#directory.isKnown) return 'unknown';
    return this.#directory.get(fingerprint)?.online ? 'here' : 'away';
  }

  #peerOf(fingerprint: Fingerprint): Peer | undefined {
    const contact = this.#contacts.get(fingerprint);
    const listed = this.#directory.get(fingerprint);
    if (contact === undefined && listed === undefined) return undefined;
    const { link, path, isTyping } = this.#linkOf(fingerprint);
    // While they are here that is now, and would be news at each heartbeat of everybody.
    const listedAt = listed === undefined || listed.online ? 0 : listed.lastSeenAt;
    const lastSeenAt = Math.max(contact?.lastSeenAt ?? 0, listedAt);
    const host = contact?.hosts[0];
    return {
      fingerprint,
      name: this.nameOf(fingerprint),
      standing: contact?.standing ?? 'unknown',
      presence: this.#presenceOf(fingerprint),
      link,
      ...(path === undefined ? {} : { path }),
      ...(isTyping === undefined ? {} : { isTyping }),
      ...(host === undefined || contact?.tcpPort === undefined
        ? {}
        : { address: hostAndPort(host, contact.tcpPort) }),
      ...(lastSeenAt === 0 ? {} : { lastSeenAt }),
      ...decisionsOf(contact),
      ...this.#countsOf(fingerprint, contact),
    };
  }

  #countsOf(fingerprint: Fingerprint, contact: Contact | undefined) {
    if (contact === undefined)
      return { unread: 0, undelivered: 0, receipts: { sent: 0, delivered: 0, read: 0 } };
    const { marks, unread, undelivered, lastMessageAt } = this.#store.entries.facts(fingerprint);
    return {
      unread,
      undelivered,
      receipts: {
        sent: Math.max(this.#linkOf(fingerprint).sent, marks.delivered),
        delivered: marks.delivered,
        read: marks.readByPeer,
      },
      ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    };
  }
}

/** What my person has said about them, and what is left to say. */
function decisionsOf(contact: Contact | undefined): Pick<Peer, 'nameConflict' | 'verifiedAt' | 'autoAccept'> {
  const { nameConflict, verifiedAt, autoAccept } = contact ?? {};
  return {
    ...(nameConflict === undefined ? {} : { nameConflict }),
    ...(verifiedAt === undefined ? {} : { verifiedAt }),
    ...(autoAccept === undefined ? {} : { autoAccept }),
  };
}

function onNextTurn(work: () => void): Disposable {
  const turn = setImmediate(work);
  return { dispose: () => clearImmediate(turn) };
}
