// The registry that `npm start` runs: embedded store, loopback, port 8000 where it is free.
import path from 'node:path';
import { Background } from '../run/background.ts';
import { root } from '../setup/places.mjs';
import { portOrAny } from './freePort.ts';
import { registryFile } from './places.ts';

const USUAL_PORT = 8000;
const READY_MS = 20_000;
const READY = /^hamta registry listening on (\S+) \(store: (.+)\)$/m;

export interface RunningRegistry {
  readonly program: Background;
  readonly url: string;
  /** What it keeps its people in, in words. */
  readonly store: string;
}

export async function startRegistry(): Promise<RunningRegistry> {
  const port = await portOrAny(USUAL_PORT);
  const place = ['--host', '127.0.0.1', '--port', String(port), '--data', registryFile, '--stop-with-parent'];
  const program = new Background({
    name: 'The registry',
    command: process.execPath,
    args: [path.join(root, 'dist', 'registry-server.js'), ...place],
  });
  const [, url = '', store = ''] = await program.said(READY, READY_MS);
  return { program, url, store };
}
