// Keeps where the conversation is read for the page's next life: the editor lets go of a page that is not in sight.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { conversationIn, type Page } from '../../model/pageState.ts';
import type { Place } from '../../model/rowWindow.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** Kept when the list has come to rest: the editor may let go of the page at any later moment, without a word. */
export function useKeptPlace(scroller: RefObject<HTMLDivElement | null>, placeNow: () => Place): void {
  const { reading } = useSurroundings();
  const latest = useRef(placeNow);
  latest.current = placeNow;
  useEffect(() => {
    const list = scroller.current;
    const onRest = () => reading.keep(orderOf(latest.current()));
    list?.addEventListener('scrollend', onRest);
    return () => list?.removeEventListener('scrollend', onRest);
  }, [reading]);
}

/**
 * Goes back to what was read where that is not among the newest messages: in a new page that the last one left there, unless
 * something is new, and in one that was shown everything again after the engine has moved.
 */
export function useReturn(page: Page, placeNow: () => Place): void {
  const { reading, dispatch } = useSurroundings();
  const returned = useRef(0);
  const first = conversationIn(page)?.messages[0]?.order;
  useLayoutEffect(() => {
    if (returned.current === page.showings || first === undefined) return;
    const read = returned.current === 0 ? firstPlace(page, reading.saved) : orderOf(placeNow());
    returned.current = page.showings;
    if (read !== undefined && read < first)
      dispatch({ kind: 'goTo', target: { kind: 'message', order: read, isSought: false } });
  }, [page.showings, first]);
}

function firstPlace({ unreadFrom }: Page, saved: number | undefined): number | undefined {
  return unreadFrom === undefined ? saved : undefined;
}

function orderOf(place: Place): number | undefined {
  return place.kind === 'end' ? undefined : place.row.order;
}
