// A stand-in for an editor's extension host: a process whose main thread is a window, with the engine in a worker beside it, as the
// extension starts it. Obeys its parent's orders, one at a time.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { openEngine } from '../../src/extension/engine/openEngine.ts';
import { FixedRate } from './fixedRate.ts';
import type { Answer, HostStart, Order, Seen } from './orders.ts';

const MEMORY_EVERY_MS = 250;
const PATIENCE_MS = 600_000;

const { script, dataDir } = JSON.parse(process.argv[2] ?? '') as HostStart;
const settings = {
  listenHost: '127.0.0.1',
  port: 0,
  downloadFolder: `${dataDir}/received`,
  autoAccept: true,
};
const { client, close } = openEngine({
  version: 'bench',
  script,
  dataDir,
  settings: () => settings,
  log: ({ level, text }) => {
    if (level === 'error') console.error(text);
  },
});

let peer: Fingerprint | undefined;
let watch: Watch | undefined;

class Watch {
  readonly #delay = monitorEventLoopDelay({ resolution: 1 });
  readonly #memory: number[] = [];
  readonly #memoryTimer: NodeJS.Timeout;
  readonly #messages: FixedRate | undefined;
  #messageTimer: NodeJS.Timeout | undefined;

  constructor(everyMs: number | undefined) {
    this.#delay.enable();
    this.#memoryTimer = setInterval(() => this.#memory.push(process.memoryUsage.rss()), MEMORY_EVERY_MS);
    if (everyMs === undefined) return;
    this.#messages = new FixedRate({ everyMs, now: () => performance.now() }, sayOnce);
    this.#sayDue(this.#messages);
  }

  async end(): Promise<Seen> {
    this.#delay.disable();
    clearInterval(this.#memoryTimer);
    clearTimeout(this.#messageTimer);
    await this.#messages?.settled();
    const late = (share: number) => Math.max(0, this.#delay.percentile(share) / 1e6 - 1);
    return {
      loopDelay: { p50: late(50), p99: late(99), max: late(100) },
      roundTrips: this.#messages?.took ?? [],
      leftOut: this.#messages?.leftOut ?? 0,
      memory: this.#memory,
    };
  }

  #sayDue(messages: FixedRate): void {
    this.#messageTimer = setTimeout(() => this.#sayDue(messages), messages.beginDue());
  }
}

/** Until it is stored on the other side. */
async function sayOnce(): Promise<void> {
  const to = peer;
  if (to === undefined) throw new Error('not connected');
  const { number } = await client.request('sendText', { peer: to, text: 'm'.repeat(100) });
  await until(() => (client.state?.peers[to]?.receipts.delivered ?? 0) >= number);
}

const actions: { [Kind in Order['kind']]: (order: Extract<Order, { kind: Kind }>) => Promise<Answer> } = {
  signUp: async ({ name, url }) => {
    await client.request('configure', settings);
    await client.request('signUp', { name, registryUrl: url });
    return { kind: 'done' };
  },
  connect: async ({ name }) => {
    const found = await client.request('lookUp', { name });
    peer = found.peer;
    await client.request('connect', { peer }, { timeoutMs: PATIENCE_MS });
    return { kind: 'done' };
  },
  sendFile: async ({ path, asPicture }) => {
    if (peer === undefined) throw new Error('not connected');
    const from = performance.now();
    const { id } = await client.request('offerFile', { peer, path, asPicture }, { timeoutMs: PATIENCE_MS });
    const ended = (): Transfer['state'] | undefined => client.state?.transfers[id]?.state;
    await until(() => ['done', 'failed', 'cancelled', 'rejected'].includes(ended()?.kind ?? ''));
    if (ended()?.kind !== 'done') throw new Error(JSON.stringify(ended()));
    return { kind: 'saved', seconds: (performance.now() - from) / 1000 };
  },
  watch: async ({ everyMs }) => {
    watch = new Watch(everyMs);
    return { kind: 'done' };
  },
  tell: async () => {
    if (watch === undefined) throw new Error('not watching');
    return { kind: 'seen', seen: await watch.end() };
  },
};

function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    if (isSo()) return resolve();
    const timer = setTimeout(() => reject(new Error(`waited in vain: ${isSo}`)), PATIENCE_MS);
    const listening = client.mirror.onDidChange(() => {
      if (!isSo()) return;
      clearTimeout(timer);
      listening.dispose();
      resolve();
    });
  });
}

client.mirror.onDidChange(({ event }) => {
  if (event.kind === 'peerChanged' && event.peer.link === 'asking')
    void client.request('answerConnection', { peer: event.peer.fingerprint, accept: true });
});

const tell = (answer: Answer) => process.send?.(answer);
process.on('message', (order: Order) => {
  const action = actions[order.kind] as (order: Order) => Promise<Answer>;
  action(order).then(tell, (error: unknown) => tell({ kind: 'failed', why: String(error) }));
});
process.once('disconnect', () => void close().then(() => process.exit(0)));
await client.ready();
tell({ kind: 'done' });
