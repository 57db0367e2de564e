// What the registry is started with: flags, then environment, then defaults; checked before anything is opened.

import path from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { LogFields, LogLevel } from '../src/base/logger.ts';
import { DEFAULT_RATE_LIMITS, type RateLimits } from './rateLimit.ts';
import { METRICS_READERS, type MetricsReaders } from './routes/metrics.ts';
import { reasonOf, StartError } from './startError.ts';
import type { StoreChoice } from './store/openStore.ts';
import { parseRedisAddress } from './store/redisAddress.ts';
import type { StunChoice } from './stun/stunServer.ts';
import type { TlsFiles } from './tlsFiles.ts';

export interface Config {
  readonly port: number;
  /** Undefined: all addresses of this machine. */
  readonly host: string | undefined;
  readonly store: StoreChoice;
  readonly limits: RateLimits;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** How many proxies stand before this process; what they say of callers is believed. */
  readonly trustedHops: number;
  readonly tls: TlsFiles | undefined;
  readonly metricsReaders: MetricsReaders;
  /** Undefined: no STUN. */
  readonly stun: StunChoice | undefined;
  /** Whether course clients are answered. */
  readonly classic: boolean;
  readonly stopWithParent: boolean;
}

export type LogFormat = 'text' | 'json';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
}

const DEFAULT_PORT = 8_000;
const PREFIX = 'HAMTA_REGISTRY_';
/** What Kubernetes and Docker put in `…_PORT` for a service that is called as the variable is. */
const SERVICE_LINK = /^(tcp|udp|sctp):\/\//;
/** More proxies than anybody has in a row. */
const MAX_HOPS = 10;
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const LOG_FORMATS: readonly LogFormat[] = ['text', 'json'];

