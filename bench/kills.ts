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
  /** Of all trials: whole blocks that came though the receiver had them on its disk. Pieces of blocks do not count. */
  readonly blocksAgainBytes: number;
  /** Where the receiver was killed: of what it had, as the engine that is started after it finds it. */
  readonly receiver?: ReceiverLoss;
  /** From the offer to "saved and verified" on both sides, the interruption included. */
  readonly ms: Spread;
}

export interface ReceiverLoss {
  /** Of all trials: on the disk without a gap, and not counted as there. */
  readonly lostBytes: number;
  /** Gone with the process, as no disk had them. */
  readonly unwrittenBytes: Spread;
  /** Read from its own disk to prove what is there. */
  readonly readAgainBytes: Spread;
}

/** No figure of the table holds these: an engine does not say them. */
export const NOT_COUNTED = [
  'what the sender reads and hashes again',
  'pieces of blocks that are sent again on the wire',
] as const;

export interface KillTable {
  readonly rows: readonly KillRow[];
  readonly notCounted: typeof NOT_COUNTED;
}

/** `points` points each, with three seeds each, over each carrier. */
export async function measureKills(points: number): Promise<KillTable> {
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
    return { rows, notCounted: NOT_COUNTED };
  } finally {
    await trials.close();
  }
}

export function printKills({ rows, notCounted }: KillTable): void {
  const mib = (SIZE_BYTES / 2 ** 20).toFixed(1);
  console.log(`\nA file of ${mib} MiB, interrupted at a random point; all arrived whole; median [min..max]`);
  for (const { carrier, interruption, trials, blocksAgainBytes, receiver, ms } of rows) {
    console.log(`  over ${carrier} at first, ${interruption}, ${trials} times`);
    console.log(`    whole blocks on the receiver's disk that came again  ${kib(blocksAgainBytes)} in all`);
    if (receiver !== undefined) printReceiver(receiver);
    console.log(
      `    whole time                                           ${ms.median.toFixed(0)} [${ms.min.toFixed(0)}..${ms.max.toFixed(0)}] ms`,
    );
  }
  console.log(`  counted nowhere: ${notCounted.join('; ')}`);
}

function printReceiver({ lostBytes, unwrittenBytes, readAgainBytes }: ReceiverLoss): void {
  console.log(`    on the receiver's disk, and not found there again    ${kib(lostBytes)} in all`);
  console.log(`    in the receiver's memory only                        ${shown(unwrittenBytes)}`);
  console.log(`    read by the receiver to prove what is on its disk    ${shown(readAgainBytes)}`);
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

export function rowOf(
  carrier: CarrierKind,
  interruption: Interruption,
  outcomes: readonly Outcome[],
): KillRow {
  return {
    carrier,
    interruption,
    trials: outcomes.length,
    blocksAgainBytes: sum(outcomes.map(({ sentAgainBytes }) => sentAgainBytes)),
    ...(interruption === 'receiver killed' ? { receiver: receiverLossOf(outcomes) } : {}),
    ms: spreadOf(outcomes.map(({ ms }) => ms)),
  };
}

function receiverLossOf(outcomes: readonly Outcome[]): ReceiverLoss {
  return {
    lostBytes: sum(outcomes.map(({ lostBytes }) => lostBytes)),
    unwrittenBytes: spreadOf(outcomes.map(({ unwrittenBytes }) => unwrittenBytes)),
    readAgainBytes: spreadOf(outcomes.map(({ readAgainBytes }) => readAgainBytes)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function shown({ median, min, max }: Spread): string {
  return `${kib(median)} [${kib(min)}..${kib(max)}]`;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
