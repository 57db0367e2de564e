// Many peers that keep their names at one registry, in real time, while something breaks behind it.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startRegistry } from '../../../registry-server/registryServer.ts';
import type { Store } from '../../../registry-server/store/store.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { type SignedPeer, signedPeer } from '../signedPeer.ts';
import { NO_LIMITS } from '../testRegistry.ts';

const PEERS = 24;
/** Between two heartbeats of one peer: a thousand times as often as in life. */
const PAUSE_MS = 30;
/** A peer that cannot get its heartbeat through for so long gives up: the test fails by what it finds then. */
const PATIENCE_MS = 20_000;

export interface Outcome {
  /** Ms from the break until every peer's heartbeat was taken again. */
  readonly backAfterMs: number;
  /** How many requests were answered in each way. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly names: readonly string[];
}

interface Caller {
  readonly name: string;
  readonly peer: SignedPeer;
  signedAt: number;
  /** When its last heartbeat was sent that was taken. */
  takenAt: number;
}

/** `replicated` is awaited once every name was taken, then `cut` breaks something. Whatever is answered is 200, 201 or 503. */
export async function breakUnderLoad(
  store: Store,
  replicated: () => Promise<void>,
  cut: () => Promise<void>,
): Promise<Outcome> {
  const log = loggerOf('registry', () => undefined);
  const parts = {
    port: 0,
    host: '127.0.0.1',
    store,
    limits: NO_LIMITS,
    log,
    clock: { now: () => Date.now() },
  };
  const registry = await startRegistry(parts);
  const statuses = new Map<number, number>();
  const callers = Array.from({ length: PEERS }, (_, i) => {
    return { name: `peer ${i}`, peer: signedPeer(), signedAt: 0, takenAt: 0 };
  });
  const beat = async (caller: Caller) => {
    const sentAt = performance.now();
    const answers = [await heartbeat(registry.url, caller), await lookUp(registry.url, caller)];
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    for (const answer of answers) assertExpected(answer);
    if (answers[0]?.status !== 503) caller.takenAt = sentAt;
  };
  try {
    await Promise.all(callers.map(beat));
    await replicated();
    const brokenAt = performance.now();
    const untilBack = async (caller: Caller) => {
      while (caller.takenAt <= goneAt && performance.now() < brokenAt + PATIENCE_MS) {
        await beat(caller);
        await pause(PAUSE_MS);
      }
    };
    let goneAt = Number.POSITIVE_INFINITY;
    const running = Promise.all(callers.map(untilBack));
    const broken = cut().then(() => {
      goneAt = performance.now();
    });
    await Promise.all([running, broken]);
    return { backAfterMs: performance.now() - brokenAt, statuses, names: callers.map(({ name }) => name) };
  } finally {
    await registry.close();
  }
}

async function heartbeat(url: string, caller: Caller): Promise<Response> {
  caller.signedAt = Math.max(Date.now(), caller.signedAt + 1);
  const body = JSON.stringify(caller.peer.registration(caller.name, caller.signedAt));
  const headers = { 'Content-Type': 'application/json' };
  return drained(fetch(pathOf(url, caller), { method: 'PUT', headers, body }));
}

/** Its own name, which it has: a 404 would be a name that was lost. */
async function lookUp(url: string, caller: Caller): Promise<Response> {
  return drained(fetch(pathOf(url, caller)));
}

function pathOf(url: string, { name }: Caller): string {
  return `${url}/v1/peers/${encodeURIComponent(name)}`;
}

async function drained(asked: Promise<Response>): Promise<Response> {
  const response = await asked;
  await response.arrayBuffer();
  return response;
}

function assertExpected({ status, headers }: Response): void {
  assert.ok([200, 201, 503].includes(status), `${status}`);
  if (status === 503) assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/);
}
