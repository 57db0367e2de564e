// Where the list of messages stands: on opening at the first new message, else where it was read before; at its end after the
// person has sent something; and otherwise where the person left it.

import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../../src/contract/message.ts';
import { type Reading, useSurroundings } from './surroundings.ts';

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
  const { reading } = useSurroundings();
  useOpening(scroller, messages, reading.saved, noteEnd);
  useKeptPlace(scroller, reading);
  useOwnMessages(messages, preparing, toEnd);
  return { isAtEnd, toEnd, noteEnd };
}

/** Scroll positions count down from 0 at the end. */
function isNearEnd(element: HTMLDivElement | null): boolean {
  return element === null || Math.abs(element.scrollTop) < AT_END_PX;
}

function useOpening(
  scroller: Scroller,
  messages: readonly Message[],
  saved: number | undefined,
  noteEnd: () => void,
): void {
  const isOpened = useRef(false);
  useLayoutEffect(() => {
    if (!isOpened.current && messages.length > 0) {
      isOpened.current = true;
      openAt(scroller.current, saved);
    }
    noteEnd(); // Now, not with the scroll event: until then new messages would pass for seen.
  }, [messages]);
}

/** What is new comes before what was being read. A message that is not loaded any more leaves the list at its end. */
function openAt(scroller: HTMLDivElement | null, saved: number | undefined): void {
  const mark = scroller?.querySelector('.unread') ?? scroller?.querySelector(`[data-order="${saved}"]`);
  if (!scroller || !mark) return;
  // Not scrollIntoView: it would also move what the editor has put around the page.
  const above = topIn(scroller, mark) - MARK_MARGIN_PX;
  if (above < 0) scroller.scrollTop += above;
}

/** Kept when the list has come to rest: the editor may let go of the page at any later moment, without a word. */
function useKeptPlace(scroller: Scroller, { keep }: Reading): void {
  useEffect(() => {
    const element = scroller.current;
    const onRest = () => keep(isNearEnd(element) ? undefined : orderAtTop(element));
    element?.addEventListener('scrollend', onRest);
    return () => element?.removeEventListener('scrollend', onRest);
  }, [keep]);
}

function orderAtTop(scroller: HTMLDivElement | null): number | undefined {
  const rows = scroller?.querySelectorAll<HTMLElement>('[data-order]') ?? [];
  const first = Array.from(rows).find((row) => scroller && topIn(scroller, row) >= 0);
  return first === undefined ? undefined : Number(first.dataset.order);
}

/** CSS pixels from the upper edge of the list. */
function topIn(scroller: HTMLDivElement, row: Element): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
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
