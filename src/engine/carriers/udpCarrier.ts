// Blocks as datagrams: sealed, cut and sent again by the machines of transfer/.

import { datagramLengthsTo } from '../io/paths.ts';
import { sessionKeysOf } from '../transfer/sessionKeys.ts';
import type { SessionOptions } from '../transfer/transferIo.ts';
import type { Carrier, Missing, Receiving, ReceivingEvents, Sending, SessionPlace } from './carrier.ts';
import { type Destination, ReceiveSession } from './receiveSession.ts';
import { SendSession, type SendSessionEvents, type Source } from './sendSession.ts';
import type { TransferRoads } from './transferRoads.ts';

export class UdpCarrier implements Carrier {
  readonly #roads: TransferRoads;

  constructor(roads: TransferRoads) {
    this.#roads = roads;
  }

  send(place: SessionPlace, missing: Missing, source: Source, events: SendSessionEvents): Sending {
    const { channel, hello } = place.link;
    const to = { host: channel.remoteHost, port: hello?.udpPort ?? 0 };
    return new SendSession(optionsOf(place, missing), source, this.#roads, to, events);
  }

  /** Datagrams are never lost for good at once: their silence is. */
  receive(
    place: SessionPlace,
    missing: Missing,
    destination: Destination,
    events: ReceivingEvents,
  ): Receiving {
    return new ReceiveSession(optionsOf(place, missing), destination, this.#roads, events);
  }
}

function optionsOf({ link, transferId, session }: SessionPlace, missing: Missing): SessionOptions {
  const { secret, remoteHost, localHost } = link.channel;
  const keys = sessionKeysOf({ secret, transferId, session });
  return { ...missing, keys, ...datagramLengthsTo(remoteHost, localHost) };
}
