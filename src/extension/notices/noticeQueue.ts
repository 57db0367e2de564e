// Who is notified of when: one notice per person at a time, only where a person looks, and nothing that is settled.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Notice } from './notice.ts';

export interface NoticeRules {
  /** This window has the focus. */
  isLookedAt(): boolean;
  /** Still waiting, wanted by the settings, and not in sight already. */
  isDue(notice: Notice): boolean;
  /** Shows it; resolves when the notification has gone, at the latest some seconds later. */
  show(notice: Notice): Promise<void>;
}

/** Further notices of one person that wait; a stranger could send many. The newest stay. */
const MAX_WAITING = 8;

/**
 * Each window hears of everything. A notification comes up in the window that has the focus; in another one when it gets the
 * focus, if the matter is still open then. So that three windows do not ask the same thing three times.
 */
export class NoticeQueue {
  readonly #rules: NoticeRules;
  readonly #waiting = new Map<Fingerprint, Notice[]>();
  readonly #showing = new Set<Fingerprint>();

  constructor(rules: NoticeRules) {
    this.#rules = rules;
  }

  add(notice: Notice): void {
    const waiting = this.#waiting.get(notice.peer) ?? [];
    this.#waiting.set(notice.peer, [...waiting, notice].slice(-MAX_WAITING));
    this.look();
  }

  /** Call it when the focus has come, too. */
  look(): void {
    if (!this.#rules.isLookedAt()) return;
    for (const peer of [...this.#waiting.keys()]) void this.#next(peer);
  }

  async #next(peer: Fingerprint): Promise<void> {
    if (this.#showing.has(peer)) return;
    const waiting = (this.#waiting.get(peer) ?? []).filter((notice) => this.#rules.isDue(notice));
    const notice = chosen(waiting);
    this.#keep(
      peer,
      waiting.filter(
        (other) => other !== notice && !(notice?.kind === 'message' && other.kind === 'message'),
      ),
    );
    if (notice === undefined) return;
    this.#showing.add(peer);
    try {
      await this.#rules.show(notice);
    } finally {
      this.#showing.delete(peer);
      this.look();
    }
  }

  #keep(peer: Fingerprint, waiting: Notice[]): void {
    if (waiting.length === 0) this.#waiting.delete(peer);
    else this.#waiting.set(peer, waiting);
  }
}

/** A question before a message; of the messages the last one, which stands for all. */
function chosen(waiting: readonly Notice[]): Notice | undefined {
  return waiting.find(({ kind }) => kind !== 'message') ?? waiting.at(-1);
}
