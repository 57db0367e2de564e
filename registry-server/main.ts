// The registry as a program: configuration, store, listening, one ready line on standard output, and a graceful stop.

import { homedir } from 'node:os';
import process from 'node:process';
import { type Logger, type LogLine, loggerOf } from '../src/base/logger.ts';
import {
  type Config,
  configFields,
  helpText,
  ignoredVariables,
  parseConfig,
  type Surroundings,
} from './config.ts';
import { listenError } from './listenError.ts';
import { logSink } from './logSink.ts';
import { Metrics } from './metrics.ts';
import { RateLimiter } from './rateLimit.ts';
import { knownInterfaces, reachableUrl } from './reachableUrl.ts';
import { type RegistryOptions, type RegistryServer, startRegistry } from './registryServer.ts';
import { countServer } from './serverMetrics.ts';
import { type RateLedger, SharedRates } from './sharedRates.ts';
import type { PresenceBus } from './signal/presenceBus.ts';
import { reasonOf, StartError } from './startError.ts';
import type { RedisClient } from './store/connectRedis.ts';
import { MeasuredStore } from './store/measuredStore.ts';
import { openStore } from './store/openStore.ts';
import type { Store } from './store/store.ts';
import { readTls, type TlsFiles } from './tlsFiles.ts';

/** Whatever hangs, the process is gone within 10 s of being asked. */
const STOP_DEADLINE_MS = 9_000;
const CLOCK = { now: () => Date.now() };

async function main(): Promise<void> {
  const around: Surroundings = { env: process.env, platform: process.platform, homeDir: homedir() };
  const config = parseConfig(process.argv.slice(2), around);
  if (config === 'help') process.stdout.write(helpText(around));
  else await run(config);
}

async function run(config: Config): Promise<void> {
  const log = loggerOf('registry', await sinkOf(config));
  showNoWarnings(log);
  tellIgnored(log);
  const tls = config.tls && readTls(config.tls);
  const { store: bareStore, label, redis, isChangedElsewhere } = await openStore(config.store, log);
  const metrics = new Metrics();
  metrics.collectProcess();
  const store = new MeasuredStore(bareStore, metrics, log);
  const limiter = new RateLimiter(config.limits);
  if (redis) new SharedRates(limiter, await ledgerOver(redis), CLOCK);
  const bus = redis && (await busOver(redis));
  const parts = {
    store,
    log,
    metrics,
    limiter,
    ...(tls && { tls }),
    ...(bus && { bus }),
    isChangedElsewhere,
  };
  const registry = await listen(config, parts);
  countServer(metrics, registry);
  stopOnRequest(config, log, registry, store);
  tellStun(registry, log);
  if (config.tls) renewOnRequest(config.tls, registry, log);
  const fields = configFields(config);
  log.info(
    `configuration: ${Object.entries(fields)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    fields,
  );
  const { address } = registry.server.address() as { address: string };
  const scheme = config.tls ? 'https' : 'http';
  const url = reachableUrl(address, registry.port, knownInterfaces(), scheme);
  process.stdout.write(`hamta registry listening on ${url} (store: ${label})\n`);
}

/** Older Node calls SQLite experimental on standard error, which is for this program's own lines. */
function showNoWarnings(log: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.debug(warning.message));
}

function tellIgnored(log: Logger): void {
  const names = ignoredVariables(process.env).join(', ');
  if (names !== '') log.warn(`ignored, as no setting has this name or such a value: ${names}; see --help`);
}

async function sinkOf({ logFormat, logLevel }: Config): Promise<(line: LogLine) => void> {
  const write = (text: string) => void process.stderr.write(text);
  if (logFormat === 'text') return logSink(logLevel, write);
  const { jsonSink } = await import('./jsonLog.ts');
  return jsonSink(logLevel, write);
}

async function ledgerOver(redis: RedisClient): Promise<RateLedger> {
  const { RedisRates } = await import('./store/redisRates.ts');
  return new RedisRates(redis);
}

/** Loaded only when it is used, as the store is. */
async function busOver(redis: RedisClient): Promise<PresenceBus> {
  const { openBus } = await import('./signal/openBus.ts');
  return openBus(redis);
}

async function listen(
  config: Config,
  parts: Omit<RegistryOptions, 'port' | 'host' | 'limits' | 'clock'>,
): Promise<RegistryServer> {
  const { port, host, limits, trustedHops, metricsReaders, stun, classic } = config;
  const isSecure = config.tls !== undefined;
  const chosen = { port, host, limits, trustedHops, metricsReaders, stun, classic, isSecure };
  try {
    return await startRegistry({ ...chosen, clock: CLOCK, ...parts });
  } catch (error) {
    await parts.store.close();
    throw error instanceof StartError ? error : listenError(config, error);
  }
}

function tellStun({ stunPorts }: RegistryServer, log: Logger): void {
  const ports = stunPorts.join(' and ');
  if (ports !== '') log.info(`STUN on UDP ${ports}`, { stunPorts: ports });
}

function stopOnRequest(config: Config, log: Logger, registry: RegistryServer, store: Store): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    log.info(`stopping: ${why}`, { reason: why });
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    void registry
      .close()
      .then(() => store.close())
      .then(() => process.exit(0));
  };
  // Of Ctrl+C it hears from the terminal, and again from the scripts that started it.
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // A terminal that is closed. With a certificate it says that there is a new one.
  if (!config.tls) process.on('SIGHUP', () => stop('SIGHUP'));
  if (config.stopWithParent) followStandardInput(() => stop('whoever started it is gone'));
}

/** Certificates are renewed while we run. One that cannot be used leaves the one that is shown. */
function renewOnRequest(files: TlsFiles, { server }: RegistryServer, log: Logger): void {
  process.on('SIGHUP', () => {
    try {
      if ('setSecureContext' in server) server.setSecureContext(readTls(files));
      log.info('the certificate was read again');
    } catch (error) {
      log.warn(reasonOf(error));
    }
  });
}

/** A pipe ends when the process at its other end does, however that ended. */
function followStandardInput(onGone: () => void): void {
  process.stdin.on('end', onGone).on('close', onGone).on('error', onGone).resume();
}

main().catch((error: unknown) => {
  const isExpected = error instanceof StartError;
  process.stderr.write(`hamta registry: ${isExpected ? error.message : (error as Error).stack}\n`);
  process.exitCode = isExpected ? error.exitCode : 1;
});
