// What is asked of every conversation again and again, kept in memory: whoever has the store is the only one who changes it.
// Counting anew would go over all unread messages each time that one more comes.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Database, Statement } from './database.ts';
import { OF_PEER, type StoredEntry } from './entryRow.ts';

/** Each means "all up to and including this number"; 0 is none. */
export interface Marks {
  /** The highest number that I have used. */
  readonly lastMine: number;
  readonly delivered: number;
  readonly readByPeer: number;
  /** The highest number of theirs that I have stored. */
  readonly received: number;
  readonly readByMe: number;
}

export interface Facts {
  readonly marks: Marks;
  /** Visible entries of theirs that I have not seen. */
  readonly unread: number;
  /** Visible entries of mine that they have not stored. */
  readonly undelivered: number;
  /** When the last visible entry of either side was stored here. */
  readonly lastMessageAt: Millis | undefined;
}

const NO_MARKS: Marks = { lastMine: 0, delivered: 0, readByPeer: 0, received: 0, readByMe: 0 };

export const CONVERSATION_FACTS_SQL = {
  marks: 'SELECT lastMine, delivered, readByPeer, received, readByMe FROM conversations WHERE peer = :peer',
  lastMessageAt: `SELECT storedAt FROM entries WHERE ${OF_PEER} AND visible = 1 ORDER BY position DESC LIMIT 1`,
  count: `SELECT count(*) AS count FROM entries
    WHERE ${OF_PEER} AND mine = :mine AND visible = 1 AND deleted = 0 AND number > :after AND number <= :upTo`,
} as const;

export class ConversationFacts {
  readonly #database: Database;
  readonly #marks: Statement<Marks>;
  readonly #lastMessageAt: Statement<{ readonly storedAt: Millis }>;
  readonly #count: Statement<{ readonly count: number }>;
  readonly #known = new Map<Fingerprint, Facts>();
  #rollbacks = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#marks = database.prepare(CONVERSATION_FACTS_SQL.marks);
    this.#lastMessageAt = database.prepare(CONVERSATION_FACTS_SQL.lastMessageAt);
    this.#count = database.prepare(CONVERSATION_FACTS_SQL.count);
  }

  of(peer: Fingerprint): Facts {
    this.#forgetWhatWasUndone();
    const known = this.#known.get(peer);
    if (known !== undefined) return known;
    const marks = this.#marks.get({ peer }) ?? NO_MARKS;
    const facts = {
      marks,
      unread: this.#countOf(peer, 'peer', marks.readByMe, marks.received),
      undelivered: this.#countOf(peer, 'me', marks.delivered, marks.lastMine),
      lastMessageAt: this.#lastMessageAt.get({ peer })?.storedAt,
    };
    this.#known.set(peer, facts);
    return facts;
  }

  /** The entry was stored, under the next number of its writer. `before`: as it was without it. */
  added(before: Facts, { peer, from, number, storedAt }: StoredEntry, isVisible: boolean): void {
    const one = isVisible ? 1 : 0;
    const isMine = from === 'me';
    this.#known.set(peer, {
      marks: { ...before.marks, ...(isMine ? { lastMine: number } : { received: number }) },
      unread: before.unread + (isMine ? 0 : one),
      undelivered: before.undelivered + (isMine ? one : 0),
      lastMessageAt: isVisible ? storedAt : before.lastMessageAt,
    });
  }

  /** These marks have grown. Counts only what lies between, or nothing where all is read or delivered. */
  moved(peer: Fingerprint, grown: Partial<Marks>): void {
    const { marks: before, ...facts } = this.of(peer);
    const marks = { ...before, ...grown };
    const read = () => this.#countOf(peer, 'peer', before.readByMe, marks.readByMe);
    const delivered = () => this.#countOf(peer, 'me', before.delivered, marks.delivered);
    this.#known.set(peer, {
      ...facts,
      marks,
      unread: marks.readByMe >= marks.received ? 0 : facts.unread - read(),
      undelivered: marks.delivered >= marks.lastMine ? 0 : facts.undelivered - delivered(),
    });
  }

  /** Something else has changed: they are read anew when they are asked for. */
  forget(peer: Fingerprint): void {
    this.#known.delete(peer);
  }

  #countOf(peer: Fingerprint, from: StoredEntry['from'], after: number, upTo: number): number {
    if (after >= upTo) return 0;
    return this.#count.get({ peer, mine: from === 'me', after, upTo })?.count ?? 0;
  }

  #forgetWhatWasUndone(): void {
    if (this.#rollbacks === this.#database.rollbacks) return;
    this.#rollbacks = this.#database.rollbacks;
    this.#known.clear();
  }
}
