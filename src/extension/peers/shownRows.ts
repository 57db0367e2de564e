// The rows that the editor is to show. It asks for them at a moment of its own, when what is true may be so for that moment only: it
// is given what it was told of, so that the next thing to tell is known by what it shows.

import type { Row } from './row.ts';

export class ShownRows {
  readonly #make: () => readonly Row[];
  #rows: readonly Row[];
  #text: string;

  constructor(make: () => readonly Row[]) {
    this.#make = make;
    this.#rows = make();
    this.#text = JSON.stringify(this.#rows);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Makes the rows anew. False where none says something else, and then they stay the same objects. */
  renew(): boolean {
    const rows = this.#make();
    const text = JSON.stringify(rows);
    if (text === this.#text) return false;
    this.#rows = rows;
    this.#text = text;
    return true;
  }
}
