// Raw TLS 1.3 of Node from a file to a synced file, as the streams of Node do it: nothing is hashed, and nothing could be gone on with.

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

export const tlsFiles: Contender = { receiver, sender };

function receiver({ host, folder }: Setup): ReceivingEnd {
  const path = join(folder, 'got-raw.bin');
  let close: () => void = () => undefined;
  return {
    async offer() {
      const { keyPem, certPem } = await loadIdentity(folder);
      const options = { key: keyPem, cert: certPem, minVersion: 'TLSv1.3', allowHalfOpen: true } as const;
      const server = createServer(options, (socket) => {
        socket.on('error', () => socket.destroy());
        pipeline(socket, createWriteStream(path, { flush: true }), { end: true })
          .then(() => socket.end('d'))
          .catch(() => socket.destroy());
      });
      close = () => void server.close();
      server.listen(0, host);
      await once(server, 'listening');
      return { port: (server.address() as AddressInfo).port };
    },
    accept: async () => undefined,
    async received() {
      const bytes = await readFile(path);
      await rm(path);
      return bytes;
    },
    close: () => close(),
  };
}

function sender({ peerHost, payload, folder }: Setup): SendingEnd {
  const path = join(folder, 'sent-raw.bin');
  let socket: TLSSocket | undefined;
  return {
    async connect({ port }) {
      await writeFile(path, payload, { flush: true });
      const to = { host: peerHost, port: Number(port), rejectUnauthorized: false, allowHalfOpen: true };
      socket = connect(to);
      await once(socket, 'secureConnect');
      return {};
    },
    isReady: async () => undefined,
    async send() {
      const answer = once(socket as TLSSocket, 'data');
      await pipeline(createReadStream(path), socket as TLSSocket);
      await answer;
      return payload.length;
    },
    close: () => socket?.destroy(),
  };
}
