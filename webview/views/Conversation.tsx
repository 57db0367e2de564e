// The messages, oldest on top. The scroller is laid out from its end (styles/conversation.css): it stays at the newest
// message while it is there, and older pages come in above without moving what is read.

import { useMemo, useRef } from 'preact/hooks';
import type { Millis } from '../../src/base/clock.ts';
import type { Message } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import { conversationIn, type Page, type Shown, unseenCount } from '../model/page.ts';
import { rowsOf } from '../model/rows.ts';
import { EmptyConversation } from './EmptyConversation.tsx';
import { JumpPill } from './JumpPill.tsx';
import { PreparingCard } from './PreparingCard.tsx';
import { rowView } from './rowView.tsx';
import { useSurroundings } from './surroundings.ts';
import { useAttention } from './useAttention.ts';
import { useLiveliness } from './useLiveliness.ts';
import { useLoadEarlier } from './useLoadEarlier.ts';
import { useScrolling } from './useScrolling.ts';

/** From here on the browser lays out only the rows in sight; below it the exact height of all is worth more. */
const MANY_ROWS = 200;
const NO_MESSAGES: readonly Message[] = [];

interface Props {
  readonly page: Page;
  readonly shown: Shown;
  readonly peer: Peer;
  readonly now: Millis;
}

export function Conversation({ page, shown, peer, now }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const messages = conversationIn(page)?.messages ?? NO_MESSAGES;
  const { isAtEnd, toEnd, noteEnd } = useScrolling(scroller, messages, page.preparing.length);
  const loadEarlier = useLoadEarlier(scroller, page);
  useAttention(isAtEnd);
  const onScroll = () => {
    noteEnd();
    loadEarlier();
  };
  // The pill goes with the jump, and the focus must not go with it.
  const jump = () => {
    scroller.current?.focus();
    toEnd();
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
        <Rows page={page} shown={shown} peer={peer} now={now} />
      </div>
      {!isAtEnd && <JumpPill unseen={unseenCount(page)} onPress={jump} />}
    </div>
  );
}

function Rows({ page, shown, peer, now }: Props) {
  const { format } = useSurroundings();
  const conversation = conversationIn(page);
  const messages = conversation?.messages ?? NO_MESSAGES;
  const rows = useMemo(() => rowsOf(messages, page.unreadFrom), [messages, page.unreadFrom]);
  const dayWords = (at: Millis) => format.day(at, now);
  const setting = { transfers: shown.state.transfers, peer, dayWords };
  const isEmpty = conversation?.messages.length === 0 && page.preparing.length === 0;
  return (
    <div class={`rows${rows.length > MANY_ROWS ? ' many' : ''}`}>
      {isEmpty && <EmptyConversation peer={peer} />}
      {rows.map((row) => rowView(row, setting))}
      {page.preparing.map((item) => (
        <PreparingCard key={`preparing ${item.key}`} item={item} />
      ))}
    </div>
  );
}
