// Asks for an older or a newer page when the loaded one comes to its end.

import { useLayoutEffect } from 'preact/hooks';
import { conversationIn, type Page } from '../model/pageState.ts';
import { useSurroundings } from './surroundings.ts';

/** CSS pixels from either end of what is loaded at which more is asked for: some turns of the wheel. */
const NEAR_PX = 2_400;

/** Returns what to call when the list was scrolled. A page that is too short to scroll is followed by the next at once. */
export function useLoading(
  page: Page,
  distances: () => { readonly above: number; readonly below: number },
): () => void {
  const { send, dispatch } = useSurroundings();
  const conversation = conversationIn(page);
  const load = () => {
    if (conversation === undefined || page.loading !== undefined || page.engineAway) return;
    const { above, below } = distances();
    if (conversation.hasEarlier && above < NEAR_PX) {
      dispatch({ kind: 'loading', loading: 'earlier' });
      send({ kind: 'loadEarlier' });
    } else if (conversation.hasLater === true && below < NEAR_PX) {
      dispatch({ kind: 'loading', loading: 'later' });
      send({ kind: 'loadLater' });
    }
  };
  // Only a new page asks again by itself: one that failed is asked for again by scrolling.
  const ends = [conversation?.messages[0]?.order, conversation?.messages.at(-1)?.order];
  useLayoutEffect(load, ends);
  return load;
}
