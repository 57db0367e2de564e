// Where the list of messages stands: at the first new message on opening, at its end after the person has sent something,
// and otherwise where the person left it.

import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../../src/contract/message.ts';

/** CSS pixels from the end that still count as being there. */
const AT_END_PX = 24;
/** CSS pixels above the mark "new" when the list opens at it. */
const MARK_MARGIN_PX = 12;

type Scroller = RefObject<HTMLDivElement | null>;

export interface Scrolling {
  readonly isAtEnd: boolean;
  toEnd(): void;
  /** To be called when the list was scrolled. */
  noteEnd(): void;
}

/** `preparing`: how many files of the person are on their way to be messages. */
export function useScrolling(scroller: Scroller, messages: readonly Message[], preparing: number): Scrolling {
  const [isAtEnd, setAtEnd] = useState(false);
  const toEnd = useCallback(() => scroller.current?.scrollTo({ top: 0 }), []);
  const noteEnd = useCallback(() => setAtEnd(isNearEnd(scroller.current)), []);
  useOpening(scroller, messages, noteEnd);
  useOwnMessages(messages, preparing, toEnd);
  return { isAtEnd, toEnd, noteEnd };
}

/** Scroll positions count down from 0 at the end. */
function isNearEnd(element: HTMLDivElement | null): boolean {
  return element === null || Math.abs(element.scrollTop) < AT_END_PX;
}

/** Opens at the first new message when it would be out of sight above. */
function useOpening(scroller: Scroller, messages: readonly Message[], noteEnd: () => void): void {
  const isOpened = useRef(false);
  useLayoutEffect(() => {
    if (!isOpened.current && messages.length > 0) {
      isOpened.current = true;
      showMark(scroller.current);
    }
    noteEnd(); // Now, not with the scroll event: until then new messages would pass for seen.
  }, [messages]);
}

function showMark(scroller: HTMLDivElement | null): void {
  const mark = scroller?.querySelector('.unread');
  if (!scroller || !mark) return;
  // Not scrollIntoView: it would also move what the editor has put around the page.
  const above = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - MARK_MARGIN_PX;
  if (above < 0) scroller.scrollTop += above;
}

/** Who sends wants to see it. */
function useOwnMessages(messages: readonly Message[], preparing: number, toEnd: () => void): void {
  const last = messages.at(-1);
  const lastOwn = last?.from === 'me' ? last.order : undefined;
  const isLoaded = useRef(false);
  useLayoutEffect(() => {
    if (isLoaded.current && (lastOwn !== undefined || preparing > 0)) toEnd();
    isLoaded.current = messages.length > 0;
  }, [lastOwn, preparing, toEnd]);
}
