// Search without an index: looks at the newest messages one by one. For an SQLite without FTS5, and for what is not indexed yet.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { COLUMNS, type EntryRow, entryOf, type StoredEntry } from './entryRow.ts';
import { hasAll, type SoughtWord, wordsIn } from './searchText.ts';

export interface SearchWish {
  readonly sought: readonly SoughtWord[];
  readonly peer?: Fingerprint | undefined;
  /** Orders below this. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Found {
  /** Newest first. */
  readonly entries: readonly StoredEntry[];
  readonly hasMore: boolean;
  /** Older ones were not looked at. */
  readonly isPartial: boolean;
}

/** Messages that one search looks at: some tens of milliseconds. */
export const MAX_SCANNED = 10_000;

const NEWEST = 'AND visible = 1 AND deleted = 0 AND position < :before ORDER BY position DESC';

export const SEARCH_SCAN_SQL = {
  all: `SELECT peer, ${COLUMNS} FROM entries JOIN conversations ON conversations.id = conversation
    WHERE +conversation > 0 ${NEWEST} LIMIT ${MAX_SCANNED}`,
  ofPeer: `SELECT :peer AS peer, ${COLUMNS} FROM entries
    WHERE conversation = (SELECT id FROM conversations WHERE peer = :peer) ${NEWEST} LIMIT ${MAX_SCANNED}`,
} as const;

type Row = EntryRow & { readonly peer: Fingerprint };

export class SearchScan {
  readonly #all: Statement<Row>;
  readonly #ofPeer: Statement<Row>;

  constructor(database: Database) {
    this.#all = database.prepare(SEARCH_SCAN_SQL.all);
    this.#ofPeer = database.prepare(SEARCH_SCAN_SQL.ofPeer);
  }

  find({ sought, peer, before = Number.MAX_SAFE_INTEGER, limit }: SearchWish): Found {
    const entries: StoredEntry[] = [];
    const rows = peer === undefined ? this.#all.all({ before }) : this.#ofPeer.all({ peer, before });
    for (const { peer: of, ...row } of rows) {
      const entry = entryOf(of, row);
      if (!hasAll(wordsIn(searchableText(entry)), sought)) continue;
      if (entries.length === limit) return { entries, hasMore: true, isPartial: false };
      entries.push(entry);
    }
    return { entries, hasMore: false, isPartial: rows.length === MAX_SCANNED };
  }
}

/** What a message can be found by: its text as it is now, or the name of its file. */
export function searchableText({ body, editedText, isDeleted }: StoredEntry): string {
  if (isDeleted) return '';
  if (body.kind === 'offer') return body.name;
  return body.kind === 'text' ? (editedText ?? body.text) : '';
}
