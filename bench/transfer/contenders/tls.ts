// Raw TLS 1.3 of Node: one write, one answer.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import { Collector } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

export const tls: Contender = { receiver, sender };

function receiver({ host, payload, folder }: Setup): ReceivingEnd {
  const collector = new Collector(payload.length);
  let close: () => void = () => undefined;
  return {
    async offer() {
      const { keyPem, certPem } = await loadIdentity(folder);
      const server = createServer({ key: keyPem, cert: certPem, minVersion: 'TLSv1.3' }, (socket) => {
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.on('data', (bytes) => {
          if (collector.add(bytes)) socket.write('d');
        });
      });
      close = () => void server.close();
      server.listen(0, host);
      await once(server, 'listening');
      return { port: (server.address() as AddressInfo).port };
    },
    accept: async () => undefined,
    received: async () => collector.bytes,
    close: () => close(),
  };
}

function sender({ peerHost, payload }: Setup): SendingEnd {
  let socket: TLSSocket | undefined;
  return {
    async connect({ port }) {
      socket = connect({ host: peerHost, port: Number(port), rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      socket.setNoDelay(true);
      return {};
    },
    isReady: async () => undefined,
    async send() {
      socket?.write(payload);
      await once(socket as TLSSocket, 'data');
      return payload.length;
    },
    close: () => socket?.destroy(),
  };
}
