// The words of all messages, in an FTS5 table: derived data, filled in small slices, oldest first, behind the messages
// themselves. Which of them are in it is written down in the same transaction.

import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { COLUMNS, type EntryRow, entryOf, type StoredEntry, searchableText } from './entryRow.ts';
import { costOf, type SoughtWord, wordsIn } from './searchText.ts';

/** Another one throws the index away: which words stand for a text, or how the table is made, has changed. */
const LAYOUT = 3;
/** Messages per slice: some 3 ms, with what is merged. */
const SLICE = 100;
/** UTF-16 units per slice, so that long texts do not make it longer. */
const SLICE_LENGTH = 32 * 1024;
/** Pages per step of merging. SQLite's own way merges a whole level in the one commit that fills it: hundreds of milliseconds. */
const MERGE_PAGES = 16;
/** In front of a conversation's number; no letter, so that nobody can write such a word. */
const CONVERSATION = '\u{E000}';

// Only which message has a word is kept: no places and no texts. The last word of a query may be the beginning of one; those
// of up to eight characters have lists of their own, as words that begin so can be everywhere. Marks (M*) are part of words: what
// SQLite's older Unicode counts as one may be a letter to whoever made the words, who leaves out all that are none.
const TABLES = `
  CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', detail = none, columnsize = 0,
    prefix = '1 2 3 4 5 6 7 8', tokenize = 'unicode61 remove_diacritics 2 categories ''L* M* N* Co'''
  );
  INSERT INTO search (search, rank) VALUES ('secure-delete', 1), ('automerge', 0), ('crisismerge', 64);
  CREATE TABLE searchState (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    layout INTEGER NOT NULL,
    indexed INTEGER NOT NULL -- entries up to this position are in the index
  ) STRICT;
  INSERT INTO searchState VALUES (1, ${LAYOUT}, 0);
`;

export const SEARCH_INDEX_SQL = {
  state: 'SELECT layout, indexed FROM searchState WHERE id = 1',
  setIndexed: 'UPDATE searchState SET indexed = :position WHERE id = 1',
  add: 'INSERT INTO search (rowid, words) VALUES (:position, :words)',
  remove: "INSERT INTO search (search, rowid, words) VALUES ('delete', :position, :words)",
  merge: `INSERT INTO search (search, rank) VALUES ('merge', ${MERGE_PAGES})`,
  find: `SELECT rowid AS position FROM search
    WHERE search MATCH :match AND rowid < :before ORDER BY rowid DESC LIMIT :limit`,
  conversation: 'SELECT id FROM conversations WHERE peer = :peer',
  behind: `SELECT peer, conversation, ${COLUMNS} FROM entries JOIN conversations ON conversations.id = conversation
    WHERE position > :position AND visible = 1 AND deleted = 0 ORDER BY position LIMIT ${SLICE}`,
  newest: 'SELECT max(position) AS position FROM entries',
} as const;

type Row = EntryRow & { readonly peer: Fingerprint; readonly conversation: number };
interface Position {
  readonly position: number;
}
interface State {
  readonly layout: number;
  readonly indexed: number;
}

export class SearchIndex {
  readonly #database: Database;
  readonly #setIndexed: Statement<never>;
  readonly #add: Statement<never>;
  readonly #remove: Statement<never>;
  readonly #merge: Statement<never>;
  readonly #find: Statement<Position>;
  readonly #conversation: Statement<{ readonly id: number }>;
  readonly #behind: Statement<Row>;
  readonly #newest: Statement<Partial<Position>>;
  #indexed: number;
  #isMerged = false;

  /**
   * The index of this database, made where it is missing or of another layout. Undefined where this SQLite has no FTS5, or the disk has
   * no room to make it: the next start does.
   */
  static of(database: Database, canIndex = hasFts5(database)): SearchIndex | undefined {
    const layout = layoutOf(database);
    if (!canIndex) {
      // Messages change without it from now on: whoever has FTS5 next makes it anew.
      if (layout !== undefined) database.exec('UPDATE searchState SET layout = 0');
      return undefined;
    }
    return layout === LAYOUT || makeAnew(database) ? new SearchIndex(database) : undefined;
  }

  private constructor(database: Database) {
    this.#database = database;
    this.#setIndexed = database.prepare(SEARCH_INDEX_SQL.setIndexed);
    this.#add = database.prepare(SEARCH_INDEX_SQL.add);
    this.#remove = database.prepare(SEARCH_INDEX_SQL.remove);
    this.#merge = database.prepare(SEARCH_INDEX_SQL.merge);
    this.#find = database.prepare(SEARCH_INDEX_SQL.find);
    this.#conversation = database.prepare(SEARCH_INDEX_SQL.conversation);
    this.#behind = database.prepare(SEARCH_INDEX_SQL.behind);
    this.#newest = database.prepare(SEARCH_INDEX_SQL.newest);
    this.#indexed = database.prepare<State>(SEARCH_INDEX_SQL.state).get()?.indexed ?? 0;
  }

