// Every picture or file that was ever offered, in either direction, and where it stands.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { isFinal, type Transfer, type TransferState } from '../../contract/transfer.ts';
import type { Database, Parameters, Statement } from './database.ts';

export interface StoredTransfer extends Transfer {
  /** Where the receiver wants it; the download folder when absent. */
  readonly folder?: string;
  /** The source file's time of change when it was offered, ms since the epoch: another time means another file. */
  readonly sourceModifiedAtMs?: Millis;
  /** The engine's own copy, without metadata, which is sent in place of the file; gone once the transfer is over. */
  readonly copyPath?: string;
}

/** What windows see: without the engine's own columns. */
export function shownTransfer({
  folder: _folder,
  sourceModifiedAtMs: _modified,
  copyPath: _copy,
  ...transfer
}: StoredTransfer): Transfer {
  return transfer;
}

type Row = Omit<StoredTransfer, 'state'> & { readonly state: string };

/** What may change after the offer. */
const MUTABLE = [
  'width',
  'height',
  'placeholder',
  'thumbnailPath',
  'path',
  'folder',
  'sourceModifiedAtMs',
  'state',
  'final',
] as const;
const FIXED = [
  'id',
  'peer',
  'direction',
  'name',
  'mediaType',
  'sizeBytes',
  'itemId',
  'metadata',
  'copyPath',
] as const;

const list = (names: readonly string[], prefix = '') => names.map((name) => prefix + name).join(', ');
const SHOWN = list([...FIXED, ...MUTABLE].filter((name) => name !== 'final'));

const LAST_ONES = 'position > (SELECT max(position) FROM transfers) - 1000';
const DID_NOT_COME = "final = 1 AND direction = 'receive' AND path IS NULL AND folder IS NOT NULL";

export const TRANSFERS_SQL = {
  insert: `INSERT INTO transfers (${list([...FIXED, ...MUTABLE])}) VALUES (${list([...FIXED, ...MUTABLE], ':')})
    ON CONFLICT (id) DO NOTHING`,
  // Written only when something differs, as each write waits for the disk.
  update: `UPDATE transfers SET (${list(MUTABLE)}) = (${list(MUTABLE, ':')})
    WHERE id = :id AND (${list(MUTABLE)}) IS NOT (${list(MUTABLE, ':')})`,
  forget: `UPDATE transfers SET thumbnailPath = NULL, placeholder = NULL
    WHERE id = :id AND peer = :peer AND direction = :direction`,
  get: `SELECT ${SHOWN} FROM transfers WHERE id = :id`,
  unfinished: `SELECT ${SHOWN} FROM transfers WHERE final = 0 ORDER BY peer, position`,
  // Files that did not come, newest first: an older one has been looked for at many a start.
  foldersOfOver: `SELECT folder FROM transfers WHERE ${LAST_ONES} AND ${DID_NOT_COME} ORDER BY position DESC`,
  forgetFolder: `UPDATE transfers SET folder = NULL WHERE ${LAST_ONES} AND ${DID_NOT_COME} AND folder = :folder`,
  unfinishedWith: `SELECT ${SHOWN} FROM transfers WHERE final = 0 AND peer = :peer ORDER BY position`,
} as const;

export class TransfersTable {
  readonly #insert: Statement<never>;
  readonly #update: Statement<never>;
  readonly #forget: Statement<never>;
  readonly #get: Statement<Row>;
  readonly #foldersOfOver: Statement<{ readonly folder: string }>;
  readonly #forgetFolder: Statement<never>;
  readonly #unfinished: Statement<Row>;
  readonly #unfinishedWith: Statement<Row>;

  constructor(database: Database) {
    this.#insert = database.prepare(TRANSFERS_SQL.insert);
    this.#update = database.prepare(TRANSFERS_SQL.update);
    this.#forget = database.prepare(TRANSFERS_SQL.forget);
    this.#get = database.prepare(TRANSFERS_SQL.get);
    this.#foldersOfOver = database.prepare(TRANSFERS_SQL.foldersOfOver);
    this.#forgetFolder = database.prepare(TRANSFERS_SQL.forgetFolder);
    this.#unfinished = database.prepare(TRANSFERS_SQL.unfinished);
    this.#unfinishedWith = database.prepare(TRANSFERS_SQL.unfinishedWith);
  }

  /** False when the id is in use: a peer chooses the ids of its offers and may choose a known one. Nothing changes then. */
  insert(transfer: StoredTransfer): boolean {
    return this.#insert.run({ ...fixedOf(transfer), ...mutableOf(transfer) }) > 0;
  }

  /** Stores what may change after the offer. Whether anything did; progress within `running` is not stored. */
  update(transfer: StoredTransfer): boolean {
    return this.#update.run({ id: transfer.id, ...mutableOf(transfer) }) > 0;
  }

  /** What it looked like is gone; what is needed to know it again stays. Nothing where it is another person's or direction's. */
  forget({ id, peer, direction }: Pick<StoredTransfer, 'id' | 'peer' | 'direction'>): void {
    this.#forget.run({ id, peer, direction });
  }

  get(id: string): StoredTransfer | undefined {
    const row = this.#get.get({ id });
    return row === undefined ? undefined : transferOf(row);
  }

  /** Those to go on with, of one person or of all, oldest first within each. */
  unfinished(peer?: Fingerprint): StoredTransfer[] {
    const rows = peer === undefined ? this.#unfinished.all() : this.#unfinishedWith.all({ peer });
    return rows.map(transferOf);
  }

  /** Where files were to go whose transfers ended without them, each folder once, unless that was forgotten. */
  foldersOfOver(): string[] {
    return [...new Set(this.#foldersOfOver.all({}).map(({ folder }) => folder))];
  }

  /** Nothing of them is there. */
  forgetFolder(folder: string): void {
    this.#forgetFolder.run({ folder });
  }

  /** In the order of `ids`; unknown ones are left out. */
  many(ids: readonly string[]): StoredTransfer[] {
    return ids.map((id) => this.get(id)).filter((transfer) => transfer !== undefined);
  }
}

function transferOf(row: Row): StoredTransfer {
  return { ...row, state: JSON.parse(row.state) as TransferState };
}

function fixedOf(transfer: StoredTransfer): Parameters {
  return Object.fromEntries(FIXED.map((name) => [name, transfer[name]]));
}

function mutableOf(transfer: StoredTransfer): Parameters {
  const { width, height, placeholder, thumbnailPath, path, folder, sourceModifiedAtMs } = transfer;
  const state = JSON.stringify(storedState(transfer.state));
  const final = isFinal(transfer.state);
  return { width, height, placeholder, thumbnailPath, path, folder, sourceModifiedAtMs, state, final };
}

/** Nothing runs after a restart. */
function storedState(state: TransferState): TransferState {
  return state.kind === 'running' ? { kind: 'waiting' } : state;
}
