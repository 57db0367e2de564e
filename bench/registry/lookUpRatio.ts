// GET /v1/peers/:name of the registry against a bare Express with ioredis, on one Redis, in turns; and registrations a second.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { signedPeer } from '../../test/registry-server/signedPeer.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { loadServer } from './httpLoad.ts';

const BARE = fileURLToPath(new URL('./bareServer.ts', import.meta.url));
const REGISTRY = fileURLToPath(new URL('../../registry-server/main.ts', import.meta.url));
const CONNECTIONS = 32;
const ROUND_MS = 1_500;
const NAMES = 200;
const REGISTRATIONS = 3_000;

export interface LookUpRow {
  /** Requests a second. */
  readonly registry: Spread;
  readonly bare: Spread;
  /** Round by round. */
  readonly ratio: Spread;
  /** A second, each with a signature that is checked. */
  readonly registrations: number;
}

/** One round more than `rounds`, for warming up. */
export async function lookUpRatio(redisUrl: string, rounds: number): Promise<LookUpRow> {
  const registry = await startServer(REGISTRY, [
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--redis',
    redisUrl,
    ...QUIET,
  ]);
  const bare = await startServer(BARE, [redisUrl]);
  try {
    await registerAll(registry.port, NAMES, 'known');
    const [ours, theirs]: number[][] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      const pair = [await lookUps(registry.port), await lookUps(bare.port)] as const;
      if (round === 0) continue;
      ours?.push(pair[0]);
      theirs?.push(pair[1]);
    }
    const ratios = (ours ?? []).map((perSecond, i) => perSecond / (theirs?.[i] ?? Number.NaN));
    const registrations = await registerAll(registry.port, REGISTRATIONS, 'new');
    return {
      registry: spreadOf(ours ?? []),
      bare: spreadOf(theirs ?? []),
      ratio: spreadOf(ratios),
      registrations,
    };
  } finally {
    await Promise.all([stop(registry.child), stop(bare.child)]);
  }
}

const QUIET = ['--log', 'warn', '--stop-with-parent', '--no-stun'];

async function lookUps(port: number): Promise<number> {
  let turn = 0;
  const next = () => `GET /v1/peers/known${letters(turn++ % NAMES)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  const { perSecond, others } = await loadServer(port, CONNECTIONS, ROUND_MS, next);
  if (others > 0) throw new Error(`${others} look-ups were refused`);
  return perSecond;
}

/** Signed beforehand by ten keys, sent as fast as they are taken. */
async function registerAll(port: number, count: number, start: string): Promise<number> {
  const peers = Array.from({ length: 10 }, signedPeer);
  const requests = Array.from({ length: count }, (_, i) => {
    const name = `${start}${letters(i)}`;
    const body = JSON.stringify((peers[i % 10] ?? signedPeer()).registration(name, Date.now()));
    const length = Buffer.byteLength(body);
    const head = `PUT /v1/peers/${name} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    return `${head}Content-Length: ${length}\r\n\r\n${body}`;
  });
  const { perSecond, others } = await loadServer(port, CONNECTIONS, 60_000, () => requests.pop());
  if (others > 0) throw new Error(`${others} registrations were refused`);
  return perSecond;
}

/** No two look alike. */
function letters(index: number): string {
  return [...String(index)].map((digit) => 'abcdefghjk'[Number(digit)]).join('');
}

async function startServer(file: string, args: string[]): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(/(\d+)(?: \(|\s*$)/.exec(line.toString())?.[1]);
  if (!(port > 0)) throw new Error(`it said ${line}`);
  return { port, child };
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
