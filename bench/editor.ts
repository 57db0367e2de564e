// What somebody who works in the editor feels of a large file that comes or goes meanwhile: how late the host's thread is, how long a
// message takes, and how much memory it costs. Each against the same while nothing else happens.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { editorGoals } from './editor/editorGoals.ts';
import type { Answer, Felt, HostStart, Order, Seen } from './editor/orders.ts';
import { type Goal, printGoals } from './goals.ts';
import { startRegistryProcess } from './registryProcess.ts';
import { percentile } from './statistics.ts';

const HOST = fileURLToPath(new URL('./editor/hostProcess.ts', import.meta.url));
const ENGINE = fileURLToPath(new URL('../dist/engine.js', import.meta.url));
const MIB = 2 ** 20;
/** At a fixed rate, whatever is under way still. */
const MESSAGE_EVERY_MS = 20;
const IDLE_MS = 10_000;
/** Of each file, one after the other: of the messages beside one alone, the slowest hundredth is one or two. */
const SENDS = 4;

const GOAL_WIDTH = 48;

export interface EditorTable {
  readonly rows: readonly Felt[];
  readonly goals: readonly Goal[];
}

export async function measureEditor(mib: number): Promise<EditorTable> {
  if (!existsSync(ENGINE)) throw new Error('build first: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  const registry = await startRegistryProcess();
  const hosts: Host[] = [];
  try {
    for (const name of ['sara', 'bob']) {
      const host = await Host.start({ script: ENGINE, dataDir: join(folder, name) });
      hosts.push(host);
      await host.obey({ kind: 'signUp', name, url: registry.url });
    }
    const [sara, bob] = hosts as [Host, Host];
    await sara.obey({ kind: 'connect', name: 'bob' });
    const rows = await measureAll(sara, bob, folder, mib * MIB);
    return { rows, goals: editorGoals(rows) };
  } finally {
    for (const host of hosts) await host.end();
    registry.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export function printEditor({ rows, goals }: EditorTable): void {
  console.log('\nBeside a large file, in two hosts of one machine (ms)');
  for (const { what, sizeBytes, seconds, sender, receiver } of rows) {
    const rate = sizeBytes === 0 ? '' : `, ${(sizeBytes / seconds / 1e6).toFixed(0)} MB/s`;
    console.log(`  ${what}, ${seconds.toFixed(1)} s${rate}`);
    console.log(`    sender's thread late    ${late(sender)}`);
    console.log(`    receiver's thread late  ${late(receiver)}`);
    console.log(`    message there and back  ${trips(sender)}`);
    console.log(`    sender's memory         ${quarters(sender)}`);
    console.log(`    receiver's memory       ${quarters(receiver)}`);
  }
  printGoals(goals, GOAL_WIDTH);
}

async function measureAll(sara: Host, bob: Host, folder: string, sizeBytes: number): Promise<Felt[]> {
  const idle = () => pause(IDLE_MS);
  const rows = [await feel({ what: 'nothing else', isPicture: false, sizeBytes: 0 }, sara, bob, idle)];
  for (const { what, isPicture, name, head } of FILES) {
    const path = join(folder, name);
    await writeNoise(path, sizeBytes, head);
    const send = async () => {
      for (let i = 0; i < SENDS; i++) await sara.obey({ kind: 'sendFile', path, asPicture: false });
    };
    rows.push(await feel({ what, isPicture, sizeBytes: SENDS * sizeBytes }, sara, bob, send));
  }
  return rows;
}

/** A picture goes by UDP first, any other file by TLS. */
const FILES = [
  { what: 'a file', isPicture: false, name: 'large.bin', head: Buffer.alloc(0) },
  { what: 'a picture', isPicture: true, name: 'large.png', head: pngHead() },
];

async function feel(
  happening: Pick<Felt, 'what' | 'isPicture' | 'sizeBytes'>,
  sara: Host,
  bob: Host,
  work: () => Promise<void>,
): Promise<Felt> {
  await bob.obey({ kind: 'watch' });
  await sara.obey({ kind: 'watch', everyMs: MESSAGE_EVERY_MS });
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  const [sender, receiver] = [await sara.see(), await bob.see()];
  return { ...happening, seconds, sender, receiver };
}

function late({ loopDelay: { p50, p99, max } }: Seen): string {
  return `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, at most ${max.toFixed(1)}`;
}

function trips({ roundTrips, leftOut }: Seen): string {
  if (roundTrips.length === 0) return 'none';
  const [p50, p99] = [percentile(roundTrips, 0.5), percentile(roundTrips, 0.99)];
  return `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)} (${roundTrips.length}${leftOut > 0 ? `, and ${leftOut} not sent` : ''})`;
}

/** The largest of each quarter of the time: flat when they are alike. */
function quarters({ memory }: Seen): string {
  const end = (i: number) => Math.floor((memory.length * i) / 4);
  const largest = [0, 1, 2, 3].map((i) => Math.max(0, ...memory.slice(end(i), end(i + 1))));
  return `${largest.map((bytes) => (bytes / MIB).toFixed(0)).join(', ')} MiB at most in each quarter`;
}

/** Noise, as a file of zeros is no work for some disks. Synced: half a minute later the system would write all of it out at once. */
async function writeNoise(path: string, sizeBytes: number, head: Buffer): Promise<void> {
  const block = Buffer.alloc(4 * MIB);
  for (let i = 0; i < block.length; i += 4) block.writeUInt32LE((Math.random() * 2 ** 32) >>> 0, i);
  const file = await open(path, 'w');
  for (let at = 0; at < sizeBytes; at += block.length) await file.write(block, 0, block.length, at);
  await file.write(head, 0, head.length, 0);
  await file.sync();
  await file.close();
}

/** The signature and header of a PNG of 4096 x 4096; what follows is no picture, which nobody learns who only looks at the head. */
function pngHead(): Buffer {
  return Buffer.from('89504e470d0a1a0a0000000d49484452000010000000100008060000000000000000000000', 'hex');
}

class Host {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(start: HostStart): Promise<Host> {
    const host = new Host(fork(HOST, [JSON.stringify(start)]));
    await host.#answer();
    return host;
  }

  async obey(order: Order): Promise<Answer> {
    const answer = this.#answer();
    this.#child.send(order);
    return answer;
  }

  async see(): Promise<Seen> {
    const answer = await this.obey({ kind: 'tell' });
    if (answer.kind !== 'seen') throw new Error(`it said ${answer.kind}`);
    return answer.seen;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #answer(): Promise<Answer> {
    const [answer] = (await once(this.#child, 'message')) as [Answer];
    if (answer.kind === 'failed') throw new Error(answer.why);
    return answer;
  }
}
