// Asks for pages of the conversation, one at a time: an older or a newer one when the loaded stretch comes to its end, and the
// one around wherever the list is sent. Two at once could meet in the wrong order and join what does not belong together.

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FromPanel } from '../../../src/contract/panel.ts';
import { conversationIn, type Loading, type Page } from '../../model/pageState.ts';
import type { Target } from '../../model/target.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** CSS pixels from either end of what is loaded at which more is asked for: some turns of the wheel. */
const NEAR_PX = 2_400;

export interface Loader {
  /** To be called when the list was scrolled. A page that is too short to scroll is followed by the next at once. */
  loadMore(): void;
  loadAround(target: Target): void;
}

export function useLoading(
  page: Page,
  distances: () => { readonly above: number; readonly below: number },
): Loader {
  const ask = useAsking(page);
  const conversation = conversationIn(page);
  const loadMore = () => {
    // Whoever is sent away does not need what is next to here.
    if (conversation === undefined || page.target !== undefined) return;
    const { above, below } = distances();
    if (conversation.hasEarlier && above < NEAR_PX) ask('earlier', { kind: 'loadEarlier' });
    else if (conversation.hasLater === true && below < NEAR_PX) ask('later', { kind: 'loadLater' });
  };
  // Only a new page asks again by itself: one that failed is asked for again by scrolling.
  const ends = [conversation?.messages[0]?.order, conversation?.messages.at(-1)?.order];
  useLayoutEffect(loadMore, ends);
  const loadAround = (target: Target) =>
    ask(
      'around',
      target.kind === 'newest' ? { kind: 'loadNewest' } : { kind: 'loadAround', order: target.order },
      target,
    );
  return { loadMore, loadAround };
}

function useAsking(page: Page): (loading: Loading, intent: FromPanel, target?: Target) => void {
  const { send, dispatch } = useSurroundings();
  const isAsking = useRef(false);
  isAsking.current = page.loading !== undefined;
  return (loading, intent, target) => {
    if (isAsking.current || page.engineAway) return;
    // At once: the page says so only when it is drawn next.
    isAsking.current = true;
    dispatch({ kind: 'loading', loading, ...(target === undefined ? {} : { target }) });
    send(intent);
  };
}