  /** Entries up to this order are in the index. */
  get indexed(): number {
    return this.#indexed;
  }

  /** How many orders there are above `indexed`. */
  get behind(): number {
    return (this.#newest.get()?.position ?? 0) - this.#indexed;
  }

  /** Puts the next messages in, or tidies up once all are. A few milliseconds; whether there is more to do. */
  step(): boolean {
    if (this.behind > 0) {
      this.fill();
      return true;
    }
    if (!this.#isMerged) this.#isMerged = !this.#mergeStep();
    return !this.#isMerged;
  }

  /** In the transaction that changes a message: from `before`, which it must be up to now, to `text`. */
  change(before: StoredEntry, text: string): void {
    const { order: position, peer } = before;
    if (position > this.#indexed) return;
    const conversation = this.#conversation.get({ peer })?.id ?? 0;
    this.#remove.run({ position, words: documentOf(searchableText(before), conversation) });
    this.#add.run({ position, words: documentOf(text, conversation) });
    this.#isMerged = false;
  }

  /** Orders of messages with all these words, newest first, from below `before`. */
  find(
    sought: readonly SoughtWord[],
    peer: Fingerprint | undefined,
    before: number,
    limit: number,
  ): number[] {
    const conversation = peer === undefined ? undefined : (this.#conversation.get({ peer })?.id ?? 0);
    const match = matchOf(sought, conversation);
    return this.#find.all({ match, before, limit }).map(({ position }) => position);
  }

  /**
   * Puts the next slice of messages in; how long their texts are, in UTF-16 units. What is lost of this in a power cut is put
   * in once more: the mark is lost with it.
   */
  fill(): number {
    const { upTo, length } = this.#database.relaxed(() =>
      this.#database.transaction(() => this.#fillSlice()),
    );
    this.#indexed = upTo;
    this.#isMerged = false;
    this.#mergeStep();
    return length;
  }

  #fillSlice(): { readonly upTo: number; readonly length: number } {
    const newest = this.#newest.get()?.position ?? 0;
    const rows = this.#behind.all({ position: this.#indexed });
    let length = 0;
    let upTo = this.#indexed;
    for (const { peer, conversation, ...row } of rows) {
      if (length > SLICE_LENGTH) break;
      const text = searchableText(entryOf(peer, row));
      this.#add.run({ position: row.position, words: documentOf(text, conversation) });
      length += costOf(text);
      upTo = row.position;
    }
    if (rows.length < SLICE && length <= SLICE_LENGTH) upTo = newest;
    this.#setIndexed.run({ position: upTo });
    return { upTo, length };
  }

  /** Whether there was something to merge. */
  #mergeStep(): boolean {
    // Fewer than two rows of the table have changed: see "merge" at https://www.sqlite.org/fts5.html
    return this.#database.relaxed(() => this.#merge.run()) >= 2;
  }
}

function documentOf(text: string, conversation: number): string {
  return [...wordsIn(text), CONVERSATION + conversation.toString(36)].join(' ');
}

/** Words are letters and digits alone (searchText.ts), so that quotes hold them. */
function matchOf(sought: readonly SoughtWord[], conversation: number | undefined): string {
  const words = sought.map(({ parts, joined }, i) => {
    const end = i === sought.length - 1 ? '*' : '';
    const inParts = parts.map((part, at) => `"${part}"${at === parts.length - 1 ? end : ''}`).join(' AND ');
    return parts.length === 1 ? inParts : `((${inParts}) OR "${joined}"${end})`;
  });
  const all =
    conversation === undefined ? words : [...words, `"${CONVERSATION}${conversation.toString(36)}"`];
  return all.join(' AND ');
}

function hasFts5(database: Database): boolean {
  return database.prepare("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").get() !== undefined;
}

function layoutOf(database: Database): number | undefined {
  const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'searchState'").get();
  return exists === undefined
    ? undefined
    : (database.prepare<State>(SEARCH_INDEX_SQL.state).get()?.layout ?? 0);
}

/** Whether it could be written. Nothing has changed else. */
function makeAnew(database: Database): boolean {
  try {
    database.transaction(() => {
      database.exec('DROP TABLE IF EXISTS search; DROP TABLE IF EXISTS searchState');
      database.exec(TABLES);
    });
    return true;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return false;
  }
}
