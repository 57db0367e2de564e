// Which transfers have ended, for whoever hears the page and does not see it.

import { isFinal, type Transfer } from '../../src/contract/transfer.ts';

type Transfers = Readonly<Record<string, Transfer>>;

/** Those that were going on and are not any more. */
export function endedSince(before: Transfers, now: Transfers): Transfer[] {
  return Object.values(now).filter(({ id, state }) => isFinal(state) && isGoingOn(before[id]));
}

function isGoingOn(transfer: Transfer | undefined): boolean {
  return transfer !== undefined && !isFinal(transfer.state);
}
