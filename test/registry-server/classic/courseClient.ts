// A course client's side of a connection, byte by byte: what Python's http.client does, and what hostile or hasty callers do.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Reply {
  /** The whole answer. */
  readonly text: string;
  readonly status: number;
  readonly statusLine: string;
  /** In order, as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Sends the pieces as TCP segments of their own and gives what came until the other side closed. */
export async function exchange(port: number, ...pieces: (string | Buffer)[]): Promise<Reply> {
  const socket = await dial(port);
  const text = collect(socket);
  for (const piece of pieces) await send(socket, piece);
  return parsed(await text);
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the system has taken the bytes and the server had a turn to read them. */
export async function send(socket: Socket, bytes: string | Buffer): Promise<void> {
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export async function collect(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  await once(socket, 'close');
  return text;
}

function parsed(text: string): Reply {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  const status = Number(statusLine.split(' ')[1] ?? 0);
  return { text, status, statusLine, headers, body: rest.join('\r\n\r\n') };
}

/** A POST as `http.client` writes it: the head, and the body in a segment of its own. */
export function post(
  target: string,
  body: string,
  headers = '',
  method = 'POST',
): [head: string, body: string] {
  const length = Buffer.byteLength(body);
  const head = `${method} ${target} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\nContent-Length: ${length}\r\n`;
  return [`${head}${headers}\r\n`, body];
}

export function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: 127.0.1.1:8000\r\nAccept-Encoding: identity\r\n\r\n`;
}
