// A port that stays the same from one start to the next, as long as nobody else has it.
import { once } from 'node:events';
import net from 'node:net';

/** `wanted` on loopback, or 0, "any", where it is taken. */
export async function portOrAny(wanted: number): Promise<number> {
  const probe = net.createServer().listen(wanted, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return wanted;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}
