// One row of the conversation: a mark between messages, or a message.

import type { Millis } from '../../../src/base/clock.ts';
import { messageState } from '../../../src/contract/message.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import type { Row } from '../../model/rows.ts';
import { t } from '../../model/words.ts';
import type { OpenMenu } from '../message/MessageMenu.tsx';
import { MessageRow } from '../message/MessageRow.tsx';

export interface RowSetting {
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly peer: Peer;
  /** The order of the message that somebody was just sent to. */
  readonly found: number | undefined;
  /** How many messages there are; -1 while that is not known. */
  readonly size: number;
  /** Something can be said to this person at all. */
  readonly canWrite: boolean;
  readonly openMenu: OpenMenu;
  readonly dayWords: (at: Millis) => string;
}

/** Hands a row only values that change when it does: of thousands, an event redraws the few that it is about. */
export function rowView(row: Row, setting: RowSetting) {
  const { transfers, peer, found, size, canWrite, openMenu, dayWords } = setting;
  if (row.kind === 'day') return <RowMark words={dayWords(row.at)} />;
  if (row.kind === 'unread') return <RowMark words={t('New messages')} isUnread />;
  const { message, position, startsGroup, endsGroup } = row;
  const { body, from, number } = message;
  const isTransfer = body.kind === 'transfer';
  return (
    <MessageRow
      message={message}
      position={position}
      size={size}
      isFound={found === message.order}
      startsGroup={startsGroup}
      endsGroup={endsGroup}
      name={peer.name}
      receipt={from === 'me' ? messageState(number, peer.receipts) : undefined}
      transfer={isTransfer ? transfers[body.transferId] : undefined}
      link={isTransfer ? peer.link : undefined}
      canWrite={canWrite}
      openMenu={openMenu}
    />
  );
}

function RowMark({ words, isUnread = false }: { readonly words: string; readonly isUnread?: boolean }) {
  return (
    <h2 class={`day${isUnread ? ' unread' : ''}`}>
      <span>{words}</span>
    </h2>
  );
}
