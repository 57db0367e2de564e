// Sends the list to where the page wants it, and asks for that part of the conversation where it is not loaded.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { conversationIn, type Page } from '../../model/pageState.ts';
import type { Place } from '../../model/rowWindow.ts';
import { isLoaded, type Target } from '../../model/target.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** As a share of the list's height: somebody who is sent to a message wants to see what was said before it. */
const TARGET_PLACE = 0.3;
/** How long the message that was gone to stands out. */
const FOUND_MS = 2_500;

export function useTarget(
  page: Page,
  scroller: RefObject<HTMLDivElement | null>,
  goTo: (place: Place) => void,
  loadAround: (target: Target) => void,
): void {
  const { dispatch } = useSurroundings();
  const { target, loading, engineAway, found } = page;
  const conversation = conversationIn(page);
  useLayoutEffect(() => {
    if (target === undefined || conversation === undefined) return;
    if (isLoaded(target, conversation)) {
      goTo(placeOf(target, scroller.current?.clientHeight ?? 0));
      dispatch({ kind: 'arrived' });
    } else loadAround(target);
  }, [target, conversation, loading, engineAway]);
  useEffect(() => {
    if (found === undefined) return;
    const timer = setTimeout(() => dispatch({ kind: 'foundLongEnough' }), FOUND_MS);
    return () => clearTimeout(timer);
  }, [found]);
}

function placeOf(target: Target, height: number): Place {
  if (target.kind === 'newest') return { kind: 'end' };
  const row = { key: `${target.order}`, order: target.order };
  return { kind: 'row', row, top: target.isSought ? height * TARGET_PLACE : 0 };
}
