// Dialect s4: the method is spelled `Post`, `Content-type` is the length of the body, and answers are JSON in the third header.

import { asciiJson, type ClassicAnswer, jsonObject, pythonJson } from './classicAnswer.ts';
import type { ClassicDirectory, Found } from './classicDirectory.ts';
import type { Dialect } from './dialect.ts';
import { MAX_HEADER_VALUE_BYTES, MAX_PLACE_LENGTH } from './params.ts';
import type { ClassicRequest } from './requestReader.ts';

/** Its clients strip brackets, commas and quotes from the header and split it at blanks. */
const USABLE = /^[!#-+\--Z\\^-~]+$/;
const RESERVED = new Set(['port', 'hostname']);

export function dialectS4(directory: ClassicDirectory): Dialect {
  return ({ method, path }) => {
    if (method === 'GET') return path.endsWith('/listOfclients') ? () => list(directory) : undefined;
    if (method.toUpperCase() !== 'POST') return undefined;
    if (path.endsWith('/info')) return (request) => register(directory, request);
    if (path.endsWith('/choseClient')) return (request) => lookUp(directory, request);
    // No other HTTP server here would understand the method.
    return method === 'POST' ? undefined : async () => ({ status: 404, reason: 'file not found' });
  };
}

/** `{"<name>": "<ip>", "port": P, "hostname": "<host>"}`. */
async function register(directory: ClassicDirectory, { body }: ClassicRequest): Promise<ClassicAnswer> {
  const fields = jsonObject(body) ?? {};
  const [name = '', ip] = Object.entries(fields)[0] ?? [];
  const place = placeText(ip, fields.port, fields.hostname);
  if (!isUsable(name) || place === undefined) return { status: 400 };
  const outcome = await directory.register(name, place);
  return { status: outcome === 'registered' ? 200 : outcome === 'unusable' ? 400 : 409 };
}

async function list(directory: ClassicDirectory): Promise<ClassicAnswer> {
  const names = fitting(await directory.names(isUsable));
  const headers = [['ids', pythonJson(names)]] as const;
  return { status: 200, reason: 'Which system do you want to connect to?', headers };
}

/** `{"id": "<name>"}`; whatever the key, its value is the name. */
async function lookUp(directory: ClassicDirectory, { body }: ClassicRequest): Promise<ClassicAnswer> {
  const fields = jsonObject(body);
  if (fields === undefined) return { status: 400 };
  const found = await directory.find(Object.values(fields)[0]);
  const headers = [['infoClient', found === undefined ? '[]' : placeOf(found)]] as const;
  return { status: 200, reason: 'The information required to connect to the system', headers };
}

/** Host name, port and address, in this order, all of them text; undefined when something is missing. */
function placeText(ip: unknown, port: unknown, hostname: unknown): string | undefined {
  const portText = typeof port === 'number' || typeof port === 'string' ? String(port) : '';
  if (!isHost(ip) || !isHost(hostname) || !/^\d{1,5}$/.test(portText)) return undefined;
  return pythonJson([hostname, portText, ip]);
}

function placeOf(found: Found): string {
  return found.kind === 'classic' ? found.place : pythonJson([found.ip, String(found.tcpPort), found.ip]);
}

function isHost(text: unknown): text is string {
  return typeof text === 'string' && asciiJson(text).length <= MAX_PLACE_LENGTH;
}

function isUsable(name: string): boolean {
  return USABLE.test(name) && !RESERVED.has(name);
}

function fitting(names: readonly string[]): string[] {
  let room = MAX_HEADER_VALUE_BYTES;
  return names.filter((name) => {
    room -= asciiJson(name).length + 2;
    return room > 0;
  });
}
