// Where windows attach: a named pipe on Windows, a socket file elsewhere, readable by this user only.

import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { type PipeEnd, pipeEndOf } from '../../pipe/pipeEnd.ts';

export class PipeListener implements Disposable {
  readonly #server: Server;
  readonly #open: Set<Socket>;

  private constructor(server: Server, open: Set<Socket>) {
    this.#server = server;
    this.#open = open;
  }

  /** Only the holder of the database's lock may call this: it removes the socket file of an engine that is gone. */
  static async open(address: string, onSeat: (...end: PipeEnd) => void): Promise<PipeListener> {
    await makeRoom(address);
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
      onSeat(...pipeEndOf(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
    if (!isWindowsPipe(address)) await chmod(address, 0o600);
    return new PipeListener(server, open);
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}

async function makeRoom(address: string): Promise<void> {
  if (isWindowsPipe(address)) return;
  await mkdir(dirname(address), { recursive: true, mode: 0o700 });
  await rm(address, { force: true });
}

function isWindowsPipe(address: string): boolean {
  return address.startsWith('\\\\');
}
