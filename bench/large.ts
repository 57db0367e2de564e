// A file that is larger than any memory it may take, from person to person. It is sparse where the disk knows that.

import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfBlock, FileDigest } from '../src/engine/io/fileDigest.ts';
import { KillTrials } from '../test/support/killTrials.ts';

const BLOCK_BYTES = 65_536;
const GIB = 2 ** 30;
const MIB = 2 ** 20;
const PATIENCE_MS = 600_000;

export interface LargeRow {
  readonly sizeBytes: number;
  readonly bytesPerSecond: number;
  /** Resident at most: the whole process, after a file of 1 MiB and after the large one. */
  readonly sender: readonly number[];
  readonly receiver: readonly number[];
}

export async function measureLarge(gib: number): Promise<LargeRow> {
  const trials = await KillTrials.open();
  try {
    const small = await passZeros(trials, MIB);
    const large = await passZeros(trials, gib * GIB);
    const [sender, receiver] = [0, 1].map((end) => [small.peakBytes[end] ?? 0, large.peakBytes[end] ?? 0]);
    return {
      sizeBytes: gib * GIB,
      bytesPerSecond: large.bytesPerSecond,
      sender: sender ?? [],
      receiver: receiver ?? [],
    };
  } finally {
    await trials.close();
  }
}

export function printLarge({ sizeBytes, bytesPerSecond, sender, receiver }: LargeRow): void {
  console.log(`\nA file of ${sizeBytes / GIB} GiB, from the offer to "saved and verified"`);
  console.log(`  rate             ${(bytesPerSecond / 1e6).toFixed(0)} MB/s`);
  console.log(`  sender's memory  ${shown(sender)}`);
  console.log(`  receiver's       ${shown(receiver)}`);
}

async function passZeros(trials: KillTrials, sizeBytes: number) {
  const place = join(trials.folder, `${sizeBytes}.bin`);
  await writeFile(place, '');
  await truncate(place, sizeBytes);
  const passed = await trials.pass(place, PATIENCE_MS);
  assert.equal(passed.digest, digestOfZeros(sizeBytes));
  return passed;
}

function digestOfZeros(sizeBytes: number): string {
  const digest = new FileDigest();
  const block = digestOfBlock(Buffer.alloc(BLOCK_BYTES));
  for (let at = 0; at < sizeBytes; at += BLOCK_BYTES) digest.add(block);
  return digest.end();
}

function shown([before = 0, after = 0]: readonly number[]): string {
  return `at most ${(after / MIB).toFixed(0)} MiB, ${((after - before) / MIB).toFixed(0)} MiB of it for this file`;
}
