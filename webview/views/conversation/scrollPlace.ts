// Between the rows that are drawn and where the list stands. Scroll positions count down from 0 at the end.

import type { Row, RowName } from '../../model/rows.ts';
import { type Layout, type Place, rowAt } from '../../model/rowWindow.ts';

/** CSS pixels from the end that still count as being there. */
const AT_END_PX = 24;
/** Less than this is rounding. CSS pixels. */
const ROUNDING_PX = 0.5;

export function isNearEnd(scroller: HTMLElement | null): boolean {
  return scroller === null || Math.abs(scroller.scrollTop) < AT_END_PX;
}

/** The scroll position that shows the upper end of the list. */
export function upperEnd({ clientHeight, scrollHeight }: HTMLElement): number {
  return clientHeight - scrollHeight;
}

/** The drawn rows, each in a cell that takes its margins in. */
export function cellsIn(scroller: HTMLElement): HTMLElement[] {
  return Array.from(scroller.querySelectorAll<HTMLElement>('.cell'));
}

export function measureCells(scroller: HTMLElement, heights: Map<string, number>): void {
  for (const cell of cellsIn(scroller))
    heights.set(cell.dataset.key ?? '', cell.getBoundingClientRect().height);
}

/** How far what is at its place has gone down from there; 0 where that is not drawn. */
export function movedBy(scroller: HTMLElement, place: Place): number {
  if (place.kind === 'end') return -scroller.scrollTop;
  const cell = cellOf(scroller, place.row);
  const moved = cell === undefined ? 0 : topIn(scroller, cell) - place.top;
  return Math.abs(moved) >= ROUNDING_PX ? moved : 0;
}

/** A mark may have gone elsewhere: then what it stood before is held. */
function cellOf(scroller: HTMLElement, { key, order }: RowName): HTMLElement | undefined {
  const cells = cellsIn(scroller).filter(({ dataset }) => Number(dataset.at) === order);
  return cells.find(({ dataset }) => dataset.key === key) ?? cells[0];
}

/** The first row that is in sight; where none is drawn there, the one that will be. `shift`: see Moving. */
export function placeOf(scroller: HTMLElement, rows: readonly Row[], layout: Layout, shift: number): Place {
  const drawn = drawnPlace(scroller);
  if (drawn !== undefined) return drawn;
  const y = layout.total + scroller.scrollTop - scroller.clientHeight + shift;
  const at = rowAt(layout, y);
  const row = rows[at];
  if (row === undefined) return { kind: 'end' };
  return { kind: 'row', row: { key: row.key, order: row.order }, top: (layout.tops[at] ?? 0) - y };
}

function drawnPlace(scroller: HTMLElement): Place | undefined {
  const edge = scroller.getBoundingClientRect();
  for (const cell of cellsIn(scroller)) {
    const { top, bottom } = cell.getBoundingClientRect();
    if (bottom <= edge.top) continue;
    if (top >= edge.bottom) return undefined;
    const row = { key: cell.dataset.key ?? '', order: Number(cell.dataset.at) };
    return { kind: 'row', row, top: top - edge.top };
  }
  return undefined;
}

/** CSS pixels from the upper edge of the list. */
function topIn(scroller: HTMLElement, element: Element): number {
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
