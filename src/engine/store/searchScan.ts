// Search without an index: looks at the newest messages one by one. For an SQLite without FTS5, and for what is not indexed yet.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { COLUMNS, type EntryRow, entryOf, type StoredEntry, searchableText } from './entryRow.ts';
import { costOf, hasAll, type SoughtWord, wordsIn } from './searchText.ts';

/** Messages that one search looks at: some tens of milliseconds. */
export const MAX_SCANNED = 5_000;
/** UTF-16 units that one search reads and compares, and those of one message more: a peer may write thousands of long ones. */
export const MAX_SCANNED_LENGTH = 2 * 1024 * 1024;
/** Messages that are read from the store together. */
const PAGE = 100;

const NEWEST = `AND visible = 1 AND deleted = 0 AND position < :before AND position > :after
  ORDER BY position DESC LIMIT ${PAGE}`;

export const SEARCH_SCAN_SQL = {
  all: `SELECT peer, ${COLUMNS} FROM entries JOIN conversations ON conversations.id = conversation
    WHERE +conversation > 0 ${NEWEST}`,
  ofPeer: `SELECT :peer AS peer, ${COLUMNS} FROM entries
    WHERE conversation = (SELECT id FROM conversations WHERE peer = :peer) ${NEWEST}`,
} as const;

type Row = EntryRow & { readonly peer: Fingerprint };

interface ScanWish {
  readonly sought: readonly SoughtWord[];
  readonly peer: Fingerprint | undefined;
  /** Orders below this. */
  readonly before: number;
  /** Orders above this. */
  readonly after: number;
  readonly limit: number;
}

export class SearchScan {
  readonly #all: Statement<Row>;
  readonly #ofPeer: Statement<Row>;

  constructor(database: Database) {
    this.#all = database.prepare(SEARCH_SCAN_SQL.all);
    this.#ofPeer = database.prepare(SEARCH_SCAN_SQL.ofPeer);
  }

  /** Newest first, with orders between `after` and `before`. `isPartial`: older ones of these were not looked at. */
  find(wish: ScanWish): { readonly entries: readonly StoredEntry[]; readonly isPartial: boolean } {
    const entries: StoredEntry[] = [];
    let scanned = 0;
    let length = 0;
    for (const { peer, ...row } of this.#newest(wish)) {
      if (scanned === MAX_SCANNED || length > MAX_SCANNED_LENGTH) return { entries, isPartial: true };
      const entry = entryOf(peer, row);
      const text = searchableText(entry);
      if (hasAll(wordsIn(text), wish.sought)) entries.push(entry);
      if (entries.length === wish.limit) return { entries, isPartial: true };
      scanned++;
      length += row.body.length + costOf(text);
    }
    return { entries, isPartial: false };
  }

  /** Page by page, as far as they are taken. */
  *#newest({ peer, before, after }: ScanWish): Generator<Row> {
    for (let below = before; ; ) {
      const range = { before: below, after };
      const page = peer === undefined ? this.#all.all(range) : this.#ofPeer.all({ peer, ...range });
      yield* page;
      if (page.length < PAGE) return;
      below = page.at(-1)?.position ?? after;
    }
  }
}
