// Where bulk connections that others have dialled find their sessions: each says a token first. Whoever has no link with me, says no
// token soon, or one that no session of theirs has, is shown out, and nothing is kept of it.

import { timingSafeEqual } from 'node:crypto';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { BULK_TOKEN_BYTES } from '../../wire/bulkFrame.ts';
import type { BulkConnection } from '../io/bulkConnection.ts';

/** A guest says its token in this time, and its session begins: `ready` goes another way and may be a little later. In ms. */
const GUEST_MS = 3_000;
/** Bounds on those who have not been led to a session: somebody who accepts many files at once comes with as many connections. */
export const MAX_GUESTS_OF_ONE = 64;
const MAX_GUESTS = 128;
/** A token and the receiver's first words; nobody says more before the session has begun. */
const MAX_GUEST_BYTES = BULK_TOKEN_BYTES + 32;

/** `rest`: what came right after the token. */
export type TakeConnection = (connection: BulkConnection, rest: Buffer) => void;

interface Guest {
  readonly connection: BulkConnection;
  readonly timer: NodeJS.Timeout;
  said: Buffer;
}

interface Expected {
  readonly peer: Fingerprint;
  readonly token: Buffer;
  readonly take: TakeConnection;
}

export class BulkDoor implements Disposable {
  readonly #isLinked: (peer: Fingerprint) => boolean;
  readonly #patienceMs: number;
  readonly #guests = new Set<Guest>();
  readonly #expected = new Set<Expected>();

  constructor(isLinked: (peer: Fingerprint) => boolean, patienceMs = GUEST_MS) {
    this.#isLinked = isLinked;
    this.#patienceMs = patienceMs;
  }

  /** Somebody who has proved a key has dialled. */
  knock(connection: BulkConnection): void {
    const { peer } = connection;
    const ofThem = [...this.#guests].filter((guest) => guest.connection.peer === peer).length;
    if (!this.#isLinked(peer) || ofThem >= MAX_GUESTS_OF_ONE) return connection.destroy();
    const timer = setTimeout(() => this.#showOut(guest), this.#patienceMs);
    const guest: Guest = { connection, timer, said: Buffer.alloc(0) };
    this.#guests.add(guest);
    const [oldest] = this.#guests;
    if (this.#guests.size > MAX_GUESTS && oldest !== undefined) this.#showOut(oldest);
    connection.listen({
      onBytes: (bytes) => this.#hear(guest, bytes),
      onLost: () => this.#forget(guest),
    });
  }

  /** Until disposed, connections of `peer` that bear the token go to `take`. */
  expect(peer: Fingerprint, token: Buffer, take: TakeConnection): Disposable {
    const expected = { peer, token, take };
    this.#expected.add(expected);
    for (const guest of [...this.#guests]) this.#lead(guest);
    return toDisposable(() => this.#expected.delete(expected));
  }

  dispose(): void {
    for (const guest of [...this.#guests]) this.#showOut(guest);
  }

  #hear(guest: Guest, bytes: Buffer): void {
    guest.said = Buffer.concat([guest.said, bytes.subarray(0, MAX_GUEST_BYTES + 1)]);
    if (guest.said.length > MAX_GUEST_BYTES) this.#showOut(guest);
    else this.#lead(guest);
  }

  #lead(guest: Guest): void {
    if (guest.said.length < BULK_TOKEN_BYTES) return;
    const session = this.#sessionOf(guest);
    if (session === undefined) return;
    this.#forget(guest);
    session.take(guest.connection, guest.said.subarray(BULK_TOKEN_BYTES));
  }

  /** Looks at all of them, and at each whole: how long it takes says nothing. */
  #sessionOf({ connection, said }: Guest): Expected | undefined {
    const token = said.subarray(0, BULK_TOKEN_BYTES);
    let found: Expected | undefined;
    for (const expected of this.#expected) {
      if (expected.peer === connection.peer && timingSafeEqual(expected.token, token)) found = expected;
    }
    return found;
  }

  #showOut(guest: Guest): void {
    this.#forget(guest);
    guest.connection.destroy();
  }

  #forget(guest: Guest): void {
    clearTimeout(guest.timer);
    this.#guests.delete(guest);
  }
}
