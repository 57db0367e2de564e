// Search without an index: looks at the newest messages one by one. For an SQLite without FTS5, and for what is not indexed yet.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { COLUMNS, type EntryRow, entryOf, type StoredEntry, searchableText } from './entryRow.ts';
import { hasAll, type SoughtWord, wordsIn } from './searchText.ts';

/** Messages that one search looks at: some tens of milliseconds. */
export const MAX_SCANNED = 5_000;

const NEWEST = `AND visible = 1 AND deleted = 0 AND position < :before AND position > :after
  ORDER BY position DESC LIMIT ${MAX_SCANNED}`;

export const SEARCH_SCAN_SQL = {
  all: `SELECT peer, ${COLUMNS} FROM entries JOIN conversations ON conversations.id = conversation
    WHERE +conversation > 0 ${NEWEST}`,
  ofPeer: `SELECT :peer AS peer, ${COLUMNS} FROM entries
    WHERE conversation = (SELECT id FROM conversations WHERE peer = :peer) ${NEWEST}`,
} as const;

type Row = EntryRow & { readonly peer: Fingerprint };

export class SearchScan {
  readonly #all: Statement<Row>;
  readonly #ofPeer: Statement<Row>;

  constructor(database: Database) {
    this.#all = database.prepare(SEARCH_SCAN_SQL.all);
    this.#ofPeer = database.prepare(SEARCH_SCAN_SQL.ofPeer);
  }

  /** Newest first, with orders between `after` and `before`. `isPartial`: older ones of these were not looked at. */
  find({
    sought,
    peer,
    before,
    after,
    limit,
  }: {
    readonly sought: readonly SoughtWord[];
    readonly peer: Fingerprint | undefined;
    readonly before: number;
    readonly after: number;
    readonly limit: number;
  }): { readonly entries: readonly StoredEntry[]; readonly isPartial: boolean } {
    const entries: StoredEntry[] = [];
    const range = { before, after };
    const rows = peer === undefined ? this.#all.all(range) : this.#ofPeer.all({ peer, ...range });
    for (const { peer: of, ...row } of rows) {
      const entry = entryOf(of, row);
      if (hasAll(wordsIn(searchableText(entry)), sought)) entries.push(entry);
      if (entries.length === limit) return { entries, isPartial: true };
    }
    return { entries, isPartial: rows.length === MAX_SCANNED };
  }
}
