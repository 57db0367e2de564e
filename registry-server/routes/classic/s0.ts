// Dialect s0: JSON over HTTP; the address is one string, `(127.0.1.1,8010)`, which is kept and given back as it is.

import { asciiJson, type ClassicAnswer, jsonObject } from './classicAnswer.ts';
import type { ClassicDirectory, Found } from './classicDirectory.ts';
import type { Dialect } from './dialect.ts';
import { MAX_PLACE_LENGTH } from './params.ts';
import { unescaped } from './requestLine.ts';
import type { ClassicRequest } from './requestReader.ts';

const PEER_INFO = '/get_peer_info/';
const WRONG_BODY =
  '<!doctype html>\n<title>400 Bad Request</title>\n<h1>Bad Request</h1>\n<p>Send JSON, and say so.</p>\n';

export function dialectS0(directory: ClassicDirectory): Dialect {
  return ({ method, path }) => {
    if (method === 'POST' && path === '/send_peer_profile') return (request) => register(directory, request);
    if (method !== 'GET') return undefined;
    if (path === '/get_all_peers') return () => list(directory);
    return path.startsWith(PEER_INFO) ? () => lookUp(directory, path.slice(PEER_INFO.length)) : undefined;
  };
}

async function register(
  directory: ClassicDirectory,
  { headers, body }: ClassicRequest,
): Promise<ClassicAnswer> {
  const profile = isJson(headers.get('content-type')) ? jsonObject(body) : undefined;
  if (profile === undefined) return html(400, WRONG_BODY);
  const { username, address } = profile;
  if (!isPlace(address)) return json(400, { error: 'Invalid data' });
  switch (await directory.register(username, address)) {
    case 'unusable':
      return json(400, { error: 'Invalid data' });
    case 'registered':
      return json(200, { message: 'User profile saved successfully' });
    default:
      return json(409, { error: 'This name belongs to somebody else' });
  }
}

async function list(directory: ClassicDirectory): Promise<ClassicAnswer> {
  return json(200, { peers: await directory.names() });
}

async function lookUp(directory: ClassicDirectory, name: string): Promise<ClassicAnswer> {
  const found = await directory.find(unescaped(name));
  return found === undefined
    ? json(404, { error: 'Peer not found' })
    : json(200, { address: addressOf(found) });
}

function addressOf(found: Found): string {
  return found.kind === 'classic' ? found.place : `(${found.ip},${found.tcpPort})`;
}

function isPlace(address: unknown): address is string {
  return typeof address === 'string' && address !== '' && address.length <= MAX_PLACE_LENGTH;
}

function isJson(type: string | undefined): boolean {
  return /^application\/([^;]+\+)?json\s*(;|$)/i.test(type ?? '');
}

function json(status: number, value: unknown): ClassicAnswer {
  return withLength(status, 'application/json', `${asciiJson(value)}\n`);
}

function html(status: number, body: string): ClassicAnswer {
  return withLength(status, 'text/html; charset=utf-8', body);
}

function withLength(status: number, type: string, body: string): ClassicAnswer {
  const headers = [
    ['Content-Type', type],
    ['Content-Length', String(body.length)],
  ] as const;
  return { status, headers, body };
}
