// Files that are taken without asking my person: whose, and how many of one person at a time. Small ones have a line of their own, as
// somebody waits for a picture, and it would come after hours where four large files are on their way.

import type { Logger } from '../../base/logger.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { isFinal, type Transfer } from '../../contract/transfer.ts';
import { guardedAsync } from '../store/storeGuard.ts';
import { SMALL_BYTES } from '../transfer/params.ts';

/** A bound on what one person starts here at once, of small files and of others. The rest waits in line, and stands in the chat meanwhile. */
export const MAX_AUTO_ACCEPTED = 4;

/** What the lines go by. */
export type LinedUp = Pick<Transfer, 'id' | 'sizeBytes'>;

interface Lines {
  readonly small: string[];
  readonly large: string[];
}

/** Accepted, and not here yet. */
export function isComing({ direction, state }: Transfer): boolean {
  return direction === 'receive' && state.kind !== 'offered' && !isFinal(state);
}

export interface AutoAcceptRules {
  /** My person wants nothing to be asked about this person's files. */
  isWanted(peer: Fingerprint): boolean;
  /** Files of theirs that were accepted, by whomever, and are not here yet. */
  coming(peer: Fingerprint): readonly LinedUp[];
  /** Rejects when it cannot be: the offer stands as a question then. */
  accept(id: string): Promise<void>;
}

export class AutoAccept {
  readonly #rules: AutoAcceptRules;
  readonly #log: Logger;
  /** Offers in their order. As many as may stand open of one person (offerBounds.ts). */
  readonly #lines = new Map<Fingerprint, Lines>();
  /** Of whom one is being accepted: it counts as coming only then. */
  readonly #busy = new Set<Fingerprint>();
  /** As many as there are people whom I have accepted. */
  readonly #resumed = new Set<Fingerprint>();

  constructor(rules: AutoAcceptRules, log: Logger) {
    this.#rules = rules;
    this.#log = log;
  }

  /** A new offer; `ended` follows it. */
  async offered(peer: Fingerprint, file: LinedUp): Promise<void> {
    if (!this.#rules.isWanted(peer)) return;
    const lines = this.#lines.get(peer) ?? { small: [], large: [] };
    this.#lines.set(peer, lines);
    (isSmall(file) ? lines.small : lines.large).push(file.id);
    await this.#look(peer);
  }

  /**
   * The first link with somebody: offers that the engine before has left open were in line perhaps, and that is remembered
   * nowhere. Later links add none. Rejects for bugs alone.
   */
  async resume(peer: Fingerprint, left: readonly LinedUp[]): Promise<void> {
    if (this.#resumed.has(peer)) return;
    this.#resumed.add(peer);
    await guardedAsync(this.#log, async () => {
      for (const file of left) await this.offered(peer, file);
    });
  }

  /** A file of theirs has ended, or its offer has: it waits no longer. Rejects for bugs alone: nobody waits for it. */
  async ended(peer: Fingerprint, id: string): Promise<void> {
    const { small = [], large = [] } = this.#lines.get(peer) ?? {};
    for (const line of [small, large]) if (line.includes(id)) line.splice(line.indexOf(id), 1);
    await this.#look(peer);
  }

  async #look(peer: Fingerprint): Promise<void> {
    if (this.#busy.has(peer)) return;
    await guardedAsync(this.#log, async () => {
      for (let id = this.#next(peer); id !== undefined; id = this.#next(peer)) {
        this.#busy.add(peer);
        await this.#accept(id);
        // Before the next look at the line: what happens right after the last one is not to be missed.
        this.#busy.delete(peer);
      }
    });
  }

  /** Never rejects. */
  async #accept(id: string): Promise<void> {
    await this.#rules
      .accept(id)
      .catch((error) => this.#log.warn(`a file was not taken by itself: ${String(error)}`));
  }

  /** Takes it out of its line, a small one first. What was in line when my person changed their mind stays a question. */
  #next(peer: Fingerprint): string | undefined {
    const lines = this.#lines.get(peer);
    if (lines === undefined) return undefined;
    const isEmpty = lines.small.length + lines.large.length === 0;
    if (isEmpty || !this.#rules.isWanted(peer)) {
      this.#lines.delete(peer);
      return undefined;
    }
    const coming = this.#rules.coming(peer);
    const small = coming.filter(isSmall).length;
    if (small < MAX_AUTO_ACCEPTED && lines.small.length > 0) return lines.small.shift();
    return coming.length - small < MAX_AUTO_ACCEPTED ? lines.large.shift() : undefined;
  }
}

function isSmall({ sizeBytes }: LinedUp): boolean {
  return sizeBytes <= SMALL_BYTES;
}
