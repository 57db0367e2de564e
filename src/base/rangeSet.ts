// A set of whole numbers kept as sorted, disjoint, non-touching ranges.

/** Numbers from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export class RangeSet {
  readonly #ranges: Range[] = [];
  #size = 0;

  /** How many numbers are in the set. */
  get size(): number {
    return this.#size;
  }

  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  /** Adds [start, end). Returns how many of its numbers were new. */
  add(start: number, end: number = start + 1): number {
    if (!(start < end)) return 0;
    const last = this.#ranges.at(-1);
    // What grows at its end, as nearly everything does that comes over a network, moves nothing.
    if (last?.end === start) {
      this.#ranges[this.#ranges.length - 1] = { start: last.start, end };
      this.#size += end - start;
      return end - start;
    }
    return this.#insert(start, end);
  }

  has(value: number): boolean {
    return this.firstMissing(value) > value;
  }

  /** Forgets the ranges that hold the smallest numbers until at most `count` ranges are left. */
  keepHighest(count: number): void {
    while (this.#ranges.length > count) {
      const { start, end } = this.#ranges.shift() as Range;
      this.#size -= end - start;
    }
  }

  /** The smallest number at or above `from` that is not in the set. */
  firstMissing(from = 0): number {
    const range = this.#ranges[this.#firstEndingAtOrAfter(from)];
    return range !== undefined && range.start <= from ? range.end : from;
  }

  /** The gaps of [start, end), in order. */
  missing(start: number, end: number): Range[] {
    const gaps: Range[] = [];
    let at = start;
    for (let i = this.#firstEndingAtOrAfter(start); at < end; i++) {
      const range = this.#ranges[i];
      const gapEnd = Math.min(range?.start ?? end, end);
      if (at < gapEnd) gaps.push({ start: at, end: gapEnd });
      if (range === undefined) break;
      at = range.end;
    }
    return gaps;
  }

  clear(): void {
    this.#ranges.length = 0;
    this.#size = 0;
  }

  #insert(start: number, end: number): number {
    const first = this.#firstEndingAtOrAfter(start);
    let last = first;
    let from = start;
    let to = end;
    let held = 0;
    for (
      let range = this.#ranges[last];
      range !== undefined && range.start <= end;
      range = this.#ranges[++last]
    ) {
      from = Math.min(from, range.start);
      to = Math.max(to, range.end);
      held += range.end - range.start;
    }
    this.#ranges.splice(first, last - first, { start: from, end: to });
    const added = to - from - held;
    this.#size += added;
    return added;
  }

  /** Index of the first range whose end is >= value. */
  #firstEndingAtOrAfter(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as Range).end < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
