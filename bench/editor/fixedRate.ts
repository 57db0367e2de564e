// Something that takes time, begun at a fixed rate whatever is under way still: a long stall meets as many of them as fall into it,
// and not one that all others wait behind.

/** A timer's own lateness, which is no stall. */
const TIMER_MS = 2;
/** Under way at once. */
const MOST = 512;

export interface Pace {
  readonly everyMs: number;
  /** In ms. */
  now(): number;
}

export class FixedRate {
  /** From when each was due to when it was done, in ms. */
  readonly took: number[] = [];
  /** Not begun, as too many were under way. */
  leftOut = 0;
  readonly #pace: Pace;
  readonly #act: () => Promise<void>;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly cause: unknown } | undefined;
  #dueAt: number;

  constructor(pace: Pace, act: () => Promise<void>) {
    this.#pace = pace;
    this.#act = act;
    this.#dueAt = pace.now();
  }

  /** Begins all that are due; in how many ms the next one is. */
  beginDue(): number {
    for (; this.#dueAt <= this.#pace.now(); this.#dueAt += this.#pace.everyMs) this.#begin(this.#dueAt);
    return Math.max(0, this.#dueAt - this.#pace.now());
  }

  /** When all that began are done. Rejects with the first failure. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  #begin(dueAt: number): void {
    if (this.#underWay.size >= MOST) {
      this.leftOut++;
      return;
    }
    const now = this.#pace.now();
    const running = this.#time(now - dueAt > TIMER_MS ? dueAt : now).finally(() =>
      this.#underWay.delete(running),
    );
    this.#underWay.add(running);
  }

  async #time(from: number): Promise<void> {
    try {
      await this.#act();
      this.took.push(this.#pace.now() - from);
    } catch (cause) {
      this.#failure ??= { cause };
    }
  }
}
