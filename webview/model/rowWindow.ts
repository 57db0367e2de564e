// Which of the loaded rows are drawn: those in sight and a screen or two around them. The others are room only, as high as they
// were when they were drawn last or as they will probably be. All lengths in CSS pixels.

import { type Row, type RowName, rowIndexOf } from './rows.ts';

/** Where each row begins, from the top of the first one. */
export interface Layout {
  readonly tops: readonly number[];
  readonly total: number;
}

/** A stretch of the list by length. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** A stretch of the list by rows: from `first` up to, and without, `end`. */
export interface Extent {
  readonly first: number;
  readonly end: number;
}

/** What the list holds still while rows come, go and take their true heights. */
export type Place =
  | { readonly kind: 'end' }
  /** `top`: how far below the upper edge of the list the row begins. */
  | { readonly kind: 'row'; readonly row: RowName; readonly top: number };

/** Where the drawn rows hang in the list, and how high it is. */
export interface Hanging {
  readonly height: number;
  /** The room below the drawn rows. */
  readonly below: number;
}

/** What is kept while the list is scrolled. */
export interface Moving {
  /** The list's height. */
  readonly height: number;
  /** What the room below differs by from what the rows that are not drawn there will take. */
  readonly shift: number;
}

/** Of the list's own height, drawn on each side of what is in sight, so that a turn of the wheel finds rows there. */
const DRAWN_AROUND = 1.5;
/** Of the list's own height: with less than this drawn on one side, more is drawn. */
const DRAWN_AT_LEAST = 0.5;
/** A list that is not laid out yet, or is hidden. */
const LEAST_HEIGHT = 400;

export function layoutOf(rows: readonly Row[], heightOf: (row: Row) => number): Layout {
  let total = 0;
  const tops = rows.map((row) => {
    const top = total;
    total += heightOf(row);
    return top;
  });
  return { tops, total };
}

/** What is in sight of a list of this height. */
export function viewAt(place: Place, rows: readonly Row[], { tops, total }: Layout, height: number): Span {
  const top =
    place.kind === 'end' ? total - height : (tops[rowIndexOf(rows, place.row)] ?? total) - place.top;
  return { top, bottom: top + height };
}

/** The rows to draw. */
export function extentOf(layout: Layout, view: Span): Extent {
  const around = DRAWN_AROUND * Math.max(LEAST_HEIGHT, view.bottom - view.top);
  if (layout.tops.length === 0) return { first: 0, end: 0 };
  const bottom = Math.max(view.bottom, 0) + around;
  return {
    first: rowAt(layout, Math.min(view.top, layout.total) - around),
    end: rowAt(layout, bottom) + 1,
  };
}

/** At rest the list is as high as its rows; while it moves it stays as it is, unless there is no room left above. */
export function hangingOf({ tops, total }: Layout, extent: Extent, moving: Moving | undefined): Hanging {
  const above = tops[extent.first] ?? 0;
  const end = tops[extent.end] ?? total;
  if (moving === undefined) return { height: total, below: total - end };
  const below = end === total ? 0 : Math.max(0, total - end + moving.shift);
  const needed = end - above + below;
  const least = needed + Math.min(above, LEAST_HEIGHT);
  return { height: moving.height >= least ? moving.height : needed + above, below };
}

/** Whether enough is drawn around what is in sight. */
export function covers({ first, end }: Extent, { tops, total }: Layout, view: Span): boolean {
  const least = DRAWN_AT_LEAST * (view.bottom - view.top);
  const top = tops[first] ?? 0;
  const bottom = tops[end] ?? total;
  return top <= Math.max(0, view.top - least) && bottom >= Math.min(total, view.bottom + least);
}

/** The row at this height; the first above all, the last below all. -1 where there are no rows. */
export function rowAt({ tops }: Layout, y: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return high;
}
