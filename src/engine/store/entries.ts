// The durable log of every conversation: what each side said, numbered by its writer, and how far the other side has got.
// An entry is here before it is sent and before it is acknowledged.

import type { Clock } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Entry } from '../../wire/linkFrames.ts';
import { ConversationFacts, type Facts, type Marks } from './conversationFacts.ts';
import type { Database, Statement } from './database.ts';
import {
  aboutOf,
  bodyText,
  COLUMNS,
  type EntryRow,
  entryOf,
  isVisible,
  OF_PEER,
  type StoredEntry,
} from './entryRow.ts';

/** The most entries of one answer. */
export const MAX_ENTRIES = 500;
/** A peer who claims to have more of mine is not believed: numbers would run out of what JSON can hold exactly. */
export const MAX_SKIP = 2 ** 48;

export const ENTRIES_SQL = {
  takeNumber: `INSERT INTO conversations (peer, lastMine) VALUES (:peer, 1)
    ON CONFLICT (peer) DO UPDATE SET lastMine = lastMine + 1 RETURNING id, lastMine AS number`,
  receive: `INSERT INTO conversations (peer, received) VALUES (:peer, :number)
    ON CONFLICT (peer) DO UPDATE SET received = :number RETURNING id, received AS number`,
  skip: `INSERT INTO conversations (peer, lastMine, delivered) VALUES (:peer, :number, :number)
    ON CONFLICT (peer) DO UPDATE SET lastMine = lastMine + :number - delivered, delivered = :number`,
  // Over negative numbers, as no two entries may have one number even in between.
  setAside: `UPDATE entries SET number = -(number + :number - :delivered)
    WHERE ${OF_PEER} AND mine = 1 AND number > :delivered`,
  putBack: `UPDATE entries SET number = -number WHERE ${OF_PEER} AND mine = 1 AND number < 0`,
  insert: `INSERT INTO entries (conversation, mine, number, id, at, storedAt, visible, body, about)
    VALUES (:conversation, :mine, :number, :id, :at, :storedAt, :visible, :body, :about) RETURNING position`,
  mineAfter: `SELECT ${COLUMNS} FROM entries
    WHERE ${OF_PEER} AND mine = 1 AND number > :number ORDER BY number LIMIT :limit`,
  isThere: `SELECT 1 AS one FROM entries
    WHERE ${OF_PEER} AND visible = 1 AND id = :id LIMIT 1`,
  id: `SELECT id FROM entries WHERE ${OF_PEER} AND mine = :mine AND number = :number`,
  setDelivered: 'UPDATE conversations SET delivered = :number WHERE peer = :peer',
  setReadByPeer: `UPDATE conversations SET readByPeer = :number, delivered = max(delivered, :number)
    WHERE peer = :peer`,
  setReadByMe: 'UPDATE conversations SET readByMe = :number WHERE peer = :peer',
} as const;

interface Place {
  /** The conversation's. */
  readonly id: number;
  readonly number: number;
}

