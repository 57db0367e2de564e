// The numbered entries of every conversation, between the store, the links and what windows show.
// An entry is stored before it is sent, and before it is acknowledged. A message of mine is on the disk before anybody here hears that it
// is stored; of one that a power cut took in that moment the other side's next hello knows (README.md of the link).

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { MAX_REACTIONS, MAX_TEXT_LENGTH, type Message } from '../../contract/message.ts';
import { isReaction } from '../../contract/reaction.ts';
import type { Entry, EntryBody } from '../../wire/linkFrames.ts';
import { withoutGaps } from '../link/withoutGaps.ts';
import type { People } from '../people/people.ts';
import { isVisible, type StoredEntry, searchableText } from '../store/entryRow.ts';
import type { Store } from '../store/store.ts';
import type { Published } from '../windows/published.ts';
import type { ShownMessages } from '../windows/shownMessages.ts';
import { Burst } from './burst.ts';
import { applyChange, forgetMessage, ownMessage, reactionsAfter } from './messageChanges.ts';

/** Entries that are looked at together when they take other numbers. */
const SLICE = 500;

/** Runs in the transaction that stores an entry; what it returns runs once that is committed, before the entry is shown. */
export type Effect = () => (() => void) | undefined;

/** What entries of theirs do to transfers. */
export interface EntryEffects {
  onEntry(entry: StoredEntry): (() => void) | undefined;
  /** I have taken back the message that offered it. Nothing happens to one that is over. */
  cancel(transferId: string): void;
  /** The message that offered it to or by this peer is deleted, and the store knows no more what it looked like: the files go, too. */
  forget(peer: Fingerprint, transferId: string): void;
}

/** What is about to be an entry of mine. */
interface Said {
  readonly peer: Fingerprint;
  readonly id: string;
  readonly body: EntryBody;
}

/** An entry that was stored just now. */
interface Stored {
  readonly entry: StoredEntry;
  /** The message that it has changed. */
  readonly changed: StoredEntry | undefined;
  readonly afterwards: (() => void) | undefined;
}

export interface EntryOutlet {
  /** My entries to this peer have grown to `upTo`. */
  grown(peer: Fingerprint, upTo: number): void;
  /** My person has seen theirs up to `upTo`. */
  shown(peer: Fingerprint, upTo: number): void;
  /** Messages of theirs came. */
  heard(peer: Fingerprint): void;
  /** Messages, of either side, are about to be stored: they go before whatever is only large … */
  hurrying(): void;
  /** … and now both sides have them. */
  settled(): void;
}

export class Conversations {
  readonly #store: Store;
  readonly #people: People;
  readonly #published: Published;
  readonly #shown: ShownMessages;
  readonly #clock: Clock;
  /** Of each person: my entries up to here may have gone to them. Those that this engine found in the store may, too. */
  readonly #handed = new Map<Fingerprint, number>();
  readonly #burst = new Burst<Said, Message>((said) => this.#say(said));
  /** Stored just now, while links are told of it: they need not be read back. */
  #fresh: readonly StoredEntry[] = [];
  #effects: EntryEffects | undefined;
  #outlet: EntryOutlet | undefined;

  constructor(store: Store, people: People, published: Published, shown: ShownMessages, clock: Clock) {
    this.#store = store;
    this.#people = people;
    this.#published = published;
    this.#shown = shown;
    this.#clock = clock;
  }

  connect(effects: EntryEffects, outlet: EntryOutlet): void {
    this.#effects = effects;
    this.#outlet = outlet;
  }

