// What the registry is started with: flags, then environment, then defaults; checked before anything is opened.

import path from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { LogLevel } from '../src/base/logger.ts';
import { DEFAULT_RATE_LIMITS, type RateLimits } from './rateLimit.ts';
import { reasonOf, StartError } from './startError.ts';
import type { StoreChoice } from './store/openStore.ts';
import { parseRedisAddress } from './store/redisAddress.ts';

export interface Config {
  readonly port: number;
  /** Undefined: all addresses of this machine. */
  readonly host: string | undefined;
  readonly store: StoreChoice;
  readonly limits: RateLimits;
  readonly logLevel: LogLevel;
  readonly stopWithParent: boolean;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
}

const DEFAULT_PORT = 8_000;
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  redis: { type: 'string' },
  data: { type: 'string' },
  rate: { type: 'string' },
  log: { type: 'string' },
  'stop-with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Flag = Exclude<keyof typeof FLAGS, 'help' | 'stop-with-parent'>;

export function helpText(around: Surroundings): string {
  return `Hamta registry: tells peers where the others are. Names belong to keys; nobody's messages pass through here.

Usage: registry-server [--port PORT] [--host HOST] [--redis URL | --data FILE]

  --port PORT         The port to listen on; 0 picks a free one. Default ${DEFAULT_PORT}.
  --host HOST         The one address to listen on, such as 127.0.0.1. Default: all addresses of this machine.
  --data FILE         The embedded store, a SQLite file; made when it is missing. Default
                      ${defaultDataFile(around)}
  --redis URL         Redis instead of the embedded store: redis://[user:password@]host:port/db, or rediss:// for TLS.
                      Several registries may share one Redis.
  --rate N            Requests a second that one address may make in the long run; 0 for no limit. Default ${DEFAULT_RATE_LIMITS.requestsPerSecond}.
                      This machine's own requests are not counted.
  --log LEVEL         debug, info, warn or error, to standard error. Only debug names peers. Default info.
  --stop-with-parent  Stop when standard input closes: when whoever started this is gone.
  -h, --help          This text.

Each may be given as HAMTA_REGISTRY_PORT, _HOST, _DATA, _REDIS, _RATE or _LOG in the environment instead; a password in
--redis is better given there, for other users of the machine can read command lines. Flags win.

When it is ready it prints one line with its address. Exit codes: 1 cannot start, 2 the port is in use.
`;
}

/** `help` when only the text is wanted. Throws a StartError that names the wrong flag. */
export function parseConfig(args: readonly string[], around: Surroundings): Config | 'help' {
  const flags = parseFlags(args);
  if (flags.help) return 'help';
  const get = (flag: Flag) =>
    flags[flag] ?? (around.env[`HAMTA_REGISTRY_${flag.toUpperCase()}`] || undefined);
  const chosen = storeFlags(flags) ?? { redis: get('redis'), data: get('data') };
  return {
    port: wholeNumber('port', get('port') ?? String(DEFAULT_PORT), 65_535),
    host: get('host'),
    store: storeChoice(chosen, around),
    limits: limitsOf(get('rate')),
    logLevel: logLevelOf(get('log') ?? 'info'),
    stopWithParent: flags['stop-with-parent'] ?? false,
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new StartError(`${reasonOf(error)}. Run it with --help to see what there is.`, { cause: error });
  }
}

interface StoreFlags {
  readonly redis?: string | undefined;
  readonly data?: string | undefined;
}

/** A flag for one store beats a variable for the other. */
function storeFlags({ redis, data }: StoreFlags): StoreFlags | undefined {
  return redis === undefined && data === undefined ? undefined : { redis, data };
}

function storeChoice({ redis, data }: StoreFlags, around: Surroundings): StoreChoice {
  if (redis !== undefined && data !== undefined) {
    throw new StartError('--redis and --data are two stores. Give one of them.');
  }
  if (redis !== undefined) return { kind: 'redis', url: redisUrl(redis) };
  return { kind: 'embedded', file: path.resolve(data ?? defaultDataFile(around)) };
}

/** Says nothing of the URL itself, for it may hold a password. */
function redisUrl(text: string): string {
  if (parseRedisAddress(text) !== undefined) return text;
  throw new StartError(
    '--redis is not an address of Redis. It looks like redis://127.0.0.1:6379/0, ' +
      'redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port.',
  );
}

function limitsOf(rate: string | undefined): RateLimits {
  if (rate === undefined) return DEFAULT_RATE_LIMITS;
  const requestsPerSecond = wholeNumber('rate', rate, 1_000_000);
  return { ...DEFAULT_RATE_LIMITS, requestsPerSecond, burst: 4 * requestsPerSecond };
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined) throw new StartError(`--log is one of ${LOG_LEVELS.join(', ')}, not "${text}".`);
  return level;
}

function wholeNumber(flag: Flag, text: string, max: number): number {
  if (/^\d{1,7}$/.test(text) && Number(text) <= max) return Number(text);
  throw new StartError(`--${flag} is a whole number from 0 to ${max}, not "${text}".`);
}

/** In the user's state folder: XDG base directories, Application Support, or the local application data. */
export function defaultDataFile({ env, platform, homeDir }: Surroundings): string {
  return path.join(stateDir({ env, platform, homeDir }), 'hamta', 'hamta-registry.db');
}

function stateDir({ env, platform, homeDir }: Surroundings): string {
  if (platform === 'win32') return env.LOCALAPPDATA || path.join(homeDir, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(homeDir, 'Library', 'Application Support');
  return env.XDG_STATE_HOME || path.join(homeDir, '.local', 'state');
}