export class EntriesTable {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #facts: ConversationFacts;
  readonly #takeNumber: Statement<Place>;
  readonly #receive: Statement<Place>;
  readonly #skip: Statement<never>;
  readonly #setAside: Statement<never>;
  readonly #putBack: Statement<never>;
  readonly #insert: Statement<{ readonly position: number }>;
  readonly #mineAfter: Statement<EntryRow>;
  readonly #isThere: Statement<{ readonly one: number }>;
  readonly #id: Statement<{ readonly id: string }>;
  readonly #setDelivered: Statement<never>;
  readonly #setReadByPeer: Statement<never>;
  readonly #setReadByMe: Statement<never>;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#facts = new ConversationFacts(database);
    this.#takeNumber = database.prepare(ENTRIES_SQL.takeNumber);
    this.#receive = database.prepare(ENTRIES_SQL.receive);
    this.#skip = database.prepare(ENTRIES_SQL.skip);
    this.#setAside = database.prepare(ENTRIES_SQL.setAside);
    this.#putBack = database.prepare(ENTRIES_SQL.putBack);
    this.#insert = database.prepare(ENTRIES_SQL.insert);
    this.#mineAfter = database.prepare(ENTRIES_SQL.mineAfter);
    this.#isThere = database.prepare(ENTRIES_SQL.isThere);
    this.#id = database.prepare(ENTRIES_SQL.id);
    this.#setDelivered = database.prepare(ENTRIES_SQL.setDelivered);
    this.#setReadByPeer = database.prepare(ENTRIES_SQL.setReadByPeer);
    this.#setReadByMe = database.prepare(ENTRIES_SQL.setReadByMe);
  }

  /** Stores what I say, under my next number. */
  appendMine(peer: Fingerprint, said: Omit<Entry, 'number'>): StoredEntry {
    return this.#database.transaction(() => {
      const before = this.#facts.of(peer);
      return this.#store(before, peer, 'me', this.#place(this.#takeNumber, peer), said);
    });
  }

  /**
   * Stores what they say when it is the very next; `duplicate`: it is here already, `gap`: one before it is not. A message whose id
   * is here is stored as withdrawn: it has another number now, as its writer's store was put back, or it takes the id of one of mine.
   */
  acceptTheirs(peer: Fingerprint, { number, ...said }: Entry): StoredEntry | 'duplicate' | 'gap' {
    const before = this.#facts.of(peer);
    const { received } = before.marks;
    if (number <= received) return 'duplicate';
    if (number > received + 1) return 'gap';
    const isAgain = isVisible(said.body) && this.#isThere.get({ peer, id: said.id }) !== undefined;
    const once: typeof said = isAgain ? { ...said, body: { kind: 'withdrawn' } } : said;
    return this.#database.transaction(() =>
      this.#store(before, peer, 'peer', this.#place(this.#receive, peer, number), once),
    );
  }

  /**
   * For a store that is older than the conversation (restored, or made anew): the peer has stored entries of mine up to
   * `number` that are not those I have. Those that wait here keep their order and take the numbers after it. Nothing
   * happens, and the answer is false, when the peer was known to have got that far, or beyond MAX_SKIP.
   */
  skipMineTo(peer: Fingerprint, number: number): boolean {
    const { delivered } = this.marks(peer);
    if (number <= delivered || number > MAX_SKIP) return false;
    this.#database.transaction(() => {
      this.#setAside.run({ peer, number, delivered });
      this.#putBack.run({ peer });
      this.#skip.run({ peer, number });
    });
    this.#facts.forget(peer);
    return true;
  }

  /** My entries of every kind above `number`, lowest first, at most `limit` (up to MAX_ENTRIES). */
  mineAfter(peer: Fingerprint, number: number, limit: number): StoredEntry[] {
    const rows = this.#mineAfter.all({ peer, number, limit: Math.min(limit, MAX_ENTRIES) });
    return rows.map((row) => entryOf(peer, row));
  }

  /** Of the entry under this number, where there is one. */
  idOf(peer: Fingerprint, from: StoredEntry['from'], number: number): string | undefined {
    return this.#id.get({ peer, mine: from === 'me', number })?.id;
  }

  marks(peer: Fingerprint): Marks {
    return this.#facts.of(peer).marks;
  }

  /** The numbers that windows show of a conversation. */
  facts(peer: Fingerprint): Facts {
    return this.#facts.of(peer);
  }

  /** Messages of this conversation have become others by more than what this table has done. */
  recount(peer: Fingerprint): void {
    this.#facts.forget(peer);
  }

  /**
   * The peer has stored my entries up to `number`. Whether that is news; never above what I wrote, never back. Relaxed, as the
   * peer's next hello says it again, and so `onNews` hears of it before it is written: somebody waits for the tick.
   */
  setDelivered(peer: Fingerprint, number: number, onNews: () => void = () => undefined): boolean {
    const { delivered, lastMine } = this.marks(peer);
    const upTo = Math.min(number, lastMine);
    if (upTo <= delivered) return false;
    this.#learn(peer, { delivered: upTo }, onNews, () => this.#setDelivered.run({ peer, number: upTo }));
    return true;
  }

  /** The peer has seen my entries up to `number`, so has stored them, too. Bounds, answer and `onNews` as for `setDelivered`. */
  setReadByPeer(peer: Fingerprint, number: number, onNews: () => void = () => undefined): boolean {
    const { readByPeer, delivered, lastMine } = this.marks(peer);
    const upTo = Math.min(number, lastMine);
    if (upTo <= readByPeer) return false;
    const grown = { readByPeer: upTo, delivered: Math.max(delivered, upTo) };
    this.#learn(peer, grown, onNews, () => this.#setReadByPeer.run({ peer, number: upTo }));
    return true;
  }

  /** I have seen their entries up to `number`. Whether that is news; never above what I have, never back. */
  setReadByMe(peer: Fingerprint, number: number): boolean {
    const { readByMe, received } = this.marks(peer);
    const upTo = Math.min(number, received);
    if (upTo <= readByMe) return false;
    this.#database.relaxed(() => this.#setReadByMe.run({ peer, number: upTo }));
    this.#facts.moved(peer, { readByMe: upTo });
    return true;
  }

  /** What could not be written is not known any more, though it was told: it was true. */
  #learn(peer: Fingerprint, grown: Partial<Marks>, onNews: () => void, write: () => void): void {
    this.#facts.moved(peer, grown);
    try {
      onNews();
      this.#database.relaxed(write);
    } catch (error) {
      this.#facts.forget(peer);
      throw error;
    }
  }

  #place(statement: Statement<Place>, peer: Fingerprint, number?: number): Place {
    const place = statement.get(number === undefined ? { peer } : { peer, number });
    if (place === undefined) throw new Error('an upsert gave no row');
    return place;
  }

  #store(
    before: Facts,
    peer: Fingerprint,
    from: StoredEntry['from'],
    { id: conversation, number }: Place,
    { id, at, body }: Omit<Entry, 'number'>,
  ): StoredEntry {
    const storedAt = this.#clock.now();
    const visible = isVisible(body);
    const row = this.#insert.get({
      ...{ conversation, number, id, at, storedAt },
      ...{ mine: from === 'me', visible },
      body: bodyText(body),
      about: aboutOf(body),
    });
    if (row === undefined) throw new Error('an insert gave no row');
    const entry = { peer, from, number, order: row.position, id, at, storedAt, body };
    this.#facts.added(before, entry, visible);
    return entry;
  }
}
