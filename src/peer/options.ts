// The words after `npm run peer` or `node dist/peer.js`.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nameProblem, safeFileName, tidyName } from '../contract/names.ts';

export const USAGE = `usage: node dist/peer.js [--name NAME] [--registry URL] [--data DIR] [--host ADDRESS]

Runs a peer without an editor, for trying things out: it accepts every connection, answers texts, takes every picture
and sends it back mirrored and grey. Ends with Ctrl+C.

  --name NAME       how others see it (default: demo)
  --registry URL    where it signs up (default: http://127.0.0.1:8000)
  --data DIR        its key, messages and pictures are kept here (default: ~/.hamta/peers/NAME)
  --host ADDRESS    listens on this address only (default: 127.0.0.1, this machine alone)`;

export interface PeerOptions {
  readonly name: string;
  readonly registryUrl: string;
  readonly dataDir: string;
  readonly host: string;
}

export type Parsed =
  | { readonly kind: 'run'; readonly options: PeerOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export function parsePeerOptions(args: readonly string[]): Parsed {
  try {
    return parsedOf(valuesOf(args));
  } catch (error) {
    return { kind: 'wrong', problem: (error as Error).message };
  }
}

/** Throws an error with a plain sentence for what is not an option. */
function valuesOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      name: { type: 'string', default: 'demo' },
      registry: { type: 'string', default: 'http://127.0.0.1:8000' },
      data: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  }).values;
}

function parsedOf({ help, name, registry, data, host }: ReturnType<typeof valuesOf>): Parsed {
  if (help) return { kind: 'help' };
  if (nameProblem(name) !== undefined)
    return { kind: 'wrong', problem: `--name ${JSON.stringify(name)} cannot be a name` };
  if (!URL.canParse(registry)) return { kind: 'wrong', problem: `--registry ${registry} is not an address` };
  const dataDir = resolve(data ?? join(homedir(), '.hamta', 'peers', safeFileName(name)));
  return { kind: 'run', options: { name: tidyName(name), registryUrl: registry, dataDir, host } };
}
