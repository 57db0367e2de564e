// A store on a real file in a folder of its own, and what the tests fill it with.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fingerprint, parseFingerprint } from '../../../src/contract/fingerprint.ts';
import { openStore, type Store } from '../../../src/engine/store/store.ts';
import type { Entry, EntryBody } from '../../../src/wire/linkFrames.ts';

export const STORED_AT = 1_800_000_000_000;

export function fingerprintOf(digit: string): Fingerprint {
  const fingerprint = parseFingerprint(digit.repeat(64));
  if (fingerprint === undefined) throw new Error(`${digit} is no hexadecimal digit`);
  return fingerprint;
}

export const ALI = fingerprintOf('a');
export const BABAK = fingerprintOf('b');

export class StoreFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'hamta-store-'));
  readonly path = join(this.folder, 'engine', 'hamta.db');
  readonly #open: Store[] = [];

  open(): Store {
    const store = openStore(this.path, { clock: { now: () => STORED_AT } });
    this.#open.push(store);
    return store;
  }

  remove(): void {
    for (const store of this.#open) store.dispose();
    rmSync(this.folder, { recursive: true });
  }
}

export const text = (words: string): EntryBody => ({ kind: 'text', text: words });
export const offer = (transferId: string): EntryBody => ({
  kind: 'offer',
  transferId,
  name: 'a.png',
  mediaType: 'image/png',
  sizeBytes: 10,
});
export const cancel = (transferId: string): EntryBody => ({ kind: 'cancel', transferId });

export const id = (number: number): string => number.toString(16).padStart(32, '0');

export const said = (body: EntryBody, number = 1): Omit<Entry, 'number'> => ({
  id: id(number),
  at: 1_700_000_000_000 + number,
  body,
});
export const theirs = (number: number, body: EntryBody = text(`theirs ${number}`)): Entry => ({
  number,
  ...said(body, number),
});
