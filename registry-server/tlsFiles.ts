// The certificate that the registry shows, from two files that somebody renews.

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { reasonOf, StartError } from './startError.ts';

export interface TlsFiles {
  /** PEM: the certificate, then those that signed it. */
  readonly cert: string;
  /** PEM, not encrypted. */
  readonly key: string;
}

export interface TlsContents {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Throws a StartError when one is missing, or the two do not belong together. */
export function readTls({ cert, key }: TlsFiles): TlsContents {
  try {
    const contents = { cert: readFileSync(cert), key: readFileSync(key) };
    createSecureContext(contents);
    return contents;
  } catch (error) {
    const what = `the certificate ${cert} with the key ${key} cannot be used (${reasonOf(error)})`;
    throw new StartError(`${what}. Name others with --tls-cert and --tls-key.`, { cause: error });
  }
}
