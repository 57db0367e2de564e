// Asks for an older page when the top of the list is near.

import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { conversationIn, type Page } from '../model/page.ts';
import { useSurroundings } from './surroundings.ts';

/** CSS pixels from the top at which an older page is asked for. */
const NEAR_TOP_PX = 800;

/** Returns what to call when the list was scrolled. A page that is too short to scroll is followed by the next at once. */
export function useLoadEarlier(scroller: RefObject<HTMLDivElement | null>, page: Page): () => void {
  const { send, dispatch } = useSurroundings();
  const conversation = conversationIn(page);
  const canLoad = conversation?.hasEarlier === true && !page.loadingEarlier && !page.engineAway;
  const load = () => {
    if (!canLoad || !isNearTop(scroller.current)) return;
    dispatch({ kind: 'loadingEarlier' });
    send({ kind: 'loadEarlier' });
  };
  // Only a new page asks again by itself: one that failed is asked for again by scrolling.
  const firstOrder = conversation?.messages[0]?.order;
  useLayoutEffect(load, [firstOrder]);
  return load;
}

function isNearTop(element: HTMLDivElement | null): boolean {
  if (element === null || element.clientHeight === 0) return false;
  return element.scrollHeight - element.clientHeight - Math.abs(element.scrollTop) < NEAR_TOP_PX;
}
