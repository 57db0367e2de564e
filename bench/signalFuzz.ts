// `npm run bench -- --only frames`: as many hostile frames as wanted at the signal socket of a registry in a process of its own, over
// real connections. It must live, keep nothing, and not grow.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryProcess } from '../test/registry-server/registryProcess.ts';
import { frameStorm, type Storm } from '../test/registry-server/signal/frameStorm.ts';

export interface FramesRow extends Storm {
  readonly seed: number;
  readonly seconds: number;
  /** Of the registry's process, MiB: before the first frame, after a fifth of them, and at the end. NaN where the system does not say. */
  readonly memoryMib: readonly [before: number, early: number, late: number];
}

const SEED = 20_261_120;

/** Rejects when the registry is gone, ill, or says that it made a mistake. */
export async function measureFrames(frames: number): Promise<FramesRow> {
  const folder = mkdtempSync(join(tmpdir(), 'hamta-bench-'));
  const place = ['--data', join(folder, 'registry.db')];
  const registry = await RegistryProcess.start(...place, '--no-stun', '--log', 'warn');
  try {
    const before = residentMib(registry.pid);
    let early = before;
    const startedAt = performance.now();
    const onProgress = (sent: number) => {
      if (sent <= frames / 5) early = residentMib(registry.pid);
    };
    const storm = await frameStorm({ port: registry.port, frames, seed: SEED, onProgress });
    const seconds = (performance.now() - startedAt) / 1_000;
    const { status } = await fetch(`${registry.url}/healthz`);
    if (status !== 200 || registry.said !== '')
      throw new Error(`it is ill: ${status}, seed ${SEED}: ${registry.said}`);
    return { ...storm, seed: SEED, seconds, memoryMib: [before, early, residentMib(registry.pid)] };
  } finally {
    await registry.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function printFrames({ frames, sockets, seed, seconds, kinds, ends, memoryMib }: FramesRow): void {
  const [before, early, late] = memoryMib.map((mib) => mib.toFixed(0));
  console.log(`\n${frames} frames over ${sockets} signal sockets in ${seconds.toFixed(0)} s, seed ${seed}`);
  console.log(
    `  ${kinds.odd ?? 0} well made with odd contents, the others broken in ${Object.keys(kinds).length - 1} ways`,
  );
  const told = Object.entries(ends).map(([end, count]) => `${count} x ${end}`);
  console.log(`  the sockets ended with ${told.join(', ')}`);
  console.log(`  memory of the registry ${before} MiB before, ${early} after a fifth, ${late} at the end`);
}

/** Linux tells it. */
function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}
