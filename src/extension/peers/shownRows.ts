// The rows that the editor is to show. It asks for them at a moment of its own, when what is true may be so for that moment only: it
// is given what it was told of, so that the next thing to tell is known by what it shows.

import type { Row } from './row.ts';

/** What to tell the editor: nothing, that some rows say something else or have other ones below them, or that those at the top are others. */
export type RowsChange = 'none' | 'all' | readonly Row[];

export class ShownRows {
  readonly #make: () => readonly Row[];
  #rows: readonly Row[];
  /** As the editor has them, or gets them when it asks, by id. */
  #had: ReadonlyMap<string, Row>;
  /** What they say now, by id. */
  #now: ReadonlyMap<string, Row>;

  constructor(make: () => readonly Row[]) {
    this.#make = make;
    this.#rows = make();
    this.#had = byId(this.#rows);
    this.#now = this.#had;
  }

  /** Those at the top. They stay the same objects until all are other ones: the editor knows a row by that. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Those below a row that the editor has; the same objects for as long as they are there. */
  below(row: Row): readonly Row[] {
    return this.now(row).children.map((child) => this.#had.get(child.id) ?? child);
  }

  /** What a row that the editor has says now. */
  now(row: Row): Row {
    return this.#now.get(row.id) ?? row;
  }

  /** Makes the rows anew. */
  renew(): RowsChange {
    const [rows, before] = [this.#make(), this.#now];
    const wereAside = areAside(this.#rows.map((row) => this.now(row)));
    this.#now = byId(rows);
    if (idsOf(rows) !== idsOf(this.#rows)) {
      this.#rows = rows;
      this.#had = this.#now;
      return 'all';
    }
    const had = this.#had;
    this.#had = new Map([...this.#now].map(([id, row]) => [id, had.get(id) ?? row]));
    const changed = [...before].filter(([id, row]) => isOther(row, this.#now.get(id)));
    const moved = areAside(rows) === wereAside ? [] : this.#rows;
    const told = new Set([...moved, ...changed.flatMap(([id]) => had.get(id) ?? [])]);
    return told.size === 0 ? 'none' : [...told];
  }
}

/**
 * Whether rows at the top leave room for the arrow of those that have others below them. The editor looks at that when it draws a
 * row: one that it is not told of stays where it was, beside the others.
 */
function areAside(rows: readonly Row[]): boolean {
  return rows.some(({ children }) => children.length > 0);
}

/** In the order in which they stand. */
function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.flatMap((row) => [[row.id, row] as const, ...byId(row.children)]));
}

function idsOf(rows: readonly Row[]): string {
  return rows.map(({ id }) => id).join('\n');
}

/** A row that is gone is news of the one above it. */
function isOther(before: Row, now: Row | undefined): boolean {
  return now !== undefined && said(before) !== said(now);
}

function said(row: Row): string {
  return JSON.stringify({ ...row, children: row.children.map(({ id }) => id) });
}
