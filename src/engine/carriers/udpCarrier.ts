// Blocks as datagrams: sealed, cut and sent again by the machines of transfer/, in a thread of their own (udpThread.ts).

import { datagramLengthsTo } from '../io/datagramLengths.ts';
import { sessionKeysOf } from '../transfer/sessionKeys.ts';
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
import { UdpReceive } from './udpReceive.ts';
import { UdpSend } from './udpSend.ts';
import type { UdpSessions } from './udpSessions.ts';
import type { UdpSessionOptions } from './udpWords.ts';

export class UdpCarrier implements Carrier {
  readonly #sessions: UdpSessions;

  constructor(sessions: UdpSessions) {
    this.#sessions = sessions;
  }

  expect(): void {
    this.#sessions.expect?.();
  }

  send(place: SessionPlace, missing: Missing, source: Source, events: SendingEvents): Sending {
    const { channel, hello } = place.link;
    const to = { host: channel.remoteHost, port: hello?.udpPort ?? 0 };
    return new UdpSend(this.#sessions, optionsOf(place, missing), to, source, events);
  }

  /** Datagrams are never lost for good at once: their silence is. */
  receive(
    place: SessionPlace,
    missing: Missing,
    destination: Destination,
    events: ReceivingEvents,
  ): Receiving {
    return new UdpReceive(this.#sessions, optionsOf(place, missing), destination, events);
  }
}

function optionsOf({ link, transferId, session }: SessionPlace, missing: Missing): UdpSessionOptions {
  const { secret, remoteHost, localHost } = link.channel;
  const keys = sessionKeysOf({ secret, transferId, session });
  return { ...missing, keys, ...datagramLengthsTo(remoteHost, localHost) };
}
