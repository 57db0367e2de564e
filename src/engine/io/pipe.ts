// Where windows attach: a named pipe on Windows, a socket file elsewhere, readable by this user only.

import { access, chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Disposable } from '../../base/disposable.ts';
import { type PipeEnd, pipeEndOf } from '../../pipe/pipeEnd.ts';
import { isWindowsPipe, makeSocketFolder } from '../../pipe/socketFolder.ts';
import { type StartTimer, startTimer } from './startTimer.ts';

/** Folders of what is temporary are swept while engines run for weeks: a window that opens then waits no longer than this. */
const LOOK_EVERY_MS = 5_000;

/**
 * Windows keeps a pipe's name while a window of the engine before has its end open, and one that stands still at a breakpoint lets go late.
 * No other engine of the folder listens there, as this one has the lock; another account's program may, and keeps it. A minute in all.
 */
const TAKEN_TRIES = 600;
const TAKEN_PAUSE_MS = 100;

type OnSeat = (...end: PipeEnd) => void;

export class PipeListener implements Disposable {
  readonly #address: string;
  readonly #onSeat: OnSeat;
  readonly #startTimer: StartTimer;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #timer: Disposable | undefined;
  #isDisposed = false;

  private constructor(address: string, onSeat: OnSeat, startTimer: StartTimer) {
    this.#address = address;
    this.#onSeat = onSeat;
    this.#startTimer = startTimer;
  }

  /**
   * Only the holder of the database's lock may call this: it removes the socket file of an engine that is gone. A file that somebody
   * takes away is made anew. Rejects with a `code`: of the system, or FolderTrouble.
   */
  static async open(address: string, onSeat: OnSeat, timer: StartTimer = startTimer): Promise<PipeListener> {
    const pipe = new PipeListener(address, onSeat, timer);
    await pipe.#listen();
    if (!isWindowsPipe(address)) pipe.#lookLater();
    return pipe;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#server?.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #listen(): Promise<void> {
    await makeRoom(this.#address);
    this.#server = await this.#serve();
    if (!isWindowsPipe(this.#address)) await chmod(this.#address, 0o600);
    if (this.#isDisposed) this.#server.close();
  }

  async #serve(): Promise<Server> {
    for (let tries = 1; ; tries++) {
      try {
        return await listening(
          createServer((socket) => this.#welcome(socket)),
          this.#address,
        );
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EADDRINUSE' || tries === TAKEN_TRIES) throw error;
      }
      await setTimeout(TAKEN_PAUSE_MS);
    }
  }

  #welcome(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#open.delete(socket));
    this.#onSeat(...pipeEndOf(socket));
  }

  #lookLater(): void {
    this.#timer = this.#startTimer(LOOK_EVERY_MS, () => this.#look());
  }

  /** Windows that are attached stay so: their connections need no file. Where it cannot be made now, it is tried at the next look. */
  async #look(): Promise<void> {
    const isGone = await access(this.#address).then(
      () => false,
      () => true,
    );
    if (this.#isDisposed) return;
    if (isGone) {
      // First: its end would take the new file away.
      this.#server?.close();
      await this.#listen().catch(() => {});
    }
    if (!this.#isDisposed) this.#lookLater();
  }
}

function listening(server: Server, address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => resolve(server));
  });
}

/** In a folder of another account, that could put its own files where this one's are made, changed and deleted. */
async function makeRoom(address: string): Promise<void> {
  if (isWindowsPipe(address)) return;
  const trouble = await makeSocketFolder(address);
  if (trouble !== undefined) throw Object.assign(new Error(`${address}: ${trouble}`), { code: trouble });
  await rm(address, { force: true });
}
