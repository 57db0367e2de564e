// The other end of the comparison: a bare TLS 1.3 server in a process of its own. Answers each connection's first byte:
// `e`: echoes what follows. `s`: counts what follows up to the announced length, then answers one byte.

import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { loadIdentity } from '../src/engine/identity/identity.ts';

const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
const { keyPem, certPem } = await loadIdentity(folder);
await rm(folder, { recursive: true });

const server = createServer({ key: keyPem, cert: certPem, minVersion: 'TLSv1.3' }, (socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.once('data', (first: Buffer) =>
    first[0] === 0x65 ? echo(socket) : sink(socket, first.readDoubleBE(1)),
  );
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));

function echo(socket: TLSSocket): void {
  socket.on('data', (bytes) => socket.write(bytes));
  socket.write('r');
}

function sink(socket: TLSSocket, length: number): void {
  let left = length;
  socket.on('data', (bytes: Buffer) => {
    left -= bytes.length;
    if (left > 0) return;
    left = length;
    socket.write('d');
  });
  socket.write('r');
}
