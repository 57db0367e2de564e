// A port that nobody has, for programs that cannot be told to take any. Somebody else may take it before they do; but it is below those
// that a system gives away by itself, so that only somebody who chose it as well can.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux gives away from 32768 on, others from 49152 on. */
const LOWEST = 10_000;
const BEYOND = 32_000;
const TRIES = 50;

export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(LOWEST, BEYOND);
    try {
      await probe(port);
      return port;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function probe(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
