// Imported by an engine's process before the engine: writes down what this engine does and what it says, in the very turn in
// which it does. Each line is one call of the system, so that a kill takes none of them back.

import { openSync, writeSync } from 'node:fs';
import { RpcServer } from '../../../src/contract/rpc.ts';
import { SecureChannel } from '../../../src/engine/io/secureChannel.ts';
import { Database } from '../../../src/engine/store/database.ts';
import { EntriesTable } from '../../../src/engine/store/entries.ts';
import type { StoredEntry } from '../../../src/engine/store/entryRow.ts';
import { claimsOf, momentNow, TESTIMONY_FILE, type Testimony } from './testimony.ts';

type Words = Testimony extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never;

const file = openSync(process.env[TESTIMONY_FILE] as string, 'a');
/** Written in a transaction that is not committed yet. */
let uncommitted: StoredEntry[] = [];

tell({ kind: 'started' });

const { appendMine, acceptTheirs } = EntriesTable.prototype;
EntriesTable.prototype.appendMine = function (...args) {
  const entry = appendMine.apply(this, args);
  note(entry);
  return entry;
};
EntriesTable.prototype.acceptTheirs = function (...args) {
  const entry = acceptTheirs.apply(this, args);
  if (typeof entry === 'object') note(entry);
  return entry;
};

/** Committed when its method returns, or with the transaction around it. */
function note(entry: StoredEntry): void {
  tellOf('storing', entry);
  uncommitted.push(entry);
  if (!isInside) tellStored();
}

let isInside = false;
const { exec } = Database.prototype;
Database.prototype.exec = function (sql) {
  exec.call(this, sql);
  if (sql.startsWith('BEGIN')) {
    isInside = true;
    uncommitted = [];
  }
  if (sql !== 'COMMIT') return;
  isInside = false;
  tellStored();
};

const { send } = SecureChannel.prototype;
SecureChannel.prototype.send = function (frame) {
  send.call(this, frame);
  if (frame.kind === 'entry') tell({ kind: 'written', number: frame.number });
};

const { send: say } = RpcServer.prototype;
RpcServer.prototype.send = function (streamed) {
  for (const claim of claimsOf(streamed.event)) tell(claim);
  say.call(this, streamed);
};

function tellStored(): void {
  for (const entry of uncommitted) tellOf('stored', entry);
  uncommitted = [];
}

function tellOf(kind: 'storing' | 'stored', { from, number }: StoredEntry): void {
  tell({ kind, from, number });
}

function tell(words: Words): void {
  writeSync(file, `${JSON.stringify({ at: momentNow(), ...words })}\n`);
}
