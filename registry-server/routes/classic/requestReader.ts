// One request of a course client, out of bytes in any pieces. Knows no socket. Everything that a stranger can make long is bounded.

import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from './params.ts';

export interface ClassicRequest {
  /** By lower-case name; several of one name are one, with commas between (RFC 9110, section 5.3). */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** `more`: the request is not there yet. A number: the HTTP status of what is wrong with it. */
export type Reading = ClassicRequest | 'more' | 400 | 413;

interface Head {
  readonly headers: ReadonlyMap<string, string>;
  readonly bodyAt: number;
  /** Where the request ends. */
  readonly endsAt: number;
}

/** Each is an object, so that single bytes would hold a hundred times what they are. */
const MAX_PIECES = 128;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
/** Each looks at a character once: an expression for the whole line tries a run of blanks in every way there is. */
const FIELD_NAME = /^[^\s:]+$/;
const LINE_BREAK = /[\r\n]/;

export class RequestReader {
  readonly #pieces: Buffer[] = [];
  #sizeBytes = 0;
  #head: Head | undefined;

  /** What comes after the end of the request is ignored. */
  push(bytes: Buffer): Reading {
    this.#pieces.push(bytes);
    this.#sizeBytes += bytes.length;
    if (this.#pieces.length > MAX_PIECES) this.#joined();
    if (this.#head === undefined) {
      const wrong = this.#readHead();
      if (wrong !== undefined) return wrong;
    }
    return this.#head === undefined ? 'more' : this.#readBody(this.#head);
  }

  #readHead(): 'more' | 400 | 413 | undefined {
    const bytes = this.#joined();
    const end = bytes.indexOf(END_OF_HEAD);
    if (end < 0) return bytes.length > MAX_HEAD_BYTES ? 413 : 'more';
    if (end > MAX_HEAD_BYTES) return 413;
    const headers = headersOf(bytes.toString('latin1', 0, end));
    const length = headers && bodyLength(headers);
    if (headers === undefined || length === undefined) return 400;
    if (length > MAX_BODY_BYTES) return 413;
    const bodyAt = end + END_OF_HEAD.length;
    this.#head = { headers, bodyAt, endsAt: bodyAt + length };
    return undefined;
  }

  #readBody({ headers, bodyAt, endsAt }: Head): Reading {
    if (this.#sizeBytes < endsAt) return 'more';
    return { headers, body: this.#joined().subarray(bodyAt, endsAt) };
  }

  /** The pieces as one, so that many small ones are not joined again and again. */
  #joined(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces.splice(0, this.#pieces.length, bytes);
    return bytes;
  }
}

/** Undefined when a line is no header. */
function headersOf(head: string): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1);
    if (!FIELD_NAME.test(line.slice(0, Math.max(colon, 0))) || LINE_BREAK.test(value)) return undefined;
    const name = line.slice(0, colon).toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return headers;
}

/** s4 writes the length of its body where others have its type. Undefined when it is no length, or the body comes in chunks. */
function bodyLength(headers: ReadonlyMap<string, string>): number | undefined {
  if (headers.has('transfer-encoding')) return undefined;
  const length = headers.get('content-length');
  if (length !== undefined) return /^\d{1,9}$/.test(length) ? Number(length) : undefined;
  const type = headers.get('content-type') ?? '';
  return /^\d{1,9}$/.test(type) ? Number(type) : 0;
}