/** Each is a flag and a variable. */
const SETTINGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  redis: { type: 'string' },
  data: { type: 'string' },
  rate: { type: 'string' },
  log: { type: 'string' },
  'log-format': { type: 'string' },
  metrics: { type: 'string' },
  'trust-proxy': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'stun-port': { type: 'string' },
  'stun-port2': { type: 'string' },
  'no-stun': { type: 'boolean' },
  'no-classic': { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

const FLAGS = {
  ...SETTINGS,
  'stop-with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Switch = 'no-stun' | 'no-classic';
type Flag = Exclude<keyof typeof SETTINGS, Switch>;

export function helpText(around: Surroundings): string {
  return `Hamta registry: tells peers where the others are. Names belong to keys; nobody's messages pass through here.

Usage: registry-server [--port PORT] [--host HOST] [--redis URL | --data FILE]

  --port PORT         The port to listen on; 0 picks a free one. Default ${DEFAULT_PORT}.
  --host HOST         The one address to listen on, such as 127.0.0.1. Default: all addresses of this machine.
  --data FILE         The embedded store, a SQLite file; made when it is missing. Default
                      ${defaultDataFile(around)}
  --redis URL         Redis instead of the embedded store: redis://[user:password@]host:port/db, or rediss:// for TLS.
                      Several registries may share one Redis. A master that Sentinels know:
                      redis+sentinel://[user:password@]host:port,host:port/MASTER[/db]; a Cluster:
                      redis+cluster://[user:password@]host:port,host:port; rediss+… for TLS.
  --rate N            Requests a second that one address may make in the long run; 0 for no limit. Default ${DEFAULT_RATE_LIMITS.requestsPerSecond}.
                      This machine's own requests are not counted, unless they come through trusted proxies. Registries
                      on one Redis count together.
  --trust-proxy HOPS  How many proxies stand before this registry. Callers are then who X-Forwarded-For says, counted that
                      far from its end. Default 0: it says nothing. With more than 0 only the proxies may reach this port.
  --tls-cert FILE     Speak HTTPS with this certificate (PEM, with those that signed it) …
  --tls-key FILE      … and this key (PEM). Both are read again on SIGHUP.
  --stun-port PORT    The UDP port that tells peers where they are seen, such as 3478; 0 picks a free one. Default: the number
                      of --port, or a free one where that is in use.
  --stun-port2 PORT   A second one, by which peers see what kind of router they are behind, or off. Default: the next number.
  --no-stun           No UDP at all.
  --no-classic        Do not answer the clients of the course reports. Their records have no key and live for a day.
  --metrics WHO       Who may read /metrics: local (this machine), all, or off. Default local.
  --log LEVEL         debug, info, warn or error, to standard error. Only debug names peers. Default info.
  --log-format FORM   text, or json: one object a line, for those who collect them. Default text.
  --stop-with-parent  Stop when standard input closes: when whoever started this is gone.
  -h, --help          This text.

Each with a value may be given in the environment instead: HAMTA_REGISTRY_PORT, HAMTA_REGISTRY_TRUST_PROXY and so on; so may
HAMTA_REGISTRY_NO_STUN=1 and HAMTA_REGISTRY_NO_CLASSIC=1. A
password in --redis is better given there, for other users of the machine can read command lines. Flags win.

When it is ready it prints one line with its address. Exit codes: 1 cannot start, 2 the port is in use.
`;
}

/** `help` when only the text is wanted. Throws a StartError that names the wrong flag. */
export function parseConfig(args: readonly string[], around: Surroundings): Config | 'help' {
  const flags = parseFlags(args);
  if (flags.help) return 'help';
  const get = (flag: Flag) => flags[flag] ?? given(variableOf(flag), around.env);
  const isOn = (flag: Switch) => flags[flag] ?? isOne(variableOf(flag), around.env);
  const trustedHops = wholeNumber('trust-proxy', get('trust-proxy') ?? '0', MAX_HOPS);
  const chosen = storeFlags(flags) ?? { redis: get('redis'), data: get('data') };
  return {
    port: wholeNumber('port', get('port') ?? String(DEFAULT_PORT), 65_535),
    host: get('host'),
    store: storeChoice(chosen, around),
    // Behind proxies nobody is this machine: a proxy on it speaks for everybody, and says so.
    limits: { ...limitsOf(get('rate')), limitLoopback: trustedHops > 0 },
    logLevel: oneOf('log', get('log') ?? 'info', LOG_LEVELS),
    logFormat: oneOf('log-format', get('log-format') ?? 'text', LOG_FORMATS),
    trustedHops,
    tls: tlsOf(get('tls-cert'), get('tls-key')),
    metricsReaders: oneOf('metrics', get('metrics') ?? 'local', METRICS_READERS),
    stun: isOn('no-stun') ? undefined : stunOf(get('stun-port'), get('stun-port2')),
    classic: !isOn('no-classic'),
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

function stunOf(port: string | undefined, port2: string | undefined): StunChoice {
  const choice: StunChoice = {
    port: port === undefined ? undefined : wholeNumber('stun-port', port, 65_535),
    port2: port2 === undefined || port2 === 'off' ? port2 : wholeNumber('stun-port2', port2, 65_535),
  };
  if (choice.port2 !== undefined && choice.port2 !== 0 && choice.port2 === choice.port) {
    throw new StartError('--stun-port and --stun-port2 are the same. Give two, or off for the second.');
  }
  return choice;
}

function variableOf(flag: Flag | Switch): string {
  return PREFIX + flag.toUpperCase().replaceAll('-', '_');
}

/** An empty one is none. */
function given(variable: string, env: Surroundings['env']): string | undefined {
  const text = env[variable] ?? '';
  const isServiceLink = variable.endsWith('_PORT') && SERVICE_LINK.test(text);
  return text === '' || isServiceLink ? undefined : text;
}

/** Variables with the prefix that say nothing here: for a wrong letter is silent else. A container platform sets some, too. */
export function ignoredVariables(env: Surroundings['env']): string[] {
  const known = new Set<string>((Object.keys(SETTINGS) as (Flag | Switch)[]).map(variableOf));
  const isHeard = (variable: string) => known.has(variable) && given(variable, env) !== undefined;
  return Object.keys(env).filter((each) => each.startsWith(PREFIX) && env[each] && !isHeard(each));
}

/** Somebody who writes "true" would else have open what they meant to close. */
function isOne(variable: string, env: Surroundings['env']): boolean {
  const text = given(variable, env) ?? '0';
  if (text !== '0' && text !== '1') throw new StartError(`${variable} is 1 or 0, not "${text}".`);
  return text === '1';
}

function tlsOf(cert: string | undefined, key: string | undefined): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: path.resolve(cert), key: path.resolve(key) };
  throw new StartError('--tls-cert and --tls-key belong together. Give both, or none.');
}

function oneOf<T extends string>(flag: Flag, text: string, words: readonly T[]): T {
  const word = words.find((each) => each === text);
  if (word === undefined) throw new StartError(`--${flag} is one of ${words.join(', ')}, not "${text}".`);
  return word;
}

/** What was chosen, for the log: never a user or a password. */
export function configFields(config: Config): LogFields {
  const {
    port,
    host = '*',
    store,
    limits,
    logLevel,
    trustedHops,
    tls,
    metricsReaders,
    stun,
    classic,
  } = config;
  return {
    port,
    host,
    store: store.kind === 'redis' ? `redis ${parseRedisAddress(store.url)?.label}` : `embedded ${store.file}`,
    rate: limits.requestsPerSecond,
    trustProxy: trustedHops,
    tls: tls?.cert ?? 'off',
    metrics: metricsReaders,
    stun: stun === undefined ? 'off' : (stun.port ?? 'as HTTP'),
    classic: classic ? 'on' : 'off',
    log: logLevel,
  };
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
