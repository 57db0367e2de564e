// A real redis-server for tests: its own process on a free loopback port, nothing kept on disk, ended by its own id.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Ends the process and waits until it is gone; another may then be started on the same port. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 10_000;
/** Somebody may take the free port before Redis does. */
const START_TRIES = 5;

/** REDIS_SERVER names the program when it is not on the PATH. */
export async function startRedis(port?: number): Promise<TestRedis> {
  for (let tries = 1; ; tries++) {
    const chosen = port ?? (await freePort());
    try {
      return await startOn(chosen);
    } catch (error) {
      if (port !== undefined || tries === START_TRIES || isMissing(error)) throw error;
    }
  }
}

async function startOn(port: number): Promise<TestRedis> {
  const child = spawn(process.env.REDIS_SERVER || 'redis-server', argumentsOf(port), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endWithUs = () => child.kill('SIGKILL');
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
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function argumentsOf(port: number): string[] {
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: tmpdir(), loglevel: 'notice' };
  return Object.entries(settings).flatMap(([setting, value]) => [`--${setting}`, String(value)]);
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
      if (said.includes('Ready to accept connections')) settle(resolve);
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
