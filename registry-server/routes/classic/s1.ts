// Dialect s1: JSON over HTTP with targets that have no leading slash. No updates: a name is taken until it lapses.

import { type ClassicAnswer, jsonObject, pythonJson } from './classicAnswer.ts';
import type { ClassicDirectory, Found } from './classicDirectory.ts';
import type { Dialect } from './dialect.ts';
import { MAX_PLACE_LENGTH } from './params.ts';
import { spelled, unescaped } from './requestLine.ts';
import type { ClassicRequest } from './requestReader.ts';

/** What its clients can ask for: the name goes into the request line as it is. */
const ASKABLE = /^[\x21-\x7e]+$/;

export function dialectS1(directory: ClassicDirectory): Dialect {
  return ({ method, target, path }) => {
    if (method === 'POST')
      return /^\/?name$/.test(path) ? (request) => register(directory, request) : undefined;
    if (method !== 'GET') return undefined;
    if (/^\/?list$/.test(path)) return () => list(directory);
    // Everything behind five characters, as the real one reads it; with a slash in front a name may be escaped, too.
    if (target.startsWith('user')) return () => lookUp(directory, spelled(target.slice(5)));
    return path.startsWith('/user/') ? () => lookUp(directory, unescaped(path.slice(6))) : undefined;
  };
}

/** What is no registration is not answered at all. */
async function register(
  directory: ClassicDirectory,
  { body }: ClassicRequest,
): Promise<ClassicAnswer | undefined> {
  const { name, ip, port } = jsonObject(body) ?? {};
  if (typeof name !== 'string' || typeof ip !== 'string' || !isPort(port)) return undefined;
  if (ip.length > MAX_PLACE_LENGTH) return { status: 400 };
  const outcome = await directory.register(name, pythonJson({ ip, port }), { isOnce: true });
  return { status: outcome === 'registered' ? 200 : 400 };
}

async function list(directory: ClassicDirectory): Promise<ClassicAnswer> {
  const names = await directory.names((name) => ASKABLE.test(name));
  return names.length === 0 ? { status: 400 } : withLength(pythonJson(names));
}

async function lookUp(directory: ClassicDirectory, name: string | undefined): Promise<ClassicAnswer> {
  const found = await directory.find(name);
  return found === undefined ? { status: 400 } : withLength(placeOf(found));
}

/** Peers of this dialect answer at a UDP port. */
function placeOf(found: Found): string {
  return found.kind === 'classic' ? found.place : pythonJson({ ip: found.ip, port: found.udpPort });
}

function isPort(port: unknown): boolean {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function withLength(body: string): ClassicAnswer {
  return { status: 200, headers: [['Content-Length', String(body.length)]], body };
}
