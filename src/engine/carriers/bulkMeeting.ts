// Brings the two ends of one session together on a bulk connection. Whoever has dialled the link dials again, for that address has
// worked; a little later the other one does, too, in case that packets in the first direction vanish.

import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { BulkConnection } from '../io/bulkConnection.ts';
import { startTimer } from '../io/startTimer.ts';
import { steadyClock } from '../io/systemClock.ts';
import type { Candidate } from '../reach/candidates.ts';
import { bulkTokenOf } from '../transfer/bulkToken.ts';
import type { BulkDoor, TakeConnection } from './bulkDoor.ts';
import type { SessionPlace } from './carrier.ts';

/** The one who was dialled dials after this, in ms. */
const SECOND_DIAL_MS = 300;
/** When one was refused, the other one has been given time enough, in ms from the start, */
const MISSED_MS = 500;
/** … and in round trips: TCP, TLS, and the token. */
const MISSED_ROUND_TRIPS = 5;

export type DialBulk = (to: Candidate, peer: Fingerprint, signal: AbortSignal) => Promise<BulkConnection>;

export interface MeetingEvents {
  /** Possibly twice, when both sides have dialled in the same moment. */
  readonly onConnection: TakeConnection;
  /** My dial was refused, and nobody has come from there. */
  onMissed(): void;
}

export class BulkMeeting implements Disposable {
  readonly #place: SessionPlace;
  readonly #dial: DialBulk;
  readonly #events: MeetingEvents;
  readonly #token: Buffer;
  readonly #owned = new DisposableStore();
  /** Over as soon as there is a connection. */
  readonly #dialling = new DisposableStore();
  readonly #startedAt = steadyClock.now();

  constructor(place: SessionPlace, door: BulkDoor, dial: DialBulk, events: MeetingEvents) {
    const { link, transferId, session } = place;
    this.#place = place;
    this.#dial = dial;
    this.#events = events;
    this.#token = bulkTokenOf({ secret: link.channel.secret, transferId, session });
    this.#owned.add(this.#dialling);
    this.#owned.add(door.expect(link.peer, this.#token, (connection, rest) => this.#take(connection, rest)));
    const { dialledByMe, remoteHost: host, remotePort: port } = link.channel;
    if (dialledByMe) void this.#reach({ host, port });
    else this.#dialling.add(startTimer(SECOND_DIAL_MS, () => void this.#reach(listenerOf(place))));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #reach(to: Candidate): Promise<void> {
    const abort = new AbortController();
    this.#dialling.add(toDisposable(() => abort.abort(new Error('nobody waits for it any more'))));
    const dialledAt = steadyClock.now();
    try {
      const connection = await this.#dial(to, this.#place.link.peer, abort.signal);
      connection.send([this.#token]);
      this.#take(connection, Buffer.alloc(0));
    } catch {
      this.#miss(steadyClock.now() - dialledAt);
    }
  }

  /** A refusal takes a round trip. */
  #miss(roundTripMs: number): void {
    const elapsedMs = steadyClock.now() - this.#startedAt;
    const patienceMs = Math.max(MISSED_MS, MISSED_ROUND_TRIPS * roundTripMs);
    this.#dialling.add(startTimer(patienceMs - elapsedMs, () => this.#events.onMissed()));
  }

  #take(connection: BulkConnection, rest: Buffer): void {
    if (this.#owned.isDisposed) return connection.destroy();
    this.#dialling.dispose();
    this.#events.onConnection(connection, rest);
  }
}

/** Where the one who dialled the link takes connections; mostly the same number as for datagrams. */
function listenerOf({ link }: SessionPlace): Candidate {
  const { tcpPort, udpPort } = link.hello ?? {};
  return { host: link.channel.remoteHost, port: tcpPort ?? udpPort ?? 0 };
}
