// What is declined without asking my person: more open offers of one person than anybody would answer, and files of impossible sizes.
// The same bound holds for my own offers, so that nobody is told of a no that nobody has said.

import { isOpenOffer, type Transfer } from '../../contract/transfer.ts';
import { MAX_FILE_BYTES } from './offers.ts';

/** Of one person, waiting for my answer: a bound on what an accepted peer can pile up. Peers count on the same number. */
export const MAX_OPEN_OFFERS = 64;

/** Whether one more of mine may wait for this person's answer, by the unfinished transfers with them. */
export function mayOffer(unfinished: readonly Transfer[]): boolean {
  const open = unfinished.filter(({ direction, state }) => direction === 'send' && state.kind === 'offered');
  return open.length < MAX_OPEN_OFFERS;
}

/** Of the unfinished transfers with one person, oldest first: the offers that are declined. */
export function beyondBounds<T extends Transfer>(unfinished: readonly T[]): T[] {
  const open = unfinished.filter(isOpenOffer);
  const answerable = open.filter(({ sizeBytes }) => sizeBytes <= MAX_FILE_BYTES).slice(0, MAX_OPEN_OFFERS);
  return open.filter((offer) => !answerable.includes(offer));
}
