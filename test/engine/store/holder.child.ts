// A process of its own for lock.test.ts: opens, fills and closes stores as its standard input says, one word per line.

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openStore, type Store } from '../../../src/engine/store/store.ts';
import { StoreBusy } from '../../../src/engine/store/storeBusy.ts';
import { ALI, said, text } from './support.ts';

let store: Store | undefined;

/** At once, past the stream's buffer: what was said was said, even if the process is killed now. */
const say = (line: string) => writeSync(1, `${line}\n`);

function open(path: string): void {
  const start = performance.now();
  try {
    store = openStore(path, { clock: { now: () => Date.now() } });
    say('open');
  } catch (error) {
    if (!(error instanceof StoreBusy)) throw error;
    say(`busy ${performance.now() - start}`);
  }
}

function append(count: number): void {
  for (let i = 1; i <= count; i++) {
    const entry = store?.entries.appendMine(ALI, said(text(`message ${i}`), i));
    say(`stored ${entry?.number}`);
  }
}

function close(): void {
  store?.dispose();
  store = undefined;
  say('closed');
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, rest = ''] = line.split(' ', 2);
  if (word === 'open') open(rest);
  if (word === 'append') append(Number(rest));
  if (word === 'close') close();
});
