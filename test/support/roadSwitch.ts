// Imported by an engine's process, in each of its threads, before the engine: lets the test that started it break its roads, send it to
// sleep, set its wall clock, or ask how much memory it took.

import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { BulkSwitch } from './bulkRoad.ts';
import { loseDatagrams, sleepAll } from './datagramSwitch.ts';

export type RoadOrder = Word | { readonly setClockMs: number };

type Word =
  | 'cutBulk'
  | 'cutConnections'
  | 'loseDatagrams'
  | 'loseSome'
  | 'passBulk'
  | 'passDatagrams'
  | 'sleep'
  | 'tellMemory';

/** Longer than any timer of a transfer is late on a busy machine. */
const SLEEP_MS = 3_000;
/** Not a power of two, or it is always the same piece of a block. */
const SOME = 13;

const sockets = new Set<Socket>();
const bulk = new BulkSwitch();
let losing: Disposable | undefined;

for (const channel of ['net.server.socket', 'net.client.socket']) {
  diagnostics.subscribe(channel, (message) => {
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
}

/** The answer to `tellMemory`: the most that was ever resident. */
export interface Memory {
  readonly peakBytes: number;
}

const orders: Readonly<Record<Word, () => void>> = {
  cutBulk: () => bulk.cut(),
  cutConnections() {
    for (const socket of sockets) socket.destroy();
  },
  loseDatagrams() {
    losing ??= loseDatagrams();
  },
  loseSome() {
    losing ??= loseDatagrams(SOME);
  },
  passBulk: () => bulk.pass(),
  passDatagrams() {
    losing?.[Symbol.dispose]();
    losing = undefined;
  },
  /** As a computer whose lid is closed: nothing of this process's loop runs. */
  sleep: () => sleepAll(SLEEP_MS),
  tellMemory() {
    const memory: Memory = { peakBytes: process.resourceUsage().maxRSS * 1024 };
    process.send?.(memory);
  },
};

const wallNow = Date.now;

/** The wall clock only, as when somebody sets it: `setClockMs` from the time that it is. */
function obey(order: RoadOrder): void {
  if (typeof order === 'string') return orders[order]();
  Date.now = () => wallNow() + order.setClockMs;
}

process.on('message', obey);
process.channel?.unref();
