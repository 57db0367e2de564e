// The rows that are drawn, in a list as high as if all were, and the files that are being prepared.

import type { Millis } from '../../../src/base/clock.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { conversationIn, type Page } from '../../model/pageState.ts';
import { gateOf } from '../../model/peerView.ts';
import { ownStartsGroup, type Row } from '../../model/rows.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import type { OpenMenu } from '../message/MessageMenu.tsx';
import { EmptyConversation } from './EmptyConversation.tsx';
import { PreparingCard } from './PreparingCard.tsx';
import { rowView } from './rowView.tsx';
import type { RowWindow } from './useRowWindow.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly window: Pick<RowWindow, 'extent' | 'hanging'>;
  /** How many messages the conversation has; -1 while that is not known. */
  readonly size: number;
  readonly page: Page;
  readonly peer: Peer;
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly now: Millis;
  readonly openMenu: OpenMenu;
}

export function Rows({ rows, window, size, page, peer, transfers, now, openMenu }: Props) {
  const { format } = useSurroundings();
  const { extent, hanging } = window;
  const setting = {
    transfers,
    peer,
    found: page.found,
    size,
    canWrite: peer.standing === 'accepted' && gateOf(peer) === undefined,
    openMenu,
    dayWords: (at: Millis) => format.day(at, now),
  };
  const isEmpty = conversationIn(page)?.messages.length === 0 && page.preparing.length === 0;
  return (
    <div class="rows">
      {isEmpty && <EmptyConversation peer={peer} />}
      <div class="list" style={{ blockSize: `${hanging.height}px` }}>
        <div class="drawn" style={{ insetBlockEnd: `${hanging.below}px` }}>
          {rows.slice(extent.first, extent.end).map((row) => (
            <div class="cell" key={row.key} data-key={row.key} data-at={row.order}>
              {rowView(row, setting)}
            </div>
          ))}
        </div>
      </div>
      {page.preparing.map((item, index) => (
        <PreparingCard
          key={`preparing ${item.key}`}
          item={item}
          startsGroup={index === 0 && ownStartsGroup(rows, now)}
        />
      ))}
    </div>
  );
}