  /**
   * Resolves once it is stored, with others that are said in the same moment. What is stored under this `id` already is answered as
   * it is: somebody asks again. Failures: textEmpty, textTooLong, notAccepted, messageUnknown for an answer to nothing that is here.
   */
  async sendText(peer: Fingerprint, text: string, replyTo?: string, id = newId()): Promise<Message> {
    const said = sayable(text);
    if (replyTo !== undefined && this.#store.messages.get(peer, replyTo) === undefined)
      throw fail('messageUnknown', {});
    const body = { kind: 'text', text: said, ...(replyTo === undefined ? {} : { replyTo }) } as const;
    return this.#burst.add({ peer, id, body });
  }

  /**
   * Nothing is written where it says this already, or was edited after `asOf`: somebody asks again. Failures: textEmpty, textTooLong,
   * notAccepted, messageUnknown.
   */
  edit(peer: Fingerprint, id: string, text: string, asOf = Number.POSITIVE_INFINITY): Message {
    const said = sayable(text);
    this.expectAccepted(peer);
    const message = this.#own(peer, id);
    if (message.body.kind !== 'text') throw fail('messageUnknown', {});
    const isOvertaken = (message.editedAt ?? 0) > asOf;
    if (searchableText(message) !== said && !isOvertaken)
      this.write(peer, { kind: 'edit', entryId: id, text: said });
    return this.#shown.of(this.#own(peer, id)) as Message;
  }

  /** Nothing happens to one of mine that is deleted already: somebody asks again. Failures: notAccepted, messageUnknown. */
  delete(peer: Fingerprint, id: string): void {
    this.expectAccepted(peer);
    if (this.#store.messages.get(peer, id, 'me')?.isDeleted) return;
    const { body, number } = this.#own(peer, id);
    if (body.kind === 'offer') this.#effects?.cancel(body.transferId);
    if (number > this.#handedOf(peer)) this.#withdraw(peer, id);
    else this.write(peer, { kind: 'delete', entryId: id });
  }

  /** Failures: notAccepted, messageUnknown, reactionInvalid, tooManyReactions. */
  react(peer: Fingerprint, id: string, emoji: string, on: boolean): void {
    this.expectAccepted(peer);
    if (!isReaction(emoji)) throw fail('reactionInvalid', {});
    const message = this.#store.messages.get(peer, id);
    if (message === undefined || message.isDeleted) throw fail('messageUnknown', {});
    const mine = (message.reactions ?? []).filter(({ from }) => from === 'me');
    if (mine.some((reaction) => reaction.emoji === emoji) === on) return;
    if (reactionsAfter(mine, { emoji, from: 'me', on }) === undefined)
      throw fail('tooManyReactions', { limit: MAX_REACTIONS });
    this.write(peer, { kind: 'react', entryId: id, emoji, on });
  }

  /** Stores an entry of mine together with its effect and lets it go out. Failures: notAccepted. */
  write(peer: Fingerprint, body: EntryBody, effect: Effect = () => undefined): StoredEntry {
    // What was said before it stays before it.
    this.#burst.flush();
    this.expectAccepted(peer);
    const said = { peer, id: newId(), body };
    const stored = this.#store.transaction(() => ({ ...this.#append(said), afterwards: effect() }));
    this.#letOut([stored]);
    this.#showMine([stored]);
    return stored.entry;
  }

  /** Throws notAccepted or peerBlocked. */
  expectAccepted(peer: Fingerprint): void {
    const standing = this.#people.contact(peer)?.standing;
    if (standing === 'accepted') return;
    throw fail(standing === 'blocked' ? 'peerBlocked' : 'notAccepted', { name: this.#people.nameOf(peer) });
  }

  /**
   * Stores entries of theirs and what they do, all or none. `onStored` hears how far theirs are stored now, before windows do: the peer
   * waits for that.
   */
  take(
    peer: Fingerprint,
    entries: readonly Entry[],
    onStored: (upTo: number) => void = () => undefined,
  ): void {
    this.#outlet?.hurrying();
    const taken = this.#store.transactionUnsynced(() =>
      entries.flatMap((entry) => this.#accept(peer, entry)),
    );
    // By this and not by SQLite, whose sync waits for the file system's journal, too (writeAheadLog.ts).
    if (!this.#store.sync()) return;
    onStored(this.#store.entries.marks(peer).received);
    this.#outlet?.settled();
    this.#tell(taken);
    if (taken.some(({ entry }) => isVisible(entry.body))) this.#outlet?.heard(peer);
    if (taken.length > 0) this.#people.refresh(peer);
  }

  /** Mine as a link sends them, so without a gap; `limit` at most MAX_ENTRIES. */
  mineAfter(peer: Fingerprint, after: number, limit: number): Entry[] {
    const { entries: stored } = this.#store;
    const { lastMine } = stored.marks(peer);
    const found = this.#freshAfter(peer, after, lastMine) ?? stored.mineAfter(peer, after, limit);
    const entries = withoutGaps(found.slice(0, limit), after, lastMine, limit);
    this.#handed.set(peer, Math.max(this.#handedOf(peer), entries.at(-1)?.number ?? 0));
    return entries;
  }

  delivered(peer: Fingerprint, upTo: number): void {
    this.#store.entries.setDelivered(peer, upTo, () => this.#people.refresh(peer));
    this.#outlet?.settled();
  }

  readByPeer(peer: Fingerprint, upTo: number): void {
    this.#store.entries.setReadByPeer(peer, upTo, () => this.#people.refresh(peer));
  }

  /**
   * They have entries of mine up to `received` that this store has lost. Those that wait here take numbers above; windows are
   * told, as receipts go by numbers. Whether it was so: no link with them counts right any more then.
   */
  skipTo(peer: Fingerprint, received: number): boolean {
    if (!this.#store.entries.skipMineTo(peer, received)) return false;
    this.#handed.set(peer, this.#store.entries.marks(peer).lastMine);
    for (let after = received; ; ) {
      const moved = this.#store.entries.mineAfter(peer, after, SLICE);
      for (const entry of moved) this.#publish('messageAdded', this.#shown.of(entry));
      if (moved.length < SLICE) break;
      after = moved.at(-1)?.number ?? after;
    }
    this.#people.refresh(peer);
    return true;
  }

  /** What my person reads of somebody who is blocked is theirs to know: the other side is told if they ever talk again. */
  markRead(peer: Fingerprint, upTo: number): void {
    if (this.#people.contact(peer)?.standing === 'blocked') return;
    if (!this.#store.entries.setReadByMe(peer, upTo)) return;
    this.#people.refresh(peer);
    this.#outlet?.shown(peer, this.#store.entries.marks(peer).readByMe);
  }

  /** Nothing for one that is here already. */
  #accept(peer: Fingerprint, entry: Entry): Stored[] {
    const taken = this.#store.entries.acceptTheirs(peer, entry);
    if (typeof taken !== 'object') return [];
    const changed = applyChange(this.#store, taken);
    return [{ entry: taken, changed, afterwards: this.#effects?.onEntry(effectiveEntry(taken, changed)) }];
  }

  #say(said: readonly Said[]): Message[] | undefined {
    this.#outlet?.hurrying();
    const all = this.#store.transactionUnsynced(() => said.map((one) => this.#sayOnce(one)));
    const added = all.filter((one) => one.isNew);
    this.#letOut(added);
    // While it is on its way: this disk and the other one work at the same time.
    if (!this.#store.sync()) return undefined;
    this.#showMine(added);
    return all.map(({ entry }) => this.#shown.of(entry) as Message);
  }

  #sayOnce(said: Said): Stored & { readonly isNew: boolean } {
    const before = this.#store.messages.get(said.peer, said.id, 'me');
    if (before !== undefined)
      return { entry: before, changed: undefined, afterwards: undefined, isNew: false };
    this.expectAccepted(said.peer);
    return { ...this.#append(said), afterwards: undefined, isNew: true };
  }

  #append({ peer, ...said }: Said): Pick<Stored, 'entry' | 'changed'> {
    this.#handedOf(peer);
    const entry = this.#store.entries.appendMine(peer, { ...said, at: this.#clock.now() });
    return { entry, changed: applyChange(this.#store, entry) };
  }

  /** To those whom it is for; windows hear of it next. */
  #letOut(stored: readonly Stored[]): void {
    this.#fresh = stored.map(({ entry }) => entry);
    for (const [peer, number] of newestOf(stored)) this.#outlet?.grown(peer, number);
    this.#fresh = [];
  }

  #showMine(stored: readonly Stored[]): void {
    this.#tell(stored);
    for (const peer of newestOf(stored).keys()) this.#people.refresh(peer);
  }

  /** Only where they are all that there is: what was stored since would look lost. */
  #freshAfter(peer: Fingerprint, after: number, lastMine: number): StoredEntry[] | undefined {
    const fresh = this.#fresh.filter((entry) => entry.peer === peer);
    return fresh[0]?.number === after + 1 && fresh.at(-1)?.number === lastMine ? fresh : undefined;
  }

  #own(peer: Fingerprint, id: string): StoredEntry {
    const message = ownMessage(this.#store, { peer, from: 'me' }, id);
    if (message === undefined) throw fail('messageUnknown', {});
    return message;
  }

  /** It never went anywhere, so that nobody else has to forget it. */
  #withdraw(peer: Fingerprint, id: string): void {
    const message = this.#own(peer, id);
    this.#store.transaction(() => forgetMessage(this.#store, message));
    this.#tellChange(message);
    this.#people.refresh(peer);
  }

  #handedOf(peer: Fingerprint): number {
    const known = this.#handed.get(peer);
    if (known !== undefined) return known;
    const { lastMine } = this.#store.entries.marks(peer);
    this.#handed.set(peer, lastMine);
    return lastMine;
  }

  /** A message that came together with its changes is shown as it is after them; one that has many is shown once. */
  #tell(stored: readonly Stored[]): void {
    const changes = changesIn(stored);
    for (const { entry, afterwards } of stored) {
      afterwards?.();
      const isChanged = changes.has(entry.id);
      this.#publish(
        'messageAdded',
        isChanged ? this.#shown.now(entry.peer, entry.id) : this.#shown.of(entry),
      );
    }
    for (const before of changes.values()) this.#tellChange(before);
  }

  /** `before` its change. */
  #tellChange({ peer, id, body }: StoredEntry): void {
    const message = this.#shown.now(peer, id);
    if (message?.body.kind === 'deleted' && body.kind === 'offer')
      this.#effects?.forget(peer, body.transferId);
    this.#publish('messageChanged', message);
  }

  #publish(kind: 'messageAdded' | 'messageChanged', message: Message | undefined): void {
    if (message !== undefined) this.#published.publish({ kind, message });
  }
}

/** The number of the newest, by peer. */
function newestOf(stored: readonly Stored[]): Map<Fingerprint, number> {
  return new Map(stored.map(({ entry }) => [entry.peer, entry.number]));
}

/** The messages that were changed, as they were before, by their ids. */
function changesIn(stored: readonly Stored[]): Map<string, StoredEntry> {
  const changes = new Map<string, StoredEntry>();
  for (const { changed } of stored) {
    if (changed !== undefined && !changes.has(changed.id)) changes.set(changed.id, changed);
  }
  return changes;
}

/** To the transfers, an offer that was taken back is one that was cancelled. */
function effectiveEntry(entry: StoredEntry, changed: StoredEntry | undefined): StoredEntry {
  if (entry.body.kind !== 'delete' || changed?.body.kind !== 'offer') return entry;
  return { ...entry, body: { kind: 'cancel', transferId: changed.body.transferId } };
}

/** Mended where it is no Unicode, so that every side has the same. Failures: textEmpty, textTooLong. */
function sayable(text: string): string {
  if (text.trim() === '') throw fail('textEmpty', {});
  if (text.length > MAX_TEXT_LENGTH)
    throw fail('textTooLong', { length: text.length, limit: MAX_TEXT_LENGTH });
  return text.toWellFormed();
}

function newId(): string {
  return randomBytes(16).toString('hex');
}
