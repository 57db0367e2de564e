// What is declined without asking my person: more open offers of one person than anybody would answer, and files of impossible sizes.

import type { Transfer } from '../../contract/transfer.ts';
import { MAX_FILE_BYTES } from './offers.ts';

/** Offers of one person that wait for my answer: a bound on what an accepted peer can pile up. */
export const MAX_OPEN_OFFERS = 64;

/** Waits for my answer. */
export function isOpenOffer({ direction, state }: Transfer): boolean {
  return direction === 'receive' && state.kind === 'offered';
}

/** Of the unfinished transfers with one person, oldest first: the offers that are declined. */
export function beyondBounds<T extends Transfer>(unfinished: readonly T[]): T[] {
  const open = unfinished.filter(isOpenOffer);
  const answerable = open.filter(({ sizeBytes }) => sizeBytes <= MAX_FILE_BYTES).slice(0, MAX_OPEN_OFFERS);
  return open.filter((offer) => !answerable.includes(offer));
}
