// werift: WebRTC in TypeScript, one ordered data channel. A development package, loaded where it is there.

import { once } from 'node:events';
import { Collector } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup, Words } from '../contender.ts';

type Werift = typeof import('werift');
type Connection = InstanceType<Werift['RTCPeerConnection']>;
type Channel = ReturnType<Connection['createDataChannel']>;

const MESSAGE_BYTES = 16 * 1024;
const BUFFERED_BYTES = 1024 * 1024;

/** Rejects where the package is not there. */
export async function loadWerift(): Promise<Contender> {
  const werift = await import('werift');
  return { receiver: (setup) => receiver(werift, setup), sender: (setup) => sender(werift, setup) };
}

function connectionOf({ RTCPeerConnection }: Werift, { host }: Setup): Connection {
  return new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [host],
    iceFilterCandidatePair: (pair) => pair.localCandidate.host === host,
  });
}

function receiver(werift: Werift, setup: Setup): ReceivingEnd {
  const collector = new Collector(setup.payload.length);
  const connection = connectionOf(werift, setup);
  const channel = connection.createDataChannel('bytes');
  channel.onMessage.subscribe((bytes) => {
    if (collector.add(Buffer.from(bytes))) channel.send(Buffer.from('d'));
  });
  return {
    async offer() {
      await connection.setLocalDescription(await connection.createOffer());
      return described(connection);
    },
    async accept({ sdp }) {
      await connection.setRemoteDescription({ type: 'answer', sdp: String(sdp) });
    },
    received: async () => collector.bytes,
    close: () => void connection.close(),
  };
}

function sender(werift: Werift, setup: Setup): SendingEnd {
  const connection = connectionOf(werift, setup);
  const opened = new Promise<Channel>((resolve) => {
    connection.onDataChannel.subscribe(resolve);
  });
  return {
    async connect({ sdp }) {
      await connection.setRemoteDescription({ type: 'offer', sdp: String(sdp) });
      await connection.setLocalDescription(await connection.createAnswer());
      return described(connection);
    },
    async isReady() {
      await opened;
    },
    async send() {
      const channel = await opened;
      const answered = new Promise((resolve) => channel.onMessage.subscribe(resolve));
      await pour(channel, setup.payload);
      await answered;
      return setup.payload.length;
    },
    close: () => void connection.close(),
  };
}

async function pour(channel: Channel, payload: Buffer): Promise<void> {
  for (let at = 0; at < payload.length; at += MESSAGE_BYTES) {
    channel.send(payload.subarray(at, at + MESSAGE_BYTES));
    while (channel.bufferedAmount > BUFFERED_BYTES) await once(AbortSignal.timeout(1), 'abort');
  }
}

function described(connection: Connection): Words {
  return { sdp: connection.localDescription?.sdp ?? '' };
}
