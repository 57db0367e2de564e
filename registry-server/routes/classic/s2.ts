// Dialect s2: JSON over HTTP, answers without a length. Only the port is kept: its clients are all on one host.

import { type ClassicAnswer, jsonObject, pythonJson } from './classicAnswer.ts';
import type { ClassicDirectory, Found } from './classicDirectory.ts';
import type { Dialect } from './dialect.ts';
import { spelled } from './requestLine.ts';
import type { ClassicRequest } from './requestReader.ts';

export function dialectS2(directory: ClassicDirectory): Dialect {
  return ({ method, path }) => {
    const [resource = '', query = ''] = path.split('?', 2);
    if (method === 'POST')
      return resource === '/signup' ? (request) => register(directory, request) : undefined;
    if (method !== 'GET') return undefined;
    if (resource === '/users') return () => list(directory);
    return resource === '/user' ? () => lookUp(directory, new URLSearchParams(spelled(query))) : undefined;
  };
}

/** What is no registration is not answered at all. */
async function register(
  directory: ClassicDirectory,
  { body }: ClassicRequest,
): Promise<ClassicAnswer | undefined> {
  const { username, ip, port } = jsonObject(body) ?? {};
  const isWhole = Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535;
  if (username === undefined || ip === undefined || !isWhole) return undefined;
  switch (await directory.register(username, String(port))) {
    case 'registered':
      return { status: 200, headers: [['Content-type', 'text/plain']], body: 'Done' };
    case 'unusable':
      return refused(400, 'This name cannot be used');
    default:
      return refused(409, 'This name belongs to somebody else');
  }
}

async function list(directory: ClassicDirectory): Promise<ClassicAnswer> {
  return json(pythonJson({ users: await directory.names() }));
}

/** Somebody unknown is an empty body; no name at all is no answer. */
async function lookUp(
  directory: ClassicDirectory,
  query: URLSearchParams,
): Promise<ClassicAnswer | undefined> {
  const id = query.get('id');
  if (id === null) return undefined;
  const found = await directory.find(id);
  return json(found === undefined ? '' : pythonJson({ port: portOf(found) }));
}

/** Peers of this dialect answer at a UDP port. */
function portOf(found: Found): string {
  return found.kind === 'classic' ? found.place : String(found.udpPort);
}

function json(body: string): ClassicAnswer {
  return { status: 200, headers: [['Content-type', 'application/json']], body };
}

function refused(status: number, body: string): ClassicAnswer {
  return { status, headers: [['Content-type', 'text/plain']], body };
}
