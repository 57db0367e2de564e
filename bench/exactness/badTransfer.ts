// One file over a bad network, in virtual time, all of it made of a seed: what became of it.

import { TransferPair } from '../../test/engine/transfer/transferPair.ts';
import { seededRandom } from '../../test/support/seededRandom.ts';
import { badPath } from './badPath.ts';
import { MovingSender } from './movingSender.ts';
import { PassingDamage } from './passingDamage.ts';

/** Virtual; each session ends long before. */
const LIMIT_MS = 600_000;
const MOST_BYTES = 1_500_000;
/** Of the files, and of the datagrams of such a file. */
const DAMAGED_FILES = 0.4;
const MOST_DAMAGED = 0.02;
/** Most are over soon after. */
const LAST_MOVE_MS = 1500;

/** `ended`: without the file, and both sides know so. `wrong`: anything else. */
export type Verdict = 'exact' | 'ended' | 'wrong';

export interface BadTransfer {
  readonly verdict: Verdict;
  /** Datagrams with damage that passes the checksum. */
  readonly damagePassed: number;
  readonly senderMoves: number;
  readonly receiverMoves: number;
}

export function badTransfer(seed: number): BadTransfer {
  const random = seededRandom(seed);
  const sizeBytes = 1 + Math.floor(MOST_BYTES * random() ** 2);
  const pair = new TransferPair({ seed, sizeBytes, path: badPath(random), back: badPath(random) });
  const sender = new MovingSender(pair);
  const share = random() < DAMAGED_FILES ? MOST_DAMAGED * random() : 0;
  const damage = new PassingDamage(random, share).on(pair.forth).on(pair.back);
  pair.start();
  changesPath(pair, random);
  const moves = planMoves(pair, sender, random);
  pair.run(LIMIT_MS);
  return { verdict: verdictOf(pair), damagePassed: damage.count, ...moves };
}

export function verdictOf(pair: Pick<TransferPair, 'isExact' | 'hasSent' | 'hasGot'>): Verdict {
  if (pair.isExact) return 'exact';
  const bothEnded = pair.hasSent('stalled') && pair.hasGot('stalled', 'failed');
  return bothEnded && !pair.hasSent('finished') && !pair.hasGot('finished') ? 'ended' : 'wrong';
}

/** As after a new address behind a router: nothing arrives for a while, and then the path is another one. */
function changesPath(pair: TransferPair, random: () => number): void {
  const at = 3000 * random();
  pair.time.plan(at, () => {
    pair.forth.isCut = true;
  });
  pair.time.plan(at + 4000 * random(), () => {
    pair.forth.isCut = false;
    pair.forth.conditions = badPath(random);
  });
}

/** One end gets another address, and perhaps one more. Before the receiver has heard anything, it has nobody to tell. */
function planMoves(pair: TransferPair, sender: MovingSender, random: () => number) {
  const moves = { senderMoves: 0, receiverMoves: 0 };
  const who = random();
  for (const place of [1, 2].slice(0, 1 + Math.round(random()))) {
    pair.time.plan(LAST_MOVE_MS * random(), () => {
      if (who > 0.6 || !pair.hasGot('heard')) return;
      if (who < 0.3) sender.place = place;
      else pair.receiverPlace = place;
      moves[who < 0.3 ? 'senderMoves' : 'receiverMoves']++;
    });
  }
  return moves;
}
