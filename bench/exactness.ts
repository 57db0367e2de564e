// Files over networks of every bad kind, in virtual time: each arrives whole, or both sides know that it did not. What fails is
// named by its seed, and the seed makes it again.

import { TransferPair } from '../test/engine/transfer/transferPair.ts';
import type { Conditions } from '../test/support/lossyNetwork.ts';
import { seededRandom } from '../test/support/seededRandom.ts';

/** Virtual; each session ends long before. */
const LIMIT_MS = 600_000;
const MOST_BYTES = 1_500_000;

export interface ExactnessTable {
  readonly transfers: number;
  readonly exact: number;
  /** A clear end without the file on both sides: the path was gone for too long. */
  readonly stalled: number;
  readonly failedSeeds: readonly number[];
}

export function measureExactness(transfers: number): ExactnessTable {
  const outcomes = Array.from({ length: transfers }, (_, i) => transferOf(i + 1));
  return {
    transfers,
    exact: outcomes.filter((outcome) => outcome === 'exact').length,
    stalled: outcomes.filter((outcome) => outcome === 'stalled').length,
    failedSeeds: outcomes.flatMap((outcome, i) => (outcome === 'wrong' ? [i + 1] : [])),
  };
}

export function printExactness({ transfers, exact, stalled, failedSeeds }: ExactnessTable): void {
  console.log(
    `\n${transfers} files over random loss to 30 %, bursts, duplicates, reordering, damage, black holes, pauses and moves`,
  );
  console.log(`  exact                     ${exact}`);
  console.log(`  ended clearly without     ${stalled}`);
  console.log(
    `  wrong                     ${failedSeeds.length}${failedSeeds.length > 0 ? `: seeds ${failedSeeds}` : ''}`,
  );
}

function transferOf(seed: number): 'exact' | 'stalled' | 'wrong' {
  const random = seededRandom(seed);
  const sizeBytes = 1 + Math.floor(MOST_BYTES * random() ** 2);
  const pair = new TransferPair({ seed, sizeBytes, path: badPath(random), back: badPath(random) }).start();
  // As after a new address behind a router: nothing arrives for a while, and then the path is another one.
  const changesAt = 3000 * random();
  pair.time.plan(changesAt, () => {
    pair.forth.isCut = true;
  });
  pair.time.plan(changesAt + 4000 * random(), () => {
    pair.forth.isCut = false;
    pair.forth.conditions = badPath(random);
  });
  if (random() < 0.5) movesNowAndThen(pair, random);
  pair.run(LIMIT_MS);
  if (pair.isExact) return 'exact';
  return pair.hasSent('stalled') && !pair.hasGot('finished') ? 'stalled' : 'wrong';
}

/** The receiver gets another address, and perhaps one more. Before it has heard anything, it has nobody to tell. */
function movesNowAndThen(pair: TransferPair, random: () => number): void {
  for (const place of [1, 2].slice(0, 1 + Math.round(random()))) {
    pair.time.plan(4000 * random(), () => {
      if (pair.hasGot('heard')) pair.receiverPlace = place;
    });
  }
}

function badPath(random: () => number): Conditions {
  return {
    latencyMs: 60 * random(),
    jitterMs: 20 * random() * random(),
    loss: 0.3 * random(),
    bursts: { share: 0.02 * random(), length: 6 },
    duplicate: 0.2 * random(),
    reorder: 0.2 * random(),
    corrupt: 0.05 * random(),
    bytesPerMs: 300 + 50_000 * random(),
    queueBytes: 20_000 + 500_000 * random(),
    ...(random() < 0.3 ? { mtuBytes: 1200 + Math.floor(260 * random()) } : {}),
  };
}
