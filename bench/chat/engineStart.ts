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
}

export async function measureEngineStart(messages: number, rounds: number): Promise<EngineStart> {
  if (!existsSync(ENGINE)) throw new Error('build first: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  try {
    const [full, empty] = [join(folder, 'full'), join(folder, 'empty')];
    fillStore(full, messages);
    const times = { full: [] as number[], empty: [] as number[] };
    for (let i = 0; i < rounds; i++) {
      times.full.push(await startOnce(full));
      times.empty.push(await startOnce(empty));
    }
    return { messages, attachedMs: spreadOf(times.full), emptyMs: spreadOf(times.empty) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string): Promise<number> {
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
  const start = performance.now();
  await client.ready();
  const took = performance.now() - start;
  await close();
  return took;
}
