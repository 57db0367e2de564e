// A registry and two people who have accepted each other: one in this process, one in its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fingerprint } from '../src/contract/fingerprint.ts';
import { Person } from './person.ts';
import { startRegistryProcess } from './registryProcess.ts';

export interface Company {
  readonly folder: string;
  readonly sara: Person;
  readonly bob: Person;
  readonly fingerprintOfBob: Fingerprint;
  close(): Promise<void>;
}

export async function gather(): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  const registry = await startRegistryProcess();
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
