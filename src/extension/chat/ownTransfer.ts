// Which transfers one person's page may act on.

import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { State } from '../../contract/state.ts';
import type { Transfer } from '../../contract/transfer.ts';

/** The transfer, where it is one with this person; a page cannot name another. Failures: transferUnknown. */
export function ownTransfer(id: string, peer: Fingerprint, state: State | undefined): Transfer {
  const transfer: Transfer | undefined = state?.transfers[id];
  if (transfer?.peer !== peer) throw fail('transferUnknown', {});
  return transfer;
}
