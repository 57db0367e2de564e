// A real redis-server for tests: its own process on a free loopback port, nothing kept on disk unless it is asked to, ended
// by its own id.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './freePort.ts';

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Ends the process at once and waits until it is gone; another may then be started on the same port. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** A free one when it is not named. */
  readonly port?: number;
  /** As in redis.conf: `appendonly: 'yes'`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A configuration file that comes before all settings; with it the process is a Sentinel. */
  readonly sentinelFile?: (port: number) => string;
}

const START_DEADLINE_MS = 10_000;
/** Somebody may take the free port before Redis does. */
const START_TRIES = 5;

/** REDIS_SERVER names the program when it is not on the PATH. */
export async function startRedis(port?: number): Promise<TestRedis> {
  return startRedisWith(port === undefined ? {} : { port });
}

export async function startRedisWith(options: RedisOptions): Promise<TestRedis> {
  for (let tries = 1; ; tries++) {
    const chosen = options.port ?? (await freePort());
    try {
      return await startOn(chosen, options);
    } catch (error) {
      if (options.port !== undefined || tries === START_TRIES || isMissing(error)) throw error;
    }
  }
}

async function startOn(port: number, { settings = {}, sentinelFile }: RedisOptions): Promise<TestRedis> {
  // Its own: a replica writes what it is given there, and whoever starts in the same folder later begins with that.
  const dir = mkdtempSync(path.join(tmpdir(), 'hamta-redis-'));
  const args =
    sentinelFile === undefined
      ? argumentsOf({ ...DEFAULTS, dir, port: `${port}`, ...settings })
      : [sentinelFile(port), '--sentinel'];
  const child = spawn(process.env.REDIS_SERVER || 'redis-server', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endWithUs = () => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', endWithUs);
  try {
    await ready(child);
  } catch (error) {
    endWithUs();
    throw error;
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    stop: async () => {
      process.off('exit', endWithUs);
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const DEFAULTS = { bind: '127.0.0.1', save: '', appendonly: 'no', loglevel: 'notice' };

function argumentsOf(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([setting, value]) => [`--${setting}`, value]);
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const deadline = setTimeout(
      () => reject(new Error(`redis-server is not ready: ${said}`)),
      START_DEADLINE_MS,
    );
    const settle = (act: () => void) => {
      clearTimeout(deadline);
      act();
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (/Ready to accept connections|\+monitor master/.test(said)) settle(resolve);
    });
    child.once('exit', () => settle(() => reject(new Error(`redis-server ended: ${said}`))));
    child.once('error', (cause) => {
      const advice = 'Install redis-server, or name it with REDIS_SERVER.';
      settle(() => reject(new Error(`redis-server cannot be started. ${advice}`, { cause })));
    });
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}
