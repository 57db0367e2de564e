// Blocks over a TLS connection of their own, so that the words of the link never wait behind them.

import type { BulkDoor, TakeConnection } from './bulkDoor.ts';
import { BulkMeeting, type DialBulk, type MeetingEvents } from './bulkMeeting.ts';
import { BulkReceive } from './bulkReceive.ts';
import { BulkSend } from './bulkSend.ts';
import type {
  Carrier,
  Destination,
  Missing,
  Receiving,
  ReceivingEvents,
  Sending,
  SendingEvents,
  SessionPlace,
  Source,
} from './carrier.ts';

export class TlsCarrier implements Carrier {
  readonly #door: BulkDoor;
  readonly #dial: DialBulk;

  /** Connections that others dial knock at `door`. */
  constructor(door: BulkDoor, dial: DialBulk) {
    this.#door = door;
    this.#dial = dial;
  }

  send(place: SessionPlace, missing: Missing, source: Source, events: SendingEvents): Sending {
    // The receiver finds out, too, and it is the one who decides what follows.
    const onMissed = () => undefined;
    const meet = (onConnection: TakeConnection) =>
      new BulkMeeting(place, this.#door, this.#dial, { onConnection, onMissed });
    return new BulkSend(missing, source, meet, events);
  }

  receive(
    place: SessionPlace,
    missing: Missing,
    destination: Destination,
    events: ReceivingEvents,
  ): Receiving {
    const meet = (what: MeetingEvents) => new BulkMeeting(place, this.#door, this.#dial, what);
    return new BulkReceive(missing, destination, meet, events);
  }
}
