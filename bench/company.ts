// A registry and two people who have accepted each other: one in this process, one in its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fingerprint } from '../src/contract/fingerprint.ts';
import { Person } from './person.ts';

const REGISTRY = fileURLToPath(new URL('../registry-server/main.ts', import.meta.url));

export interface Company {
  readonly folder: string;
  readonly sara: Person;
  readonly bob: Person;
  readonly fingerprintOfBob: Fingerprint;
  close(): Promise<void>;
}

export async function gather(): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  const registry = await startRegistry(join(folder, 'registry.db'));
  const sara = await Person.inThisProcess(join(folder, 'sara'));
  const bob = await Person.inItsOwn(join(folder, 'bob'));
  await sara.signUp('sara', registry.url);
  await bob.signUp('bob', registry.url);
  const { peer } = await sara.rpc.request('lookUp', { name: 'bob' });
  const asking = bob.next((event) =>
    event.kind === 'peerChanged' && event.peer.link === 'asking' ? event.peer : undefined,
  );
  const connected = sara.rpc.request('connect', { peer });
  await bob.rpc.request('answerConnection', { peer: (await asking).fingerprint, accept: true });
  await connected;
  const close = async () => {
    await sara.close();
    await bob.close();
    registry.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, sara, bob, fingerprintOfBob: peer, close };
}

async function startRegistry(data: string): Promise<{ url: string; stop(): void }> {
  const args = [REGISTRY, '--port', '0', '--host', '127.0.0.1', '--data', data, '--stop-with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0];
  if (url === undefined) throw new Error(`the registry said ${line}`);
  return { url, stop: () => child.kill() };
}
