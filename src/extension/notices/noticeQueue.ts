// In what order this window tells what is its to tell: one notice at a time per person, one stranger at a time, and nothing that is
// settled by then.

import type { Notice } from './notice.ts';

export interface NoticeRules {
  /** Still waiting, wanted by the settings, and not in sight already. */
  isDue(notice: Notice): boolean;
  /** Shows it; resolves when the next one of the lane may come. */
  show(notice: Notice): Promise<void>;
}

/** Further notices in one lane that wait; a stranger could send many. The newest stay. */
const MAX_WAITING = 8;

export class NoticeQueue {
  readonly #rules: NoticeRules;
  readonly #waiting = new Map<string, Notice[]>();
  readonly #showing = new Set<string>();

  constructor(rules: NoticeRules) {
    this.#rules = rules;
  }

  add(notice: Notice): void {
    const lane = laneOf(notice);
    this.#waiting.set(lane, [...(this.#waiting.get(lane) ?? []), notice].slice(-MAX_WAITING));
    void this.#next(lane);
  }

  async #next(lane: string): Promise<void> {
    if (this.#showing.has(lane)) return;
    const waiting = (this.#waiting.get(lane) ?? []).filter((notice) => this.#rules.isDue(notice));
    const notice = chosen(waiting);
    this.#keep(
      lane,
      waiting.filter(
        (other) => other !== notice && !(notice?.kind === 'message' && other.kind === 'message'),
      ),
    );
    if (notice === undefined) return;
    this.#showing.add(lane);
    try {
      await this.#rules.show(notice);
    } finally {
      this.#showing.delete(lane);
      void this.#next(lane);
    }
  }

  #keep(lane: string, waiting: Notice[]): void {
    if (waiting.length === 0) this.#waiting.delete(lane);
    else this.#waiting.set(lane, waiting);
  }
}

/** Who wants to connect is mostly a stranger, and keys cost nothing: however many ask, one is seen at a time. */
function laneOf({ kind, peer }: Notice): string {
  return kind === 'connection' ? 'connections' : peer;
}

/** A question before a message; of the messages the last one, which stands for all. */
function chosen(waiting: readonly Notice[]): Notice | undefined {
  return waiting.find(({ kind }) => kind !== 'message') ?? waiting.at(-1);
}
