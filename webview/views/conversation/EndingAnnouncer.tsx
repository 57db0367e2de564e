// Reads out how a transfer has ended: its card says so for the eyes, and its progress is not read out on the way.

import { useRef } from 'preact/hooks';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { endedSince } from '../../model/endings.ts';
import { type Other, transferView } from '../../model/transferView.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** More at once are not listened to; they are all in the list. */
const MOST_AT_ONCE = 3;

interface Props {
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly peer: Other;
}

export function EndingAnnouncer({ transfers, peer }: Props) {
  const { format } = useSurroundings();
  const known = useRef(transfers);
  const said = useRef<readonly Transfer[]>([]);
  const ended = endedSince(known.current, transfers);
  known.current = transfers;
  if (ended.length > 0) said.current = ended.slice(-MOST_AT_ONCE);
  return (
    <div class="heard-only endings" role="status">
      {said.current.map((transfer) => (
        <p key={transfer.id}>{`${transfer.name}: ${transferView(transfer, peer, format).status.text}`}</p>
      ))}
    </div>
  );
}
