// The entries that a person sees: pages of them, one by its id, and what edits, deletions and reactions make of them.
// The same rows as in entries.ts, which knows them as numbered entries.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Reaction } from '../../contract/message.ts';
import type { Database, Statement } from './database.ts';
import { MAX_ENTRIES } from './entries.ts';
import { bodyText, COLUMNS, type EntryRow, entryOf, OF_PEER, type StoredEntry } from './entryRow.ts';
import type { Search } from './search.ts';

export interface HistoryPage {
  /** Oldest first. */
  readonly entries: readonly StoredEntry[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
}

const WITHDRAWN = bodyText({ kind: 'withdrawn' });

export const MESSAGES_SQL = {
  before: `SELECT ${COLUMNS} FROM entries
    WHERE ${OF_PEER} AND visible = 1 AND position < :order ORDER BY position DESC LIMIT :limit`,
  from: `SELECT ${COLUMNS} FROM entries
    WHERE ${OF_PEER} AND visible = 1 AND position >= :order ORDER BY position LIMIT :limit`,
  // The first one: an earlier version stored those of theirs, too, that took the id of one of mine.
  get: `SELECT ${COLUMNS} FROM entries
    WHERE ${OF_PEER} AND visible = 1 AND entries.id = :id ORDER BY position LIMIT 1`,
  getOf: `SELECT ${COLUMNS} FROM entries
    WHERE ${OF_PEER} AND visible = 1 AND entries.id = :id AND +mine = :mine ORDER BY position LIMIT 1`,
  edit: 'UPDATE entries SET editedText = :text, editedAt = :at WHERE position = :order',
  forget: `UPDATE entries SET body = '${WITHDRAWN}', deleted = 1, editedText = NULL, editedAt = NULL, reactions = NULL,
    about = NULL WHERE position = :order`,
  // `+`: by what they are about, not by the index over `mine`, which would look at all that this writer ever said.
  forgetEdits: `UPDATE entries SET body = '${WITHDRAWN}', about = NULL WHERE ${OF_PEER} AND about = :id
    AND +mine = :mine AND visible = 0 AND json_extract(body, '$.kind') = 'edit'`,
  setReactions: 'UPDATE entries SET reactions = :reactions WHERE position = :order',
} as const;

export class MessagesTable {
  readonly #before: Statement<EntryRow>;
  readonly #from: Statement<EntryRow>;
  readonly #get: Statement<EntryRow>;
  readonly #getOf: Statement<EntryRow>;
  readonly #edit: Statement<never>;
  readonly #forget: Statement<never>;
  readonly #forgetEdits: Statement<never>;
  readonly #setReactions: Statement<never>;
  readonly #search: Search;
  readonly #onForgotten: (peer: Fingerprint) => void;

  /**
   * Edits and deletions change what `search` finds, too. `onForgotten`: what is counted has changed, and the log of the database
   * still has what was deleted.
   */
  constructor(database: Database, search: Search, onForgotten: (peer: Fingerprint) => void) {
    this.#onForgotten = onForgotten;
    this.#search = search;
    this.#before = database.prepare(MESSAGES_SQL.before);
    this.#from = database.prepare(MESSAGES_SQL.from);
    this.#get = database.prepare(MESSAGES_SQL.get);
    this.#getOf = database.prepare(MESSAGES_SQL.getOf);
    this.#edit = database.prepare(MESSAGES_SQL.edit);
    this.#forget = database.prepare(MESSAGES_SQL.forget);
    this.#forgetEdits = database.prepare(MESSAGES_SQL.forgetEdits);
    this.#setReactions = database.prepare(MESSAGES_SQL.setReactions);
  }

  /** The newest with an order below `before`, at most `limit` (up to MAX_ENTRIES). */
  pageBefore(peer: Fingerprint, before: number | undefined, limit: number): HistoryPage {
    const { found, hasMore } = this.#page(this.#before, peer, before ?? Number.MAX_SAFE_INTEGER, limit);
    return { entries: found.reverse(), hasEarlier: hasMore, hasLater: before !== undefined };
  }

  /** The oldest with an order above `after`, at most `limit` (up to MAX_ENTRIES). */
  pageAfter(peer: Fingerprint, after: number, limit: number): HistoryPage {
    const { found, hasMore } = this.#page(this.#from, peer, after + 1, limit);
    return { entries: found, hasEarlier: true, hasLater: hasMore };
  }

  /** Half of `limit` (up to MAX_ENTRIES) with an order below `order`, half from it on. */
  pageAround(peer: Fingerprint, order: number, limit: number): HistoryPage {
    const half = Math.ceil(Math.min(limit, MAX_ENTRIES) / 2);
    const earlier = this.#page(this.#before, peer, order, half);
    const later = this.#page(this.#from, peer, order, half);
    const entries = [...earlier.found.reverse(), ...later.found];
    return { entries, hasEarlier: earlier.hasMore, hasLater: later.hasMore };
  }

  /** One that a person sees, of either writer or of this one. */
  get(peer: Fingerprint, id: string, from?: StoredEntry['from']): StoredEntry | undefined {
    const row =
      from === undefined ? this.#get.get({ peer, id }) : this.#getOf.get({ peer, id, mine: from === 'me' });
    return row === undefined ? undefined : entryOf(peer, row);
  }

  /** `message` as it stands in the store. */
  edit(message: StoredEntry, text: string, at: number): void {
    this.#search.change(message, text);
    this.#edit.run({ order: message.order, text, at });
  }

  /** What it said, and what its edits said, is gone; its number and place stay. `message` as it stands in the store. */
  forget(message: StoredEntry): void {
    const { peer, order, id, from } = message;
    this.#search.change(message, '');
    this.#forget.run({ order });
    this.#forgetEdits.run({ peer, id, mine: from === 'me' });
    this.#onForgotten(peer);
  }

  setReactions({ order }: StoredEntry, reactions: readonly Reaction[]): void {
    this.#setReactions.run({ order, reactions: reactions.length === 0 ? null : JSON.stringify(reactions) });
  }

  #page(statement: Statement<EntryRow>, peer: Fingerprint, order: number, limit: number) {
    const most = Math.min(limit, MAX_ENTRIES);
    const rows = statement.all({ peer, order, limit: most + 1 });
    return { found: rows.slice(0, most).map((row) => entryOf(peer, row)), hasMore: rows.length > most };
  }
}
