// As many requests a second as one server answers: some connections, one request on each at a time, written and read by hand so
// that the asking costs little beside the answering.

import { connect, type Socket } from 'node:net';

export interface Load {
  /** 200 to 299, a second. */
  readonly perSecond: number;
  /** Any other answer; 0 in a run that counts. */
  readonly others: number;
}

/** Asks `connections` at a time for `durationMs`, or until `requests` gives no more. */
export async function loadServer(
  port: number,
  connections: number,
  durationMs: number,
  requests: () => string | undefined,
): Promise<Load> {
  const counts = { good: 0, others: 0 };
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > durationMs;
  const next = () => (isOver() ? undefined : requests());
  await Promise.all(Array.from({ length: connections }, () => askOn(port, next, counts)));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: counts.good / seconds, others: counts.others };
}

function askOn(
  port: number,
  next: () => string | undefined,
  counts: { good: number; others: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    let heard = '';
    const ask = () => {
      const request = next();
      if (request !== undefined) socket.write(request);
      else end(socket, resolve);
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('data', (text: string) => {
      heard += text;
      const length = lengthOf(heard);
      if (length === undefined || heard.length < length) return;
      if (heard.startsWith('HTTP/1.1 2')) counts.good += 1;
      else counts.others += 1;
      heard = heard.slice(length);
      ask();
    });
  });
}

/** Of the whole first answer, once its head is there. Every answer here says its length or has none. */
function lengthOf(heard: string): number | undefined {
  const headEnd = heard.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const said = /content-length: (\d+)/i.exec(heard.slice(0, headEnd))?.[1];
  return headEnd + 4 + Number(said ?? 0);
}

function end(socket: Socket, done: () => void): void {
  socket.once('close', done);
  socket.destroy();
}
