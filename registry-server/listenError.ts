// What a system's refusal to listen means for the person who started the registry.

import type { Config } from './config.ts';
import { reasonOf, StartError } from './startError.ts';

/** The exit code that says: another port would do. */
const PORT_IN_USE = 2;
/** The last of the ports that POSIX systems keep for root. */
const LAST_PRIVILEGED_PORT = 1_023;

export function listenError({ port, host }: Pick<Config, 'port' | 'host'>, cause: unknown): StartError {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': {
      const other = port < 65_535 ? port + 1 : port - 1;
      const todo = `Stop the program that has it, or choose another with --port ${other} (0 picks a free one).`;
      return new StartError(`port ${port} is in use. ${todo}`, { cause, exitCode: PORT_IN_USE });
    }
    case 'EACCES':
      return port > LAST_PRIVILEGED_PORT
        ? portSetAside(port, cause)
        : new StartError(`port ${port} is not open to this user. Choose one above 1023 with --port.`, {
            cause,
          });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`this machine has no address ${host}. Give one of its own with --host.`, {
        cause,
      });
    default:
      return new StartError(`it cannot listen on port ${port} (${reasonOf(cause)}).`, { cause });
  }
}

/** So says Windows of ports that a program has for itself alone, and of ranges that Hyper-V, WSL and Docker get, others after each start. */
function portSetAside(port: number, cause: unknown): StartError {
  const list = '"netsh interface ipv4 show excludedportrange protocol=tcp" lists what Windows keeps';
  const todo = `Choose another with --port (0 picks a free one); ${list}.`;
  return new StartError(`port ${port} is kept for another program. ${todo}`, {
    cause,
    exitCode: PORT_IN_USE,
  });
}
