// Many people who watch each other at one registry: what each costs in memory, and how long a change takes to reach the others.
// The registry is a process of its own; everybody else is this one.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import type { RegisterBody, SignOffBody } from '../src/contract/registry.ts';
import {
  type ClientFrame,
  MAX_NAMES_IN_FRAME,
  type ServerFrame,
  SIGNAL_PATH,
} from '../src/contract/signal.ts';
import { challengeBytes } from '../src/wire/signalChallenge.ts';
import { registrationBytes, signOffBytes } from '../src/wire/signedRecord.ts';
import { type RegistryProcess, startRegistryProcess } from './registryProcess.ts';
import { percentile } from './statistics.ts';

export interface SignalRow {
  readonly clients: number;
  readonly watchedByEach: number;
  readonly changesPerSecond: number;
  /** Of the registry's resident memory, from before the first socket; undefined where the system does not say. */
  readonly kibPerClient: number | undefined;
  readonly pushes: number;
  /** Ms from asking for the change to hearing of it, the call itself included. */
  readonly push: { readonly p50: number; readonly p99: number; readonly max: number };
}

const WATCHED_BY_EACH = 50;
const CHANGES_PER_SECOND = 100;
const SECONDS = 20;
/** One name changes again only after this: so that each push belongs to one change. */
const REST_MS = 5_000;
const AT_ONCE = 100;
/** Files and sockets that the process needs besides. */
const OTHER_FILES = 200;

export async function measureSignal(wanted: number): Promise<SignalRow> {
  const count = Math.min(wanted, openFiles() - OTHER_FILES);
  const registry = await startRegistryProcess();
  try {
    return await measureAt(registry, count);
  } finally {
    registry.stop();
  }
}

export function printSignal({ clients, push, kibPerClient, ...row }: SignalRow): void {
  const changes = `${row.changesPerSecond} changes a second for ${SECONDS} s`;
  console.log(
    `\n${clients} people at one registry, each watching ${row.watchedByEach} of the others, ${changes}`,
  );
  console.log(`  memory of the registry    ${kibPerClient?.toFixed(1) ?? 'unknown'} KiB for each`);
  console.log(
    `  from change to push       p50 ${push.p50.toFixed(0)} ms  p99 ${push.p99.toFixed(0)} ms  max ${push.max.toFixed(0)} ms (${row.pushes} pushes)`,
  );
}

async function measureAt(registry: RegistryProcess, count: number): Promise<SignalRow> {
  const people = Array.from({ length: count }, (_, i) => new Watcher(`person ${i}`, registry.url));
  await eachOf(people, (person) => person.register());
  const before = await residentKib(registry.pid);
  await eachOf(people, (person, i) => person.watch(neighboursOf(people, i)));
  const after = await residentKib(registry.pid);
  const latencies = await change(people);
  for (const person of people) person.close();
  return {
    clients: count,
    watchedByEach: Math.min(WATCHED_BY_EACH, count - 1),
    changesPerSecond: CHANGES_PER_SECOND,
    kibPerClient: before && after && (after - before) / count,
    pushes: latencies.length,
    push: {
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      max: percentile(latencies, 1),
    },
  };
}

/** People come and go in turns, one every 10 ms, and whoever watches them notes when they hear of it. */
async function change(people: readonly Watcher[]): Promise<number[]> {
  const changedAt = new Map<string, number>();
  const latencies: number[] = [];
  for (const person of people)
    person.onNews = (name) => {
      const at = changedAt.get(name);
      if (at !== undefined) latencies.push(performance.now() - at);
    };
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  for (let i = 0; i < SECONDS * CHANGES_PER_SECOND; i++) {
    await sleepUntil(startedAt + (i * 1_000) / CHANGES_PER_SECOND);
    const person = people[(i * 7_919) % people.length];
    if (person === undefined || performance.now() - (changedAt.get(person.name) ?? -REST_MS) < REST_MS)
      continue;
    changedAt.set(person.name, performance.now());
    calls.push(person.isHere ? person.signOff() : person.register());
  }
  await Promise.all(calls);
  await sleepUntil(performance.now() + 1_000);
  return latencies;
}

