// The JSON body of a call, in one buffer: a parser that keeps the pieces it comes in holds a hundred times as much of single bytes.

import type { Readable } from 'node:stream';
import type { Request, RequestHandler } from 'express';
import { ProblemError, tooLarge } from './problem.ts';

const MAX_BODY_BYTES = 16 * 1_024;
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-?8"?\s*(;|$))/i;

/** Sets `body`; undefined where there is none. Browsers may send other types across sites unasked; this one they may not. */
export const jsonBody: RequestHandler = async (request, _response, next) => {
  refuseOtherContent(request);
  const text = new TextDecoder().decode(await bytesOf(request, sizeOf(request)));
  request.body = text === '' ? undefined : parsed(text);
  next();
};

function refuseOtherContent(request: Request): void {
  const type = request.headers['content-type'] ?? '';
  if (request.is('application/json') !== 'application/json' || OTHER_CHARSET.test(type)) {
    throw new ProblemError('wrong-content-type', 'Send a body of type application/json, in UTF-8.');
  }
  if ((request.headers['content-encoding'] || 'identity').toLowerCase() !== 'identity') {
    throw new ProblemError('wrong-content-type', 'Send a body that is not compressed.');
  }
}

/** At most. Throws where it says itself that it is too large, before a byte of it is read. */
function sizeOf({ headers }: Request): number {
  const size = Number(headers['content-length'] ?? MAX_BODY_BYTES);
  if (size > MAX_BODY_BYTES) throw tooLarge();
  return size;
}

/** All of it. Failures: too-large, and bad-request where it breaks off. */
export function bytesOf(body: Readable, maxBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(maxBytes);
  let size = 0;
  return new Promise((resolve, reject) => {
    body.on('data', (piece: Buffer) => {
      if (size + piece.length <= maxBytes) piece.copy(bytes, size);
      else reject(tooLarge());
      size += piece.length;
    });
    body.on('end', () => resolve(bytes.subarray(0, size)));
    body.on('error', () => reject(new ProblemError('bad-request', 'The body broke off.')));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('bad-request', 'The body is no JSON.');
  }
}
