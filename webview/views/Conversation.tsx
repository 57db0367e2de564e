// The messages, oldest on top. The scroller is laid out from its end (styles/conversation.css): it stays at the newest
// message while it is there, and older pages come in above without moving what is read.

import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Message } from '../../src/contract/message.ts';
import { messageState } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import { conversationIn, type Page, type Shown, unseenCount } from '../model/page.ts';
import { type Row, rowsOf } from '../model/rows.ts';
import { EmptyConversation } from './EmptyConversation.tsx';
import { JumpPill } from './JumpPill.tsx';
import { MessageRow } from './MessageRow.tsx';
import { PreparingCard } from './PreparingCard.tsx';
import { useSurroundings } from './surroundings.ts';
import { useAttention } from './useAttention.ts';

/** CSS pixels from the end that still count as being there. */
const AT_END_PX = 24;
/** CSS pixels from the top at which an older page is asked for. */
const LOAD_EARLIER_PX = 800;
/** From here on the browser lays out only the rows in sight; below it the exact height of all is worth more. */
const MANY_ROWS = 200;
const NO_MESSAGES: readonly Message[] = [];

interface Props {
  readonly page: Page;
  readonly shown: Shown;
  readonly peer: Peer;
  readonly now: number;
}

export function Conversation({ page, shown, peer, now }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(false);
  const messages = conversationIn(page)?.messages ?? NO_MESSAGES;
  const rows = useMemo(() => rowsOf(messages, page.unreadFrom), [messages, page.unreadFrom]);
  const isEmpty = messages.length === 0 && page.preparing.length === 0;
  const toEnd = useCallback(() => scroller.current?.scrollTo({ top: 0 }), []);
  const loadEarlier = useLoadEarlier(scroller, page);
  useAttention(isAtEnd);
  const noteEnd = useCallback(() => setAtEnd(isNearEnd(scroller.current)), []);
  useOpening(scroller, messages, noteEnd);
  useOwnMessages(messages, page.preparing.length, toEnd);
  const onScroll = () => {
    noteEnd();
    loadEarlier();
  };
  return (
    <div class="conversation">
      <div
        class="scroller"
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-label={`Messages with ${peer.name}`}
        aria-live={useLiveliness(messages)}
        aria-busy={page.loadingEarlier}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls by keyboard
        tabIndex={0}
      >
        <div class={`rows${rows.length > MANY_ROWS ? ' many' : ''}`}>
          {isEmpty && conversationIn(page) !== undefined && <EmptyConversation peer={peer} />}
          {rows.map((row) => (
            <RowView key={row.key} row={row} shown={shown} peer={peer} now={now} />
          ))}
          {page.preparing.map((item) => (
            <PreparingCard key={`preparing ${item.key}`} item={item} />
          ))}
        </div>
      </div>
      {!isAtEnd && <JumpPill unseen={unseenCount(page)} onPress={toEnd} />}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly shown: Shown;
  readonly peer: Peer;
  readonly now: number;
}

/** Hands a message row only values that change when it does, so that an event redraws the rows it is about. */
function RowView({ row, shown, peer, now }: RowProps) {
  const { format } = useSurroundings();
  if (row.kind === 'day')
    return (
      <h2 class="day">
        <span>{format.day(row.at, now)}</span>
      </h2>
    );
  if (row.kind === 'unread')
    return (
      <h2 class="day unread">
        <span>New</span>
      </h2>
    );
  const { message, startsGroup, endsGroup } = row;
  const { body, from, number } = message;
  const isTransfer = body.kind === 'transfer';
  return (
    <MessageRow
      message={message}
      startsGroup={startsGroup}
      endsGroup={endsGroup}
      name={peer.name}
      receipt={from === 'me' ? messageState(number, peer.receipts) : undefined}
      transfer={isTransfer ? shown.state.transfers[body.transferId] : undefined}
      link={isTransfer ? peer.link : undefined}
    />
  );
}

/** Asks for an older page when the top is near; also right after a page that was too short to scroll. */
function useLoadEarlier(scroller: RefObject<HTMLDivElement | null>, page: Page): () => void {
  const { send, dispatch } = useSurroundings();
  const conversation = conversationIn(page);
  const canLoad = conversation?.hasEarlier === true && !page.loadingEarlier && !page.engineAway;
  const load = () => {
    if (!canLoad || !isNearTop(scroller.current)) return;
    dispatch({ kind: 'loadingEarlier' });
    send({ kind: 'loadEarlier' });
  };
  // Only a new page asks again by itself: a page that failed is asked for again by scrolling.
  const firstOrder = conversation?.messages[0]?.order;
  useLayoutEffect(load, [firstOrder]);
  return load;
}

/** Scroll positions count down from 0 at the end. */
function isNearEnd(element: HTMLDivElement | null): boolean {
  return element === null || Math.abs(element.scrollTop) < AT_END_PX;
}

function isNearTop(element: HTMLDivElement | null): boolean {
  if (element === null || element.clientHeight === 0) return false;
  return element.scrollHeight - element.clientHeight - Math.abs(element.scrollTop) < LOAD_EARLIER_PX;
}

/** Opens at the first new message when it would be out of sight above. */
function useOpening(
  scroller: RefObject<HTMLDivElement | null>,
  messages: readonly Message[],
  onMoved: () => void,
): void {
  const isOpened = useRef(false);
  useLayoutEffect(() => {
    if (!isOpened.current && messages.length > 0) {
      isOpened.current = true;
      showMark(scroller.current);
    }
    onMoved(); // Now, not with the scroll event: until then new messages would pass for seen.
  }, [messages]);
}

function showMark(scroller: HTMLDivElement | null): void {
  const mark = scroller?.querySelector('.unread');
  if (!scroller || !mark) return;
  if (mark.getBoundingClientRect().top < scroller.getBoundingClientRect().top) mark.scrollIntoView();
}

/** Who sends wants to see it. */
function useOwnMessages(messages: readonly Message[], preparing: number, toEnd: () => void): void {
  const last = messages.at(-1);
  const lastOwn = last?.from === 'me' ? last.order : undefined;
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current && (lastOwn !== undefined || preparing > 0)) toEnd();
    isFirst.current = messages.length === 0;
  }, [lastOwn, preparing, toEnd]);
}

/** New messages are read out, pages of old ones are not. */
function useLiveliness(messages: readonly Message[]): 'polite' | 'off' {
  const firstOrder = messages[0]?.order;
  const [settled, setSettled] = useState(firstOrder);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setSettled(firstOrder));
    return () => cancelAnimationFrame(frame);
  }, [firstOrder]);
  return settled === firstOrder ? 'polite' : 'off';
}
