// Imported by an engine's process, in each of its threads, before the engine: writes down how many blocks have left, whenever a machine has said all that it
// has to say, so that it is known also where the process is killed.

import { openSync, writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { BulkSendMachine } from '../../src/engine/transfer/bulkSendMachine.ts';
import { SendMachine } from '../../src/engine/transfer/sendMachine.ts';
import type { SentCounts } from '../../src/engine/transfer/sentTally.ts';
import { encodeWitness, WITNESS_VARIABLE } from './sentWitnesses.ts';

interface Sender<Out> {
  readonly counts: SentCounts;
  poll(): Out | undefined;
}

const file = openSync(`${process.env[WITNESS_VARIABLE]} ${threadId}`, 'w');
const sentBy = new WeakMap<object, number>();
let total = 0;

watch(SendMachine);
watch(BulkSendMachine);

function watch<Out>({ prototype }: { readonly prototype: Sender<Out> }): void {
  const { poll } = prototype;
  prototype.poll = function (this: Sender<Out>) {
    const out = poll.call(this);
    if (out === undefined) note(this);
    return out;
  };
}

function note(machine: Sender<unknown>): void {
  const sent = machine.counts.blocks.reduce((sum, { start, end }) => sum + end - start, 0);
  const more = sent - (sentBy.get(machine) ?? 0);
  if (more === 0) return;
  sentBy.set(machine, sent);
  total += more;
  writeSync(file, encodeWitness(total), 0, undefined, 0);
}
