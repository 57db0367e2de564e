// Both ends of one contender on one path: two processes that live for all rounds, as a program does.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ENGINE_LIMITS } from '../../src/contract/engineStart.ts';
import type { Words } from './contender.ts';
import type { ContenderName } from './contenders.ts';
import type { Checked, Order, Sent } from './end.ts';
import type { Path, Place } from './path.ts';

const END = fileURLToPath(new URL('./end.ts', import.meta.url));
/** Whoever takes longer has not finished. */
const LIMIT_MS = 45_000;

/** The engine's worker has a small young generation, which is three times what this flag says. It does the others good, too. */
const AS_IN_WORKER = `--max-semi-space-size=${ENGINE_LIMITS.maxYoungGenerationSizeMb / 3}`;

export interface Run {
  /** MB/s, 10^6 bytes. */
  readonly rate: number;
  /** Sender and receiver, user and system, ms for each MiB. */
  readonly cpuMsPerMib: number;
  /** Of the bytes sent. */
  readonly arrived: number;
}

export class Pair {
  readonly #sizeBytes: number;
  readonly #sender: ChildProcess;
  readonly #receiver: ChildProcess;

  private constructor(sizeBytes: number, sender: ChildProcess, receiver: ChildProcess) {
    this.#sizeBytes = sizeBytes;
    this.#sender = sender;
    this.#receiver = receiver;
  }

  /** Rejects where the contender cannot be loaded. */
  static async start(name: ContenderName, path: Path, folder: string): Promise<Pair> {
    const { sender, receiver } = path;
    const ends = [
      startEnd(name, sender, receiver, path.sizeBytes, folder),
      startEnd(name, receiver, sender, path.sizeBytes, folder),
    ];
    const [a, b] = ends as [ChildProcess, ChildProcess];
    const pair = new Pair(path.sizeBytes, a, b);
    try {
      await Promise.all(ends.map(nextWord));
      return pair;
    } catch (error) {
      pair.close();
      throw error;
    }
  }

  /** One transfer. Rejects when it takes too long or the bytes are others. */
  async run(): Promise<Run> {
    const offer = await tell<Words>(this.#receiver, { verb: 'offer' });
    const words = await tell<Words>(this.#sender, { verb: 'connect', words: offer });
    await tell(this.#receiver, { verb: 'accept', words });
    const sent = await tell<Sent>(this.#sender, { verb: 'send' });
    const checked = await tell<Checked>(this.#receiver, { verb: 'check' });
    if (!checked.isExact) throw new Error('other bytes');
    return {
      rate: sent.bytes / sent.ms / 1000,
      cpuMsPerMib: ((sent.cpuMs + checked.cpuMs) * 2 ** 20) / sent.bytes,
      arrived: sent.bytes / this.#sizeBytes,
    };
  }

  close(): void {
    this.#sender.kill();
    this.#receiver.kill();
  }
}

function startEnd(
  name: ContenderName,
  here: Place,
  there: Place,
  sizeBytes: number,
  folder: string,
): ChildProcess {
  const [command, ...args] = [
    ...here.inside,
    process.execPath,
    AS_IN_WORKER,
    END,
    name,
    here.host,
    there.host,
    String(sizeBytes),
    folder,
  ];
  return spawn(command as string, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function tell<T>(end: ChildProcess, order: Order): Promise<T> {
  end.send(order);
  return (await nextWord(end)) as T;
}

async function nextWord(end: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const gone = once(end, 'exit', { signal }).then(() => Promise.reject(new Error('a process ended')));
    gone.catch(() => undefined);
    const [word] = (await Promise.race([once(end, 'message', { signal }), gone])) as [unknown];
    return word;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new Error(`not finished in ${LIMIT_MS / 1000} s`);
    throw error;
  } finally {
    over.abort();
  }
}
