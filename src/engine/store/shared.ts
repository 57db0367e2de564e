// The files that my person shares: which, under what name, and with whom. Few by contract (MAX_SHARED_ITEMS).

import type { OwnSharedItem } from '../../contract/shared.ts';
import type { Database, Parameters, Statement } from './database.ts';

interface Row {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly sharedWith: string;
}

const COLUMNS = 'id, path, name, mediaType, sizeBytes, modifiedAtMs, sharedWith';

export const SHARED_SQL = {
  all: `SELECT ${COLUMNS} FROM shared ORDER BY position`,
  put: `INSERT INTO shared (${COLUMNS}) VALUES (:id, :path, :name, :mediaType, :sizeBytes, :modifiedAtMs, :sharedWith)
    ON CONFLICT (id) DO UPDATE SET (${COLUMNS}) =
    (:id, :path, :name, :mediaType, :sizeBytes, :modifiedAtMs, :sharedWith)`,
  remove: 'DELETE FROM shared WHERE id = :id',
} as const;

export class SharedTable {
  readonly #all: Statement<Row>;
  readonly #put: Statement<never>;
  readonly #remove: Statement<never>;

  constructor(database: Database) {
    this.#all = database.prepare(SHARED_SQL.all);
    this.#put = database.prepare(SHARED_SQL.put);
    this.#remove = database.prepare(SHARED_SQL.remove);
  }

  /** In the order in which they were shared first. */
  all(): OwnSharedItem[] {
    return this.#all.all().map(itemOf);
  }

  /** Adds or replaces; a replaced one keeps its place. */
  put(item: OwnSharedItem): void {
    this.#put.run(parametersOf(item));
  }

  remove(id: string): void {
    this.#remove.run({ id });
  }
}

function itemOf({ modifiedAtMs: modifiedAt, sharedWith, ...row }: Row): OwnSharedItem {
  return { ...row, modifiedAt, with: JSON.parse(sharedWith) as OwnSharedItem['with'] };
}

function parametersOf({ modifiedAt: modifiedAtMs, with: sharedWith, ...item }: OwnSharedItem): Parameters {
  return { ...item, modifiedAtMs, sharedWith: JSON.stringify(sharedWith) };
}
