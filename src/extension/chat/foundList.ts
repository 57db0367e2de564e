// What stands in the list of the search over all conversations: always the answer to what is in its box, or nothing to choose.

import type { QuickPickItem } from 'vscode';
import type { SearchHit } from '../../contract/search.ts';

export interface Found extends QuickPickItem {
  /** Absent in a row that says why nothing was found. */
  readonly hit?: SearchHit;
}

/** The part of a quick pick that is needed here. */
export interface FoundBox {
  readonly value: string;
  busy: boolean;
  items: readonly Found[];
  readonly activeItems: readonly Found[];
}

export class FoundList {
  readonly #box: FoundBox;
  readonly #ask: (query: string) => Promise<readonly Found[]>;
  /** What the items are the answer to; undefined before the first. */
  #answered: string | undefined;

  /** `ask` never rejects. */
  constructor(box: FoundBox, ask: (query: string) => Promise<readonly Found[]>) {
    this.#box = box;
    this.#ask = ask;
  }

  /** An answer to what is not in the box any more is not shown. */
  async search(): Promise<void> {
    const query = this.#box.value;
    this.#box.busy = true;
    const items = await this.#ask(query);
    if (this.#box.value !== query) return;
    this.#answered = query;
    this.#box.items = items;
    this.#box.busy = false;
  }

  /** The row that Enter means. The editor says which it is a moment after the items: until then it may name one of before. */
  get chosen(): SearchHit | undefined {
    const { value, items, activeItems } = this.#box;
    const [active] = activeItems;
    return value === this.#answered && active !== undefined && items.includes(active)
      ? active.hit
      : undefined;
  }
}
