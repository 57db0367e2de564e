// Reads new messages out: the list itself cannot, as rows come and go there whenever it is scrolled.

import { useRef } from 'preact/hooks';
import type { Body, Message } from '../../../src/contract/message.ts';
import type { Conversation } from '../../../src/contract/state.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { type Other, transferView } from '../../model/transferView.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** More at once are not listened to; they are all in the list. */
const MOST_AT_ONCE = 3;

interface Props {
  /** Undefined until it is loaded. */
  readonly conversation: Conversation | undefined;
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly peer: Other;
}

export function Announcer({ conversation, transfers, peer }: Props) {
  const { format } = useSurroundings();
  const opened = useRef<number | undefined>(undefined);
  const latest = useRef<readonly Message[]>([]);
  // Among old messages alone none is new. What has been read out stays meanwhile: it would be read out again when it came back.
  if (conversation !== undefined && conversation.hasLater !== true) {
    const { messages } = conversation;
    const after = opened.current ?? messages.at(-1)?.order ?? 0;
    opened.current = after;
    latest.current = messages
      .slice(-MOST_AT_ONCE)
      .filter(({ from, order, body }) => from === 'peer' && order > after && body.kind !== 'deleted');
  }
  const wordsOf = (body: Body): string => {
    if (body.kind === 'text') return `${peer.name}: ${body.text}`;
    const transfer = body.kind === 'transfer' ? transfers[body.transferId] : undefined;
    if (transfer === undefined || transfer.itemId !== undefined)
      return `${peer.name}: ${transfer?.name ?? t('a file')}`;
    // As it came, whatever has become of it: other words would be read out again.
    const { status } = transferView({ ...transfer, state: { kind: 'offered' } }, peer, format);
    return `${status.text}: ${transfer.name}`;
  };
  return (
    <div class="heard-only" role="log" aria-live="polite" aria-label={t('New messages')}>
      {latest.current.map(({ order, body }) => (
        <p key={order}>{wordsOf(body)}</p>
      ))}
    </div>
  );
}
