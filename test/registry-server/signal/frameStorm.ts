// Many sockets at once that say what hostileFrames makes, over plain connections: each opens the WebSocket by hand, proves a key or
// does not, and goes on until the registry closes it or has let it live for a while.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseFrame, ServerFrame, SIGNAL_PATH } from '../../../src/contract/signal.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { type HostileFrame, hostileFrames, textFrame } from './hostileFrames.ts';
import { Key } from './signalClient.ts';

export interface Storm {
  readonly frames: number;
  readonly sockets: number;
  /** How often each way of being wrong was sent. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How the sockets ended: the code that the registry closed them with, `cut` without one, `alive` when it let them live. */
  readonly ends: Readonly<Record<string, number>>;
}

export interface StormOptions {
  readonly port: number;
  readonly frames: number;
  readonly seed: number;
  /** Told now and then how many frames were sent. */
  readonly onProgress?: (frames: number) => void;
}

const LANES = 16;
/** One frame in so many ends its socket, if the rate does not. */
const BROKEN_SHARE = 1 / 10;
/** Below what a socket may send at once: more would only be about the rate. */
const FRAMES_OF_SOCKET = 80;
/** So long a socket that was not closed is listened to after its last frame. */
const LISTEN_MS = 300;
const OPENING_MS = 10_000;
/** Signing costs the storm more than reading costs the registry: a few keys do, each with one socket at a time. */
const SHARE_OF_STRANGERS = 0.25;

/** Rejects when the registry does not take connections any more. */
export async function frameStorm({ port, frames, seed, onProgress }: StormOptions): Promise<Storm> {
  const random = seededRandom(seed);
  const next = hostileFrames(random, BROKEN_SHARE);
  const [kinds, ends]: Record<string, number>[] = [{}, {}];
  let [sent, sockets] = [0, 0];
  const take = (): HostileFrame | undefined => {
    if (sent >= frames) return undefined;
    sent += 1;
    const frame = next();
    count(kinds, frame.kind);
    return frame;
  };
  const lane = async () => {
    const key = new Key();
    while (sent < frames) {
      sockets += 1;
      const socket = await RawSocket.open(port, random() < SHARE_OF_STRANGERS ? undefined : key);
      count(ends, await socket.play(take));
      onProgress?.(sent);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { frames: sent, sockets, kinds: kinds ?? {}, ends: ends ?? {} };
}

function count(counts: Record<string, number> | undefined, of: string): void {
  if (counts !== undefined) counts[of] = (counts[of] ?? 0) + 1;
}

class RawSocket {
  readonly #socket: Socket;
  #heard: Buffer = Buffer.alloc(0);
  #closeCode: number | undefined;
  #onHeard: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onHeard());
    socket.on('data', (data) => {
      this.#heard = Buffer.concat([this.#heard, data]);
      this.#onHeard();
    });
  }

  /** Upgraded, and with a key also welcome. */
  static async open(port: number, key: Key | undefined): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const raw = new RawSocket(socket);
    await once(socket, 'connect');
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const head = [`GET ${SIGNAL_PATH} HTTP/1.1`, 'Host: registry.example', ...upgrade];
    socket.write(
      `${[...head, `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`].join('\r\n')}\r\n\r\n`,
    );
    await raw.#until(() => raw.#skipHead());
    const challenge = await raw.#frame('challenge');
    if (key !== undefined && challenge !== undefined) {
      socket.write(textFrame(JSON.stringify(key.answer(challenge))));
      await raw.#frame('welcome');
    }
    return raw;
  }

  /** Sends until it is closed, has sent enough or `take` gives no more; answers how it ended. */
  async play(take: () => HostileFrame | undefined): Promise<string> {
    for (let i = 0; i < FRAMES_OF_SOCKET && this.#isOpen(); i++) {
      const frame = take();
      if (frame === undefined) break;
      this.#socket.write(frame.bytes);
      // The registry's word is heard between two frames.
      await new Promise(setImmediate);
      if (frame.kind !== 'odd') break;
    }
    await this.#until(() => !this.#isOpen(), LISTEN_MS).catch(() => undefined);
    const end = this.#isOpen() ? 'alive' : String(this.#closeCode ?? 'cut');
    this.#socket.destroy();
    return end;
  }

  #isOpen(): boolean {
    while (this.#takeFrame() !== undefined);
    return !this.#socket.destroyed && !this.#socket.readableEnded && this.#closeCode === undefined;
  }

  async #frame<Kind extends ServerFrame['kind']>(kind: Kind) {
    let frame: ServerFrame | undefined;
    await this.#until(() => {
      frame = parseFrame(ServerFrame, this.#takeFrame() ?? '');
      return frame?.kind === kind;
    });
    return frame as Extract<ServerFrame, { kind: Kind }> | undefined;
  }

  #skipHead(): boolean {
    const end = this.#heard.indexOf('\r\n\r\n');
    if (end < 0) return false;
    this.#heard = this.#heard.subarray(end + 4);
    return true;
  }

  /** The text of the next frame of the registry, or undefined when there is none yet. Notes the code of a close. */
  #takeFrame(): string | undefined {
    if (this.#heard.length < 2) return undefined;
    const short = (this.#heard[1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (this.#heard.length < head) return undefined;
    const length =
      head === 4 ? this.#heard.readUInt16BE(2) : head === 10 ? Number(this.#heard.readBigUInt64BE(2)) : short;
    if (this.#heard.length < head + length) return undefined;
    const payload = this.#heard.subarray(head, head + length);
    if (((this.#heard[0] ?? 0) & 0x0f) === 8) this.#closeCode = length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.#heard = this.#heard.subarray(head + length);
    return payload.toString();
  }

  #until(isSo: () => boolean, patienceMs = OPENING_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#onHeard = () => undefined;
        reject(new Error(`the registry said nothing for ${patienceMs} ms`));
      }, patienceMs);
      this.#onHeard = () => {
        if (!isSo() && !this.#socket.destroyed) return;
        clearTimeout(timer);
        this.#onHeard = () => undefined;
        resolve();
      };
      this.#onHeard();
    });
  }
}
