// Raw TCP of Node, neither sealed nor checked: one write, one answer. Which congestion control it has is the path's matter.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Collector } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

export const tcp: Contender = { receiver, sender };

function receiver({ host, payload }: Setup): ReceivingEnd {
  const collector = new Collector(payload.length);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      if (collector.add(bytes)) socket.write('d');
    });
  });
  return {
    async offer() {
      server.listen(0, host);
      await once(server, 'listening');
      return { port: (server.address() as AddressInfo).port };
    },
    accept: async () => undefined,
    received: async () => collector.bytes,
    close: () => void server.close(),
  };
}

function sender({ peerHost, payload }: Setup): SendingEnd {
  let socket: Socket | undefined;
  return {
    async connect({ port }) {
      socket = connect(Number(port), peerHost);
      await once(socket, 'connect');
      return {};
    },
    isReady: async () => undefined,
    async send() {
      socket?.write(payload);
      await once(socket as Socket, 'data');
      return payload.length;
    },
    close: () => socket?.destroy(),
  };
}
