// A registry in a process of its own, with a file that is thrown away.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REGISTRY = fileURLToPath(new URL('../registry-server/main.ts', import.meta.url));

export interface RegistryProcess {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

export async function startRegistryProcess(): Promise<RegistryProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'hamta-bench-'));
  const place = ['--port', '0', '--host', '127.0.0.1', '--data', join(folder, 'registry.db')];
  const args = [REGISTRY, ...place, '--log', 'warn', '--stop-with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0];
  if (url === undefined || child.pid === undefined) throw new Error(`the registry said ${line}`);
  const stop = () => {
    child.kill();
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  };
  return { url, pid: child.pid, stop };
}
