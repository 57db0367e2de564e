// Finds messages by their words: through the index what is in it, and one by one what is newer.

import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { COLUMNS, type EntryRow, entryOf, type StoredEntry } from './entryRow.ts';
import type { SearchIndex } from './searchIndex.ts';
import { SearchScan } from './searchScan.ts';
import type { SoughtWord } from './searchText.ts';

interface Wish {
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
  /** Not all messages were looked at. */
  readonly isPartial: boolean;
}

/** Messages that are put into the index before a search, so that few are looked at one by one. */
const MAX_CAUGHT_UP = 400;
/** UTF-16 units of these, and a slice more: below a tenth of a second. */
const MAX_CAUGHT_UP_LENGTH = 128 * 1024;

export const SEARCH_SQL = {
  at: `SELECT peer, ${COLUMNS} FROM entries JOIN conversations ON conversations.id = conversation
    WHERE position = :position`,
} as const;

export class Search {
  readonly #scan: SearchScan;
  readonly #at: Statement<EntryRow & { readonly peer: Fingerprint }>;
  readonly #index: SearchIndex | undefined;

  constructor(database: Database, index: SearchIndex | undefined) {
    this.#scan = new SearchScan(database);
    this.#at = database.prepare(SEARCH_SQL.at);
    this.#index = index;
  }

  /** Some milliseconds of what waits to be put into the index; whether there is more. */
  step(): boolean {
    return this.#index?.step() ?? false;
  }

  /** In the transaction that makes `before` say `text`; nothing where it is deleted. */
  change(before: StoredEntry, text: string): void {
    this.#index?.change(before, text);
  }

  find({ sought, peer, before = Number.MAX_SAFE_INTEGER, limit }: Wish): Found {
    this.#catchUp();
    const indexed = this.#index?.indexed ?? 0;
    // One more than is asked for shows that there is more.
    const newer = this.#scan.find({ sought, peer, before, after: indexed, limit: limit + 1 });
    const older = this.#inIndex(sought, peer, before, limit + 1 - newer.entries.length);
    const entries = [...newer.entries, ...older];
    return {
      entries: entries.slice(0, limit),
      hasMore: entries.length > limit,
      // The next page begins below this one: between the newest and the index it looks at nothing any more.
      isPartial: newer.isPartial && newer.entries.length <= limit,
    };
  }

  /** A disk that has no room for the index keeps nobody from reading: what is not in it is looked at one by one. */
  #catchUp(): void {
    const index = this.#index;
    if (index === undefined || index.behind > MAX_CAUGHT_UP) return;
    try {
      for (let length = 0; index.behind > 0 && length < MAX_CAUGHT_UP_LENGTH; ) length += index.fill();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
    }
  }

  #inIndex(sought: readonly SoughtWord[], peer: Fingerprint | undefined, before: number, limit: number) {
    const positions = limit === 0 ? [] : (this.#index?.find(sought, peer, before, limit) ?? []);
    return positions.flatMap((position) => {
      const found = this.#at.get({ position });
      if (found === undefined) return [];
      const { peer: of, ...row } = found;
      return entryOf(of, row);
    });
  }
}
