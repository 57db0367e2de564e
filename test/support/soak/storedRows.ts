// What a store holds of its conversations, read from the file by other means than the engine's own.

import { DatabaseSync } from 'node:sqlite';

export interface StoredRow {
  readonly from: 'me' | 'peer';
  readonly number: number;
  readonly id: string;
  readonly at: number;
  readonly text: string;
}

interface Row {
  readonly mine: number;
  readonly number: number;
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

/** In the order of their numbers. No engine may have the file open. */
export function storedRows(file: string): StoredRow[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('SELECT mine, number, id, at, body FROM entries ORDER BY number').all();
    return rows.map((row) => rowOf(row as unknown as Row));
  } finally {
    database.close();
  }
}

function rowOf({ mine, number, id, at, body }: Row): StoredRow {
  const { text } = JSON.parse(body) as { readonly text: string };
  return { from: mine === 1 ? 'me' : 'peer', number, id, at, text };
}
