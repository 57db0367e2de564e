// One instance of a registry for tests of its signal socket, on the real clock, and people who register there.

import type { RateLimits } from '../../../registry-server/rateLimit.ts';
import { type RegistryServer, startRegistry } from '../../../registry-server/registryServer.ts';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import type { PresenceBus } from '../../../registry-server/signal/presenceBus.ts';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import type { Store } from '../../../registry-server/store/store.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import type { PeerRecord } from '../../../src/contract/registry.ts';
import type { SignedPeer } from '../signedPeer.ts';

const NO_LIMITS: RateLimits = { requestsPerSecond: 0, burst: 0, limitLoopback: false };

export interface Instance {
  readonly url: string;
  readonly registry: RegistryServer;
  readonly lines: string[];
  /** Wall time may be ahead of the machine's, to let leases end. */
  readonly clock: { aheadMs: number };
  register(peer: SignedPeer, name: string, change?: Partial<PeerRecord>): Promise<number>;
  signOff(peer: SignedPeer, name: string): Promise<number>;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 20;

/** Looks again and again until it is so. */
export async function eventually(isSo: () => boolean, patienceMs = 10_000): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > until) throw new Error(`after ${patienceMs} ms still not ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

let lastTime = 0;
/** Later than any before, so that nothing looks like a replay. */
function nextTime(): number {
  lastTime = Math.max(lastTime + 1, Date.now());
  return lastTime;
}

export async function startInstance(
  parts: {
    store?: Store;
    bus?: PresenceBus;
    limits?: RateLimits;
    trustedHops?: number;
    isChangedElsewhere?: () => boolean;
  } = {},
): Promise<Instance> {
  const {
    store = new SqliteStore(':memory:'),
    bus = new LocalBus(),
    limits = NO_LIMITS,
    trustedHops = 0,
    isChangedElsewhere,
  } = parts;
  const lines: string[] = [];
  const clock = { aheadMs: 0 };
  const log = loggerOf('registry', ({ level, text }) => lines.push(`${level} ${text}`));
  const now = () => Date.now() + clock.aheadMs;
  const registry = await startRegistry({
    ...{ port: 0, host: '127.0.0.1', store, bus, limits, trustedHops, log, isChangedElsewhere },
    clock: { now },
  });
  const ask = async (method: string, name: string, body: unknown) => {
    const headers = { 'Content-Type': 'application/json', Connection: 'close' };
    const url = `${registry.url}/v1/peers/${encodeURIComponent(name)}`;
    return (await fetch(url, { method, headers, body: JSON.stringify(body) })).status;
  };
  return {
    ...{ url: registry.url, registry, lines, clock },
    register: (peer, name, change) =>
      ask('PUT', name, peer.registration(name, nextTime() + clock.aheadMs, change)),
    signOff: (peer, name) => ask('DELETE', name, peer.signOff(name, nextTime() + clock.aheadMs)),
    close: async () => {
      await registry.close();
      await store.close();
    },
  };
}
