// The words after `node dist/engine.js`.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LogLine } from '../base/logger.ts';
import type { EngineStart } from '../contract/engineStart.ts';

export const USAGE = `usage: node dist/engine.js --stdio --data DIR [--name NAME --registry URL]
         [--host ADDRESS] [--port PORT] [--downloads DIR] [--auto-accept]
         [--log-format FORM]

Runs one engine without an editor; JSON-RPC on stdin and stdout (src/contract/rpc.ts).

  --data DIR        key, messages and thumbnails are kept here
  --name, --registry  sign up before anything else
  --host ADDRESS    listen on this address only (default: all)
  --port PORT       TCP and UDP (default: any free port)
  --downloads DIR   received files go here (default: DIR/received)
  --auto-accept     take accepted people's files without asking
  --log-format FORM  on stderr: text, or json, one object a line (default: text)`;

export type LogFormat = (typeof LOG_FORMATS)[number];

const LOG_FORMATS = ['text', 'json'] as const;

export interface HeadlessOptions {
  readonly start: Omit<EngineStart, 'pipeAddress'>;
  readonly logFormat: LogFormat;
  readonly signUp: { readonly name: string; readonly registryUrl: string } | undefined;
}

/** Whole, with its end. */
export function writtenLine(line: LogLine, format: LogFormat): string {
  return format === 'json' ? `${JSON.stringify(line)}\n` : `${line.level} ${line.room}: ${line.text}\n`;
}

/** The options, or what is wrong with them; '' where help was asked for. */
export function parseHeadless(args: readonly string[]): HeadlessOptions | string {
  try {
    return optionsOf(valuesOf(args));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function valuesOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      stdio: { type: 'boolean' },
      data: { type: 'string' },
      name: { type: 'string' },
      registry: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string', default: '0' },
      downloads: { type: 'string' },
      'log-format': { type: 'string', default: 'text' },
      'auto-accept': { type: 'boolean', default: false },
    },
  }).values;
}

function optionsOf(values: ReturnType<typeof valuesOf>): HeadlessOptions | string {
  const { data, name, registry, host } = values;
  if (values.help) return '';
  if (!values.stdio) return '--stdio is missing';
  if (data === undefined) return '--data DIR is missing';
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) return `--port ${values.port} is not a port`;
  if ((name === undefined) !== (registry === undefined)) return '--name and --registry go together';
  const logFormat = LOG_FORMATS.find((format) => format === values['log-format']);
  if (logFormat === undefined) return `--log-format takes one of ${LOG_FORMATS.join(', ')}`;
  const dataDir = data.replace(/^~(?=$|[/\\])/, homedir());
  return {
    start: {
      dataDir,
      port,
      downloadFolder: values.downloads ?? join(dataDir, 'received'),
      autoAccept: values['auto-accept'],
      ...(host === undefined ? {} : { listenHost: host }),
    },
    logFormat,
    signUp: name === undefined || registry === undefined ? undefined : { name, registryUrl: registry },
  };
}
