// Somebody to talk to: a peer without an editor that answers, and sends pictures back.
import path from 'node:path';
import { Background } from '../run/background.ts';
import { root } from '../setup/places.mjs';
import { peerDir } from './places.ts';

export const PEER_NAME = 'mina';
const READY_MS = 20_000;
const READY = new RegExp(`^hamta peer ${PEER_NAME} ready on (\\S+)$`, 'm');

export interface DemoPeer {
  readonly program: Background;
  readonly address: string;
}

export async function startDemoPeer(registryUrl: string): Promise<DemoPeer> {
  const place = ['--host', '127.0.0.1', '--data', peerDir];
  const program = new Background({
    name: `The demo peer ${PEER_NAME}`,
    command: process.execPath,
    args: [path.join(root, 'dist', 'peer.js'), '--name', PEER_NAME, '--registry', registryUrl, ...place],
  });
  const [, address = ''] = await program.said(READY, READY_MS);
  return { program, address };
}
