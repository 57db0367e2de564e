// A registry on a free loopback port with an embedded store in memory and a clock that the test moves.

import type { RateLimits } from '../../registry-server/rateLimit.ts';
import { type RegistryOptions, startRegistry } from '../../registry-server/registryServer.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import type { Store } from '../../registry-server/store/store.ts';
import { loggerOf } from '../../src/base/logger.ts';

export const NO_LIMITS: RateLimits = { requestsPerSecond: 0, burst: 0, limitLoopback: true };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly body: any;
}

export interface TestRegistry {
  readonly url: string;
  readonly port: number;
  readonly clock: { time: number };
  readonly lines: string[];
  /** A string body goes as it is, anything else as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export async function testRegistry(
  parts: { store?: Store; limits?: RateLimits; more?: Partial<RegistryOptions> } = {},
): Promise<TestRegistry> {
  const clock = { time: 1_800_000_000_000 };
  const lines: string[] = [];
  const { store = new SqliteStore(':memory:'), limits = NO_LIMITS, more } = parts;
  const log = loggerOf('registry', ({ level, text }) => lines.push(`${level} ${text}`));
  const now = () => clock.time;
  const place = { port: 0, host: '127.0.0.1' };
  const registry = await startRegistry({ ...place, store, limits, log, clock: { now }, ...more });
  return {
    url: registry.url,
    port: registry.port,
    clock,
    lines,
    ask: async (method, path, body, headers = { 'Content-Type': 'application/json' }) => {
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      const init = { method, headers, ...(text === undefined ? {} : { body: text }) };
      return answerOf(await fetch(registry.url + path, init));
    },
    close: async () => {
      await registry.close();
      await store.close();
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body };
}
