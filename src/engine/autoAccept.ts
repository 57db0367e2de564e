// Files that are taken without asking my person: whose, and how many of one person at a time.

import type { Logger } from '../base/logger.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { isFinal, type Transfer } from '../contract/transfer.ts';
import { guardedAsync } from './storeGuard.ts';

/** A bound on what one person starts here at once. The others wait in line, and stand in the chat meanwhile. */
export const MAX_AUTO_ACCEPTED = 4;

/** Accepted, and not here yet. */
export function isComing({ direction, state }: Transfer): boolean {
  return direction === 'receive' && state.kind !== 'offered' && !isFinal(state);
}

export interface AutoAcceptRules {
  /** My person wants nothing to be asked about this person's files. */
  isWanted(peer: Fingerprint): boolean;
  /** Files of theirs that were accepted, by whomever, and are not here yet. */
  running(peer: Fingerprint): number;
  /** Rejects when it cannot be: the offer stands as a question then. */
  accept(id: string): Promise<void>;
}

export class AutoAccept {
  readonly #rules: AutoAcceptRules;
  readonly #log: Logger;
  /** Offers in their order. As many as may stand open of one person (transfers.ts). */
  readonly #lines = new Map<Fingerprint, string[]>();
  readonly #busy = new Set<Fingerprint>();
  /** As many as there are people whom I have accepted. */
  readonly #resumed = new Set<Fingerprint>();

  constructor(rules: AutoAcceptRules, log: Logger) {
    this.#rules = rules;
    this.#log = log;
  }

  /** A new offer. */
  async offered(peer: Fingerprint, id: string): Promise<void> {
    if (!this.#rules.isWanted(peer)) return;
    this.#lines.set(peer, [...(this.#lines.get(peer) ?? []), id]);
    await this.look(peer);
  }

  /**
   * The first link with somebody: offers that the engine before has left open were in line perhaps, and that is remembered
   * nowhere. Later links add none. Rejects for bugs alone.
   */
  async resume(peer: Fingerprint, left: readonly Pick<Transfer, 'id'>[]): Promise<void> {
    if (this.#resumed.has(peer)) return;
    this.#resumed.add(peer);
    await guardedAsync(this.#log, async () => {
      for (const { id } of left) await this.offered(peer, id);
    });
  }

  /** A file of theirs has ended, or its offer has. Rejects for bugs alone: nobody waits for it. */
  async look(peer: Fingerprint): Promise<void> {
    if (this.#busy.has(peer)) return;
    this.#busy.add(peer);
    try {
      await guardedAsync(this.#log, async () => {
        for (let id = this.#next(peer); id !== undefined; id = this.#next(peer)) await this.#accept(id);
      });
    } finally {
      this.#busy.delete(peer);
    }
  }

  async #accept(id: string): Promise<void> {
    await this.#rules
      .accept(id)
      .catch((error) => this.#log.warn(`a file was not taken by itself: ${String(error)}`));
  }

  /** Takes it out of the line. What was in line when my person changed their mind stays a question. */
  #next(peer: Fingerprint): string | undefined {
    const line = this.#lines.get(peer) ?? [];
    if (line.length > 0 && !this.#rules.isWanted(peer)) line.length = 0;
    if (line.length === 0) this.#lines.delete(peer);
    return this.#rules.running(peer) < MAX_AUTO_ACCEPTED ? line.shift() : undefined;
  }
}
