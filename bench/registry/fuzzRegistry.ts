// As many malformed requests as wanted, at a registry in a process of its own: it must answer below 500, live, and not grow. Half
// are HTTP with something wrong in the body, half are no HTTP, or almost.

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { signedPeer } from '../../test/registry-server/signedPeer.ts';
import { seededRandom } from '../../test/support/seededRandom.ts';
import { startRegistryProcess } from '../registryProcess.ts';

export interface FuzzRow {
  readonly inputs: number;
  readonly seed: number;
  /** How many answers there were of each status; `none` where the connection just ended. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of the registry's process, MiB: after a tenth of the inputs, and at the end. */
  readonly memoryMib: readonly [early: number, late: number];
}

const SEED = 20_261_120;
const LANES = 24;
/** An input that is neither answered nor refused by then was half a request. */
const PATIENCE_MS = 1_000;

/** Rejects when the registry answers 500 or above, or is gone. */
export async function fuzzRegistry(inputs: number): Promise<FuzzRow> {
  const registry = await startRegistryProcess();
  const port = Number(new URL(registry.url).port);
  const statuses: Record<string, number> = {};
  const make = inputMaker(seededRandom(SEED));
  const memory: number[] = [];
  let sent = 0;
  const lane = async () => {
    const line = new Lane(port);
    while (sent < inputs) {
      sent += 1;
      if (sent === Math.ceil(inputs / 10)) memory.push(residentMib(registry.pid));
      const input = make();
      const status = await line.send(input);
      if (Number(status) >= 500) throw new Error(`${status} to ${JSON.stringify(input)}, seed ${SEED}`);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    line.close();
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    const { status } = await fetch(`${registry.url}/healthz`);
    if (status !== 200) throw new Error(`it is ill: ${status}, seed ${SEED}`);
    return { inputs, seed: SEED, statuses, memoryMib: [memory[0] ?? 0, residentMib(registry.pid)] };
  } finally {
    registry.stop();
  }
}

export function printFuzz({ inputs, seed, statuses, memoryMib: [early, late] }: FuzzRow): void {
  const told = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`);
  console.log(`\n${inputs} malformed requests, seed ${seed}: ${told.join(', ')}`);
  console.log(
    `  memory of the registry ${early.toFixed(0)} MiB after a tenth, ${late.toFixed(0)} MiB at the end`,
  );
}

interface Input {
  readonly bytes: string;
  /** Whether it is framed as HTTP, so that an answer must come and the connection may live. */
  readonly isFramed: boolean;
}

function inputMaker(random: () => number): () => Input {
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const peer = signedPeer();
  const texts = Array.from({ length: 50 }, (_, i) =>
    JSON.stringify(peer.registration(`fuzz ${i}`, Date.now())),
  );
  const names = ['Sara', '%D8%B3', '%', '%zz', '..', 'a%00', 'x'.repeat(300), '%F0%9F%90%9F'];
  const junk = (most: number) =>
    String.fromCharCode(...Array.from({ length: below(most) }, () => below(256)));
  /** A few characters replaced, cut out or doubled. */
  const hurt = (text: string): string => {
    const at = below(text.length);
    const end = at + below(8);
    return text.slice(0, at) + pick(['', junk(4), text.slice(at, end).repeat(3)]) + text.slice(end);
  };
  const values = ['null', '{}', '[]', '-1', '1e999', '""', '"\\ud800"', '{"__proto__":{}}', '[[[[[[]]]]]]'];
  const bodies = [
    () => hurt(pick(texts)),
    () => pick(texts).slice(0, below(600)),
    () =>
      pick(texts).replace(/:("[^"]*"|\d+|\[[^\]]*\])/g, (all) => (random() < 0.2 ? `:${pick(values)}` : all)),
    () => pick(values),
    () => pick(['[', '{"a":', '"']).repeat(below(4_000)),
    () => junk(300),
  ];
  const framed = (): string => {
    const body = pick(bodies)();
    const target = `/v1/peers/${pick(names)}${pick(['', '?release=1', '?release=x'])}`;
    const head = `${pick(['PUT', 'DELETE', 'POST'])} ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    return `${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
  };
  const wrong = [
    () => hurt(framed()),
    () => junk(200),
    () => `GET ${junk(60)} HTTP/1.1\r\n\r\n`,
    () => framed().slice(0, below(200)),
  ];
  return () =>
    random() < 0.5 ? { bytes: framed(), isFramed: true } : { bytes: pick(wrong)(), isFramed: false };
}

/** One caller: it keeps its connection while it is answered properly, and takes a new one otherwise. */
class Lane {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** The status of the answer, or `none`. */
  async send({ bytes, isFramed }: Input): Promise<string> {
    const socket = isFramed && this.#socket?.writable ? this.#socket : connect(this.#port, '127.0.0.1');
    const status = await answerOf(socket, bytes, !isFramed);
    if (isFramed && status !== 'none') this.#socket = socket;
    else socket.destroy();
    return status;
  }

  close(): void {
    this.#socket?.destroy();
  }
}

function answerOf(socket: Socket, bytes: string, isLast: boolean): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const settle = (status: string) => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('close');
      resolve(status);
    };
    const timer = setTimeout(() => {
      socket.destroy();
    }, PATIENCE_MS);
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      const [head = '', body] = heard.split(/\r\n\r\n([\s\S]*)/);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body !== undefined && body.length >= length) settle(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 'other');
    });
    socket.on('close', () => settle(heard === '' ? 'none' : 'other'));
    const written = Buffer.from(bytes, 'latin1');
    if (isLast) socket.end(written);
    else socket.write(written);
  });
}

/** Linux tells it; elsewhere it is not known. */
function residentMib(pid: number): number {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib) / 1_024;
  } catch {
    return Number.NaN;
  }
}
