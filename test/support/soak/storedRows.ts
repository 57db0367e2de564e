// What a store holds of its conversations, read from the file by other means than the engine's own.

import { DatabaseSync } from 'node:sqlite';

export interface StoredRow {
  readonly from: 'me' | 'peer';
  readonly number: number;
  readonly id: string;
  readonly at: number;
  /** `text`, `edit`, `delete`, `react`; `withdrawn` where what it said is gone. */
  readonly kind: string;
  /** The whole body, as on the wire. */
  readonly body: string;
  /** What a text said first. */
  readonly text?: string;
  /** What it says now, where that is something else. */
  readonly editedText?: string;
  /** By whom and what, sorted: two stores may have heard of them in different orders. */
  readonly reactions: readonly string[];
}

interface Row {
  readonly mine: number;
  readonly number: number;
  readonly id: string;
  readonly at: number;
  readonly body: string;
  readonly editedText: string | null;
  readonly reactions: string | null;
}

/** In the order of their numbers. No engine may have the file open. */
export function storedRows(file: string): StoredRow[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const columns = 'mine, number, id, at, body, editedText, reactions';
    const rows = database.prepare(`SELECT ${columns} FROM entries ORDER BY number`).all();
    return rows.map((row) => rowOf(row as unknown as Row));
  } finally {
    database.close();
  }
}

function rowOf({ mine, editedText, reactions, ...row }: Row): StoredRow {
  const { kind, text } = JSON.parse(row.body) as { readonly kind: string; readonly text?: string };
  return {
    ...row,
    from: mine === 1 ? 'me' : 'peer',
    kind,
    ...(kind === 'text' && text !== undefined ? { text } : {}),
    ...(editedText === null ? {} : { editedText }),
    reactions: reactions === null ? [] : reactionsIn(reactions),
  };
}

function reactionsIn(json: string): string[] {
  const reactions = JSON.parse(json) as { readonly emoji: string; readonly from: string }[];
  return reactions.map(({ emoji, from }) => `${from} ${emoji}`).sort();
}
