// Reads new messages out: the list itself cannot, as rows come and go there whenever it is scrolled.

import { useRef } from 'preact/hooks';
import type { Body, Message } from '../../../src/contract/message.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { t } from '../../model/words.ts';

/** More at once are not listened to; they are all in the list. */
const MOST_AT_ONCE = 3;

interface Props {
  readonly messages: readonly Message[];
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly name: string;
}

export function Announcer({ messages, transfers, name }: Props) {
  const opened = useRef<number | undefined>(undefined);
  opened.current ??= messages.at(-1)?.order;
  const after = opened.current ?? 0;
  const latest = messages
    .slice(-MOST_AT_ONCE)
    .filter(({ from, order, body }) => from === 'peer' && order > after && body.kind !== 'deleted');
  return (
    <div class="heard-only" role="log" aria-live="polite" aria-label={t('New messages')}>
      {latest.map(({ order, body }) => (
        <p key={order}>{`${name}: ${wordsOf(body, transfers)}`}</p>
      ))}
    </div>
  );
}

function wordsOf(body: Body, transfers: Props['transfers']): string {
  if (body.kind === 'text') return body.text;
  const transfer = body.kind === 'transfer' ? transfers[body.transferId] : undefined;
  return transfer?.name ?? t('a file');
}