class Watcher {
  readonly name: string;
  isHere = false;
  onNews: (name: string) => void = () => undefined;
  readonly #url: string;
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #publicKey = this.#pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  #ws: WebSocket | undefined;
  #time = 0;

  constructor(name: string, url: string) {
    this.name = name;
    this.#url = url;
  }

  async register(): Promise<void> {
    this.isHere = true;
    const record = { ...this.#stamp(), addresses: ['127.0.0.1'], tcpPort: 4_000, udpPort: 4_000 };
    await this.#ask('PUT', { record, signature: this.#sign(registrationBytes(record)) });
  }

  async signOff(): Promise<void> {
    this.isHere = false;
    const record = this.#stamp();
    await this.#ask('DELETE', { record, signature: this.#sign(signOffBytes(record)) });
  }

  /** Resolves when everything was told. */
  watch(names: readonly string[]): Promise<void> {
    const ws = new WebSocket(this.#url.replace('http', 'ws') + SIGNAL_PATH, { perMessageDeflate: false });
    this.#ws = ws;
    const watches = Math.ceil(names.length / MAX_NAMES_IN_FRAME);
    return new Promise((resolve, reject) => {
      ws.on('error', reject);
      ws.on('close', (code, reason) => reject(new Error(`closed: ${code} ${reason}`)));
      ws.on('message', (data) => {
        const frame = JSON.parse(String(data)) as ServerFrame;
        if (frame.kind === 'challenge') this.#answer(frame);
        else if (frame.kind === 'welcome') this.#askFor(names);
        else if (frame.kind === 'present' && frame.id === watches) resolve();
        else if (frame.kind === 'people') for (const { name } of frame.people) this.onNews(name);
      });
    });
  }

  close(): void {
    this.#ws?.removeAllListeners('close').terminate();
  }

  #answer({ challenge, host }: { challenge: string; host: string }): void {
    const publicKey = this.#publicKey;
    const signature = this.#sign(challengeBytes({ challenge, host, publicKey }));
    this.#say({ kind: 'answer', publicKey, signature });
  }

  #askFor(names: readonly string[]): void {
    for (let i = 0, id = 1; i < names.length; i += MAX_NAMES_IN_FRAME, id++) {
      const add = names.slice(i, i + MAX_NAMES_IN_FRAME).map((name) => ({ name }));
      this.#say({ kind: 'watch', id, add, remove: [] });
    }
  }

  #say(frame: ClientFrame): void {
    this.#ws?.send(JSON.stringify(frame));
  }

  #stamp() {
    this.#time = Math.max(this.#time + 1, Date.now());
    const nonce = randomBytes(16).toString('base64');
    return { name: this.name, publicKey: this.#publicKey, time: this.#time, nonce };
  }

  #sign(bytes: Uint8Array): string {
    return sign('sha256', bytes, { key: this.#pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64',
    );
  }

  async #ask(method: string, body: RegisterBody | SignOffBody): Promise<void> {
    const answer = await fetch(`${this.#url}/v1/peers/${encodeURIComponent(this.name)}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.text();
    if (!answer.ok) throw new Error(`${method} ${this.name}: ${answer.status}`);
  }
}

/** The next ones round the circle. */
function neighboursOf(people: readonly Watcher[], of: number): string[] {
  const count = Math.min(WATCHED_BY_EACH, people.length - 1);
  return Array.from({ length: count }, (_, i) => people[(of + i + 1) % people.length]?.name ?? '');
}

async function eachOf<T>(all: readonly T[], work: (one: T, index: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE)
    await Promise.all(all.slice(i, i + AT_ONCE).map((one, offset) => work(one, i + offset)));
}

/** Linux says; others do not. */
async function residentKib(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
  return kib === undefined ? undefined : Number(kib);
}

/** How many files and sockets this process may have open, and the registry that it starts. */
function openFiles(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = Number(report.userLimits?.open_files?.soft ?? Number.NaN);
  return Number.isNaN(soft) ? Number.MAX_SAFE_INTEGER : soft;
}

function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
