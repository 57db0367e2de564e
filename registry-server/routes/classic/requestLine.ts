// The first line of a request, as tolerant as the course clients need it: any method, any target.

export interface RequestLine {
  /** As written: `Post` is not `POST` yet. */
  readonly method: string;
  /** As written, one character per byte. */
  readonly target: string;
  /** The target without `http://host`, where it has that. */
  readonly path: string;
}

const LINE = /^([^\s]+) ([^\s]+) HTTP\/1\.[01]\r?$/;
const ABSOLUTE = /^https?:\/\/[^/]*(\/.*)$/i;

/** `line` ends before its line feed. Undefined when it is no such line: it is left to the HTTP parser to say so. */
export function parseRequestLine(line: Buffer): RequestLine | undefined {
  const [, method, target] = LINE.exec(line.toString('latin1')) ?? [];
  if (method === undefined || target === undefined) return undefined;
  return { method, target, path: ABSOLUTE.exec(target)?.[1] ?? target };
}

/** What the bytes of a target spell in UTF-8. */
export function spelled(target: string): string {
  return Buffer.from(target, 'latin1').toString('utf8');
}

/** The same with percent escapes; undefined when those are no UTF-8. */
export function unescaped(target: string): string | undefined {
  try {
    return decodeURIComponent(spelled(target));
  } catch {
    return undefined;
  }
}
