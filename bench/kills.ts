// Files that are interrupted at random points: whether they arrive, and what it cost. Stops at the first that does not.

import type { CarrierKind } from '../src/contract/transfer.ts';
import { INTERRUPTIONS, type Interruption, KillTrials, type Outcome } from '../test/support/killTrials.ts';
import { type Spread, spreadOf } from './statistics.ts';

const SIZE_BYTES = 24 * 2 ** 20 + 5;
const SEEDS = 3;
const CARRIERS = ['udp', 'tls'] as const;

export interface KillRow {
  readonly carrier: CarrierKind;
  readonly interruption: Interruption;
  readonly trials: number;
  /** Of all trials, in bytes. */
  readonly sentAgainBytes: number;
  readonly lostBytes: number;
  readonly unwrittenBytes: Spread;
  readonly readAgainBytes: Spread;
  /** From the offer to "saved and verified" on both sides, the interruption included. */
  readonly ms: Spread;
}

/** `points` points each, with three seeds each, over each carrier. */
export async function measureKills(points: number): Promise<KillRow[]> {
  const trials = await KillTrials.open();
  try {
    const rows: KillRow[] = [];
    for (const carrier of CARRIERS)
      for (const interruption of INTERRUPTIONS) {
        const outcomes: Outcome[] = [];
        for (let seed = 1; seed <= points * SEEDS; seed++)
          outcomes.push(await attempt(trials, carrier, interruption, seed));
        rows.push(rowOf(carrier, interruption, outcomes));
      }
    return rows;
  } finally {
    await trials.close();
  }
}

export function printKills(rows: readonly KillRow[]): void {
  const mib = (SIZE_BYTES / 2 ** 20).toFixed(1);
  console.log(`\nA file of ${mib} MiB, interrupted at a random point; all arrived whole; median [min..max]`);
  for (const row of rows) {
    console.log(`  over ${row.carrier} at first, ${row.interruption}, ${row.trials} times`);
    console.log(`    on the disk and sent again  ${kib(row.sentAgainBytes)} in all`);
    console.log(`    on the disk and lost        ${kib(row.lostBytes)} in all`);
    console.log(`    in memory only              ${shown(row.unwrittenBytes)}`);
    console.log(`    read again                  ${shown(row.readAgainBytes)}`);
    console.log(
      `    whole time                  ${row.ms.median.toFixed(0)} [${row.ms.min.toFixed(0)}..${row.ms.max.toFixed(0)}] ms`,
    );
  }
}

/** Every second of those that are killed comes back at other ports, every fourth is killed while the file gets its name. */
async function attempt(
  trials: KillTrials,
  carrier: CarrierKind,
  interruption: Interruption,
  seed: number,
): Promise<Outcome> {
  try {
    const isKill = interruption.endsWith('killed');
    const moves = seed % 2 === 0 && isKill;
    const atTheEnd = seed % 4 === 0 && isKill;
    return await trials.run({ carrier, interruption, seed, moves, atTheEnd, sizeBytes: SIZE_BYTES });
  } catch (error) {
    throw new Error(`${carrier}, ${interruption}, seed ${seed}`, { cause: error });
  }
}

function rowOf(carrier: CarrierKind, interruption: Interruption, outcomes: readonly Outcome[]): KillRow {
  const all = (of: (outcome: Outcome) => number) => outcomes.map(of);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    carrier,
    interruption,
    trials: outcomes.length,
    sentAgainBytes: sum(all(({ sentAgainBytes }) => sentAgainBytes)),
    lostBytes: sum(all(({ lostBytes }) => lostBytes)),
    unwrittenBytes: spreadOf(all(({ unwrittenBytes }) => unwrittenBytes)),
    readAgainBytes: spreadOf(all(({ readAgainBytes }) => readAgainBytes)),
    ms: spreadOf(all(({ ms }) => ms)),
  };
}

function shown({ median, min, max }: Spread): string {
  return `${kib(median)} [${kib(min)}..${kib(max)}]`;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
