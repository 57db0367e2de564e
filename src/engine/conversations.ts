// The numbered entries of every conversation, between the store, the links and what windows show.
// An entry is stored before it is sent, and before it is acknowledged.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { fail } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { MAX_TEXT_LENGTH, type Message } from '../contract/message.ts';
import type { History } from '../contract/state.ts';
import type { Entry, EntryBody } from '../wire/linkFrames.ts';
import type { People } from './people.ts';
import type { Published } from './published.ts';
import type { StoredEntry } from './store/entries.ts';
import type { Store } from './store/store.ts';
import { shownTransfer } from './store/transfers.ts';

/** The most messages in one page of history. */
const MAX_PAGE = 500;

/** Runs in the transaction that stores an entry; what it returns runs once that is committed, before the entry is shown. */
export type Effect = () => (() => void) | undefined;

/** What entries of theirs do to transfers. */
export interface EntryEffects {
  onEntry(entry: StoredEntry): (() => void) | undefined;
}

export interface EntryOutlet {
  /** My entries to this peer have grown to `upTo`. */
  grown(peer: Fingerprint, upTo: number): void;
  /** My person has seen theirs up to `upTo`. */
  shown(peer: Fingerprint, upTo: number): void;
}

export class Conversations {
  readonly #store: Store;
  readonly #people: People;
  readonly #published: Published;
  readonly #clock: Clock;
  #effects: EntryEffects | undefined;
  #outlet: EntryOutlet | undefined;

  constructor(store: Store, people: People, published: Published, clock: Clock) {
    this.#store = store;
    this.#people = people;
    this.#published = published;
    this.#clock = clock;
  }

  connect(effects: EntryEffects, outlet: EntryOutlet): void {
    this.#effects = effects;
    this.#outlet = outlet;
  }

  sendText(peer: Fingerprint, text: string): Message {
    if (text.trim() === '') throw fail('textEmpty', {});
    if (text.length > MAX_TEXT_LENGTH)
      throw fail('textTooLong', { length: text.length, limit: MAX_TEXT_LENGTH });
    return messageOf(this.write(peer, { kind: 'text', text: text.toWellFormed() })) as Message;
  }

  /** Stores an entry of mine together with its effect and lets it go out. Failures: notAccepted. */
  write(peer: Fingerprint, body: EntryBody, effect: Effect = () => undefined): StoredEntry {
    this.expectAccepted(peer);
    const draft = { id: randomBytes(16).toString('hex'), at: this.#clock.now(), body };
    const { entry, afterwards } = this.#store.transaction(() => ({
      entry: this.#store.entries.appendMine(peer, draft),
      afterwards: effect(),
    }));
    afterwards?.();
    this.#publish(entry);
    this.#people.refresh(peer);
    this.#outlet?.grown(peer, entry.number);
    return entry;
  }

  /** Throws notAccepted or peerBlocked. */
  expectAccepted(peer: Fingerprint): void {
    const standing = this.#people.contact(peer)?.standing;
    if (standing === 'accepted') return;
    throw fail(standing === 'blocked' ? 'peerBlocked' : 'notAccepted', { name: this.#people.nameOf(peer) });
  }

  /** Stores entries of theirs and what they do, all or none. Returns how far theirs are stored now. */
  take(peer: Fingerprint, entries: readonly Entry[]): number {
    const taken = this.#store.transaction(() => entries.flatMap((entry) => this.#accept(peer, entry)));
    for (const { entry, afterwards } of taken) {
      afterwards?.();
      this.#publish(entry);
    }
    if (taken.length > 0) this.#people.refresh(peer);
    return this.#store.entries.marks(peer).received;
  }

  mineAfter(peer: Fingerprint, after: number, limit: number): Entry[] {
    return this.#store.entries.mineAfter(peer, after, limit);
  }

  delivered(peer: Fingerprint, upTo: number): void {
    this.#store.entries.setDelivered(peer, upTo);
    this.#people.refresh(peer);
  }

  readByPeer(peer: Fingerprint, upTo: number): void {
    this.#store.entries.setReadByPeer(peer, upTo);
    this.#people.refresh(peer);
  }

  /**
   * They have entries of mine up to `received` that this store has lost. Those that wait here take numbers above; windows are
   * told, as receipts go by numbers.
   */
  skipTo(peer: Fingerprint, received: number): void {
    if (!this.#store.entries.skipMineTo(peer, received)) return;
    for (let after = received; ; ) {
      const moved = this.#store.entries.mineAfter(peer, after, MAX_PAGE);
      for (const entry of moved) this.#publish(entry);
      if (moved.length < MAX_PAGE) break;
      after = moved.at(-1)?.number ?? after;
    }
    this.#people.refresh(peer);
  }

  /** What my person reads of somebody who is blocked is theirs to know: the other side is told if they ever talk again. */
  markRead(peer: Fingerprint, upTo: number): void {
    if (this.#people.contact(peer)?.standing === 'blocked') return;
    const before = this.#store.entries.marks(peer).readByMe;
    this.#store.entries.setReadByMe(peer, upTo);
    const { readByMe } = this.#store.entries.marks(peer);
    if (readByMe === before) return;
    this.#people.refresh(peer);
    this.#outlet?.shown(peer, readByMe);
  }

  history(peer: Fingerprint, before: number | undefined, limit: number): History {
    const page = this.#store.entries.history(peer, before, Math.max(1, Math.min(limit, MAX_PAGE)));
    const messages = page.entries.map(messageOf).filter((message) => message !== undefined);
    const ids = messages.flatMap(({ body }) => (body.kind === 'transfer' ? [body.transferId] : []));
    const shown = this.#published.state.transfers;
    const transfers = this.#store.transfers
      .many(ids)
      .map((stored) => shown[stored.id] ?? shownTransfer(stored));
    return { peer, messages, transfers, hasEarlier: page.hasEarlier };
  }

  /** Nothing for one that is here already. */
  #accept(peer: Fingerprint, entry: Entry): { entry: StoredEntry; afterwards: (() => void) | undefined }[] {
    const taken = this.#store.entries.acceptTheirs(peer, entry);
    return typeof taken === 'object' ? [{ entry: taken, afterwards: this.#effects?.onEntry(taken) }] : [];
  }

  #publish(entry: StoredEntry): void {
    const message = messageOf(entry);
    if (message !== undefined) this.#published.publish({ kind: 'messageAdded', message });
  }
}

/** The message that a person sees for an entry; control entries have none. */
export function messageOf({ id, peer, from, number, order, at, body }: StoredEntry): Message | undefined {
  const shown = { id, peer, from, number, order, at };
  if (body.kind === 'text') return { ...shown, body };
  return body.kind === 'offer'
    ? { ...shown, body: { kind: 'transfer', transferId: body.transferId } }
    : undefined;
}
