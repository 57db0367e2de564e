// The list's window on its rows: draws those around what is in sight, takes their true heights, and holds the place that is
// read while anything around it changes.
//
// The browser breaks a smooth scroll off where the list is resized or moved meanwhile. So the list has a height of its own
// (styles/conversation.css) that stays while it is scrolled, and the rows that are drawn hang in it from the end; what their
// true heights change is made up for in the room below them, and put right when the list has come to rest.

import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { estimatedHeight } from '../../model/rowHeight.ts';
import type { Row } from '../../model/rows.ts';
import {
  covers,
  type Extent,
  extentOf,
  type Hanging,
  hangingOf,
  type Layout,
  layoutOf,
  type Moving,
  type Place,
  viewAt,
} from '../../model/rowWindow.ts';
import { isNearEnd, measureCells, movedBy, placeOf, upperEnd } from './scrollPlace.ts';
import { useFollowing } from './useFollowing.ts';

export interface RowWindow {
  readonly extent: Extent;
  readonly hanging: Hanging;
  readonly isAtEnd: boolean;
  /** CSS pixels of loaded rows above and below what is in sight. */
  distances(): { readonly above: number; readonly below: number };
  /** To be called when the list was scrolled. */
  onScroll(): void;
  /** To be called when it has come to rest. */
  onRest(): void;
  goTo(place: Place): void;
  place(): Place;
}

interface Options {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rows: readonly Row[];
  /** Where the list opens, asked once: when there are rows. */
  readonly opening: () => Place;
  /** The last row is not the newest one: whoever is there does not stay at the end. */
  readonly hasLater: boolean;
}

const END: Place = { kind: 'end' };

export function useRowWindow({ scroller, rows, opening, hasLater }: Options): RowWindow {
  const heights = useRef(new Map<string, number>()).current;
  const place = useRef<Place | undefined>(undefined);
  const moving = useRef<Moving | undefined>(undefined);
  const scrolledTo = useRef(0);
  const shownLast = useRef<string | undefined>(undefined);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [isAtEnd, setAtEnd] = useState(false);
  if (place.current === undefined && rows.length > 0) place.current = opening();
  if (place.current?.kind === 'end' && hasLater) place.current = middleOf(rows);

  const placeNow = () => place.current ?? END;
  const layoutNow = () => laidOut(rows, heights, scroller.current);
  const viewIn = (layout: Layout) =>
    viewAt(placeNow(), rows, layout, scroller.current?.clientHeight || window.innerHeight);
  const layout = layoutNow();
  const extent = extentOf(layout, viewIn(layout));
  const hanging = hangingOf(layout, extent, moving.current);
  if (moving.current !== undefined) moving.current = { ...moving.current, height: hanging.height };

  const look = () => {
    const atEnd = !hasLater && isNearEnd(scroller.current);
    if (atEnd) place.current = END;
    setAtEnd(atEnd);
    const next = layoutNow();
    const isTall = moving.current === undefined && Math.abs(next.total - hanging.height) >= 1;
    if (isTall || !covers(extent, next, viewIn(next))) redraw(undefined);
  };
  const hold = (list: HTMLElement) => {
    // A scroll that goes on has come further than its last event said. A list that has become shorter was not scrolled.
    const scrolled = list.scrollTop - Math.max(scrolledTo.current, upperEnd(list));
    scrolledTo.current = list.scrollTop;
    const to = placeAfter(placeNow(), scrolled);
    if (to === undefined) return;
    const isNew = shownLast.current !== rows.at(-1)?.key;
    shownLast.current = rows.at(-1)?.key;
    // Whoever has scrolled a little up from the end stays there until something is new.
    if (to.kind === 'end' && !isNew && isNearEnd(list)) return;
    place.current = to;
    const moved = movedBy(list, to);
    if (moved === 0) return;
    const { current } = moving;
    if (current === undefined || extent.end === rows.length || hanging.below + moved < 0) {
      list.scrollTop += moved;
      scrolledTo.current = list.scrollTop;
      return;
    }
    moving.current = { ...current, shift: current.shift + moved };
    redraw(undefined);
  };
  const settle = () => {
    const list = scroller.current;
    if (list === null || list.clientHeight === 0) return;
    measureCells(list, heights);
    hold(list);
    look();
  };
  const lookAgain = () => {
    if (scroller.current === null) return;
    scrolledTo.current = scroller.current.scrollTop;
    moving.current ??= { height: hanging.height, shift: 0 };
    place.current = placeOf(scroller.current, rows, layout, moving.current.shift);
    look();
  };
  const follow = useFollowing(() => {
    const isMoving = moving.current !== undefined && scroller.current !== null;
    if (isMoving && scroller.current?.scrollTop !== scrolledTo.current) lookAgain();
    return isMoving;
  });
  const onScroll = () => {
    lookAgain();
    follow();
  };
  const onRest = () => {
    moving.current = undefined;
    redraw(undefined);
  };
  useLayoutEffect(settle);
  useLayoutEffect(() => forgetGone(heights, rows), [rows]);
  useResizes(scroller, heights, settle);
  const goTo = useCallback((to: Place) => {
    place.current = to;
    shownLast.current = undefined;
    moving.current = undefined;
    redraw(undefined);
  }, []);
  const distances = () => {
    const { top, bottom } = viewIn(layout);
    return { above: top, below: layout.total - bottom };
  };
  return { extent, hanging, isAtEnd, distances, onScroll, onRest, goTo, place: placeNow };
}

/** Another stretch has taken the place of the newest messages: its end is none, and would draw one page after the other. */
function middleOf(rows: readonly Row[]): Place | undefined {
  const row = rows[rows.length >> 1];
  return row && { kind: 'row', row, top: 0 };
}

/** Undefined where the end is being left: the list's next event says where to. */
function placeAfter(place: Place, scrolled: number): Place | undefined {
  if (place.kind === 'row') return { ...place, top: place.top - scrolled };
  return scrolled === 0 ? place : undefined;
}

function laidOut(
  rows: readonly Row[],
  heights: ReadonlyMap<string, number>,
  list: HTMLElement | null,
): Layout {
  const width = list?.clientWidth || window.innerWidth;
  return layoutOf(rows, (row) => heights.get(row.key) ?? estimatedHeight(row, width));
}

/** The heights of rows that were let go: a bound on what a long journey through the past leaves in memory. */
function forgetGone(heights: Map<string, number>, rows: readonly Row[]): void {
  if (heights.size <= 2 * rows.length) return;
  const kept = new Set(rows.map(({ key }) => key));
  for (const key of heights.keys()) if (!kept.has(key)) heights.delete(key);
}

/** Another width is another height for all; a row's own change (a picture's card, the editor's font) is one like any other. */
function useResizes(
  scroller: RefObject<HTMLDivElement | null>,
  heights: Map<string, number>,
  settle: () => void,
): void {
  const latest = useRef(settle);
  latest.current = settle;
  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    let width = list.clientWidth;
    const observer = new ResizeObserver(() => {
      if (list.clientWidth !== width) heights.clear();
      width = list.clientWidth;
      latest.current();
    });
    observer.observe(list);
    for (const drawn of list.querySelectorAll('.drawn')) observer.observe(drawn);
    return () => observer.disconnect();
  }, [heights]);
}
