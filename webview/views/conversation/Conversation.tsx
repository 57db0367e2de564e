// The conversation: the window on its messages, and the ways to what is out of sight.

import { useMemo, useRef, useState } from 'preact/hooks';
import type { Millis } from '../../../src/base/clock.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Conversation as Loaded } from '../../../src/contract/state.ts';
import { dayNumber } from '../../model/format.ts';
import { unseenCount } from '../../model/marks.ts';
import { conversationIn, type Page, type Shown } from '../../model/pageState.ts';
import { type Row, rowsOf } from '../../model/rows.ts';
import type { Place } from '../../model/rowWindow.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { type MenuWish, MessageMenu } from '../message/MessageMenu.tsx';
import { messageKeys } from '../message/messageKeys.ts';
import { Announcer } from './Announcer.tsx';
import { EndingAnnouncer } from './EndingAnnouncer.tsx';
import { Pills } from './Pills.tsx';
import { Rows } from './Rows.tsx';
import { TypingLine } from './TypingLine.tsx';
import { useAttention } from './useAttention.ts';
import { useKeptFocus } from './useKeptFocus.ts';
import { useKeptPlace, useReturn } from './useKeptPlace.ts';
import { useLoading } from './useLoading.ts';
import { useMarkSide } from './useMarkSide.ts';
import { useRowWindow } from './useRowWindow.ts';
import { useTarget } from './useTarget.ts';

/** CSS pixels above the mark "new" when the list opens at it, so that it does not touch the edge. */
const MARK_MARGIN_PX = 12;
const NO_MESSAGES: readonly Message[] = [];

interface Props {
  readonly page: Page;
  readonly shown: Shown;
  readonly peer: Peer;
  readonly now: Millis;
}

export function Conversation({ page, shown, peer, now }: Props) {
  const { dispatch, reading } = useSurroundings();
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuWish | undefined>(undefined);
  const conversation = conversationIn(page);
  const messages = conversation?.messages ?? NO_MESSAGES;
  const today = dayNumber(now);
  const rows = useMemo(() => rowsOf(messages, page.unreadFrom, today), [messages, page.unreadFrom, today]);
  const opening = () => openingPlace(rows, page.unreadFrom, reading.saved);
  const window = useRowWindow({ scroller, rows, opening, hasLater: conversation?.hasLater ?? false });
  const { loadMore, loadAround } = useLoading(page, window.distances);
  const toNewest = () => dispatch({ kind: 'goTo', target: { kind: 'newest' } });
  const marking = useMarkSide(scroller, rows, window.extent);
  useTarget(page, scroller, window.goTo, loadAround);
  useReturn(page, window.place);
  useKeptPlace(scroller, window.place);
  useKeptFocus(scroller);
  useAttention(window.isAtEnd);
  const onScroll = () => {
    window.onScroll();
    marking.look();
    loadMore();
  };
  return (
    <div class="conversation">
      <div
        class="scroller"
        ref={scroller}
        onScroll={onScroll}
        onScrollEnd={window.onRest}
        onKeyDown={messageKeys(scroller, toNewest)}
        role="feed"
        aria-label={t('Messages with {0}', peer.name)}
        aria-busy={page.loading !== undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls by keyboard
        tabIndex={0}
      >
        <Rows
          rows={rows}
          window={window}
          size={sizeOf(conversation)}
          page={page}
          transfers={shown.state.transfers}
          peer={peer}
          now={now}
          openMenu={setMenu}
        />
      </div>
      {menu !== undefined && <MessageMenu wish={menu} onClosed={() => setMenu(undefined)} />}
      <Announcer conversation={conversation} transfers={shown.state.transfers} peer={peer} />
      <EndingAnnouncer transfers={shown.state.transfers} peer={peer} />
      <div class="strip">
        <TypingLine name={peer.name} isTyping={peer.isTyping === true} />
        <Pills
          marking={marking}
          isAtEnd={window.isAtEnd}
          unseen={unseenCount(page)}
          toNewest={toNewest}
          toMark={(row) => window.goTo({ kind: 'row', row, top: MARK_MARGIN_PX })}
          focusList={() => scroller.current?.focus()}
        />
      </div>
    </div>
  );
}

/** What is new comes before what was being read. */
function openingPlace(
  rows: readonly Row[],
  unreadFrom: number | undefined,
  saved: number | undefined,
): Place {
  if (unreadFrom !== undefined)
    return { kind: 'row', row: { key: 'unread', order: unreadFrom }, top: MARK_MARGIN_PX };
  const first = rows[0]?.order ?? 0;
  if (saved === undefined || saved < first) return { kind: 'end' };
  return { kind: 'row', row: { key: `${saved}`, order: saved }, top: 0 };
}

/** How many messages there are, where that is known: -1 says to a screen reader that it is not. */
function sizeOf(conversation: Loaded | undefined): number {
  const isWhole = conversation !== undefined && !conversation.hasEarlier && conversation.hasLater !== true;
  return isWhole ? conversation.messages.length : -1;
}
