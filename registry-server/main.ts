// The registry as a program: configuration, store, listening, one ready line on standard output, and a graceful stop.

import { homedir, networkInterfaces } from 'node:os';
import process from 'node:process';
import { type Logger, loggerOf } from '../src/base/logger.ts';
import { type Config, helpText, parseConfig, type Surroundings } from './config.ts';
import { logSink } from './logSink.ts';
import { reachableUrl } from './reachableUrl.ts';
import { type RegistryServer, startRegistry } from './registryServer.ts';
import { reasonOf, StartError } from './startError.ts';
import { openStore } from './store/openStore.ts';
import type { Store } from './store/store.ts';

/** Whatever hangs, the process is gone within 10 s of being asked. */
const STOP_DEADLINE_MS = 9_000;
const PORT_IN_USE = 2;

async function main(): Promise<void> {
  const around: Surroundings = { env: process.env, platform: process.platform, homeDir: homedir() };
  const config = parseConfig(process.argv.slice(2), around);
  if (config === 'help') process.stdout.write(helpText(around));
  else await run(config);
}

async function run(config: Config): Promise<void> {
  const log = loggerOf(
    'registry',
    logSink(config.logLevel, (text) => process.stderr.write(text)),
  );
  showNoWarnings(log);
  const { store, label } = await openStore(config.store, log);
  const registry = await listen(config, store, log);
  stopOnRequest(config, log, registry, store);
  const { address } = registry.server.address() as { address: string };
  const url = reachableUrl(address, registry.port, networkInterfaces());
  process.stdout.write(`hamta registry listening on ${url} (store: ${label})\n`);
}

/** Older Node calls SQLite experimental on standard error, which is for this program's own lines. */
function showNoWarnings(log: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.debug(warning.message));
}

async function listen(config: Config, store: Store, log: Logger): Promise<RegistryServer> {
  const { port, host, limits } = config;
  try {
    return await startRegistry({ port, host, limits, store, log, clock: { now: () => Date.now() } });
  } catch (error) {
    await store.close();
    throw listenError(config, error);
  }
}

function listenError({ port, host }: Config, error: unknown): StartError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': {
      const other = port < 65_535 ? port + 1 : port - 1;
      const todo = `Stop the program that has it, or choose another with --port ${other} (0 picks a free one).`;
      return new StartError(`port ${port} is in use. ${todo}`, { cause: error, exitCode: PORT_IN_USE });
    }
    case 'EACCES':
      return new StartError(`port ${port} is not open to this user. Choose one above 1023 with --port.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`this machine has no address ${host}. Give one of its own with --host.`, {
        cause: error,
      });
    default:
      return new StartError(`it cannot listen on port ${port} (${reasonOf(error)}).`, { cause: error });
  }
}

function stopOnRequest(config: Config, log: Logger, registry: RegistryServer, store: Store): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    log.info(`stopping: ${why}`);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    void registry
      .close()
      .then(() => store.close())
      .then(() => process.exit(0));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  if (config.stopWithParent) followStandardInput(() => stop('whoever started it is gone'));
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
