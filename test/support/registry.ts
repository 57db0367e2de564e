// A registry as it is shipped, in a process of its own, on loopback, with a store that is thrown away.

import path from 'node:path';
import { Background } from '../../scripts/run/background.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../scripts/run/temporaryFolder.ts';
import { root } from '../../scripts/setup/places.mjs';

const READY = /^hamta registry listening on (\S+) /m;
const READY_MS = 20_000;

export interface TestRegistry {
  readonly url: string;
  stop(): Promise<void>;
}

/** Needs a build. */
export async function startBuiltRegistry(): Promise<TestRegistry> {
  const folder = await makeTemporaryFolder('registry');
  const place = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--data',
    path.join(folder, 'registry.db'),
    '--stop-with-parent',
  ];
  const program = new Background({
    name: 'The registry',
    command: process.execPath,
    args: [path.join(root, 'dist', 'registry-server.js'), ...place],
  });
  const [, url = ''] = await program.said(READY, READY_MS);
  return {
    url,
    stop: async () => {
      await program.stop();
      await removeTemporaryFolder(folder);
    },
  };
}
