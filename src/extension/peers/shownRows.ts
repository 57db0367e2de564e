// The rows that the editor is to show. It asks for them at a moment of its own, when what is true may be so for that moment only: it
// is given what it was told of, so that the next thing to tell is known by what it shows.

import type { Row } from './row.ts';

/** What to tell the editor: nothing, that some rows without others below them say something else, or that the rows are other ones. */
export type RowsChange = 'none' | 'all' | readonly Row[];

export class ShownRows {
  readonly #make: () => readonly Row[];
  #rows: readonly Row[];
  /** As the editor has them, by id. */
  #had: ReadonlyMap<string, Row>;
  /** What they say now, by id. */
  #now: ReadonlyMap<string, Row>;

  constructor(make: () => readonly Row[]) {
    this.#make = make;
    this.#rows = make();
    this.#had = byId(this.#rows);
    this.#now = this.#had;
  }

  /** They stay the same objects until all are other ones: the editor knows a row by that. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** What a row that the editor has says now. */
  now(row: Row): Row {
    return this.#now.get(row.id) ?? row;
  }

  /** Makes the rows anew. */
  renew(): RowsChange {
    const rows = this.#make();
    const now = byId(rows);
    const changed = changedIds(this.#now, now);
    if (changed?.length === 0) return 'none';
    this.#now = now;
    if (changed !== undefined) return changed.flatMap((id) => this.#had.get(id) ?? []);
    this.#rows = rows;
    this.#had = now;
    return 'all';
  }
}

/** In the order in which they stand. */
function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.flatMap((row) => [[row.id, row] as const, ...byId(row.children)]));
}

/** Of those without rows below them; undefined where anything else has changed. */
function changedIds(before: ReadonlyMap<string, Row>, now: ReadonlyMap<string, Row>): string[] | undefined {
  if ([...before.keys()].join('\n') !== [...now.keys()].join('\n')) return undefined;
  const changed = [...now].filter(([id, row]) => said(row) !== said(before.get(id)));
  const isLeaf = ([id, { children }]: [string, Row]) =>
    children.length === 0 && before.get(id)?.children.length === 0;
  return changed.every(isLeaf) ? changed.map(([id]) => id) : undefined;
}

function said(row: Row | undefined): string {
  return JSON.stringify({ ...row, children: row?.children.map(({ id }) => id) });
}
