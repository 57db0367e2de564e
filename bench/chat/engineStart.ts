// How long an engine takes to start in a window, with a store that is empty and with one that holds many messages.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../src/extension/engine/openEngine.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { fillStore } from './fullStore.ts';

const ENGINE = fileURLToPath(new URL('../../dist/engine.js', import.meta.url));

export interface EngineStart {
  readonly messages: number;
  /** From the first look for an engine until the window has the state, in ms: of a store with so many messages … */
  readonly attachedMs: Spread;
  /** … and of an empty one, in turns. */
  readonly emptyMs: Spread;
  /** What the full one took of the processor, window included: what other programs take is not in it. */
  readonly cpuMs: Spread;
}

export async function measureEngineStart(messages: number, rounds: number): Promise<EngineStart> {
  if (!existsSync(ENGINE)) throw new Error('build first: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  try {
    const [full, empty] = [join(folder, 'full'), join(folder, 'empty')];
    fillStore(full, messages);
    const times = { full: [] as number[], empty: [] as number[], cpu: [] as number[] };
    for (let i = 0; i < rounds; i++) {
      const { ms, cpuMs } = await startOnce(full);
      times.full.push(ms);
      times.cpu.push(cpuMs);
      times.empty.push((await startOnce(empty)).ms);
    }
    return {
      messages,
      attachedMs: spreadOf(times.full),
      emptyMs: spreadOf(times.empty),
      cpuMs: spreadOf(times.cpu),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string): Promise<{ ms: number; cpuMs: number }> {
  const settings = {
    port: 0,
    listenHost: '127.0.0.1',
    downloadFolder: join(dataDir, 'received'),
    autoAccept: false,
  };
  const { client, close } = openEngine({
    ...{ version: 'bench', script: ENGINE, dataDir },
    settings: () => settings,
    log: () => undefined,
  });
  const [start, before] = [performance.now(), process.cpuUsage()];
  await client.ready();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  await close();
  return { ms, cpuMs: (user + system) / 1_000 };
}
