// On which side of what is in sight the mark before new messages stands.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../model/rows.ts';
import type { Extent } from '../../model/rowWindow.ts';

export type Side = 'above' | 'inSight' | 'below';

export interface MarkSide {
  /** Undefined where there is no mark. */
  readonly mark: Row | undefined;
  readonly side: Side;
  /** It was in sight since it was set: nobody needs to be sent there any more. */
  readonly isSeen: boolean;
  /** To be called when the list was scrolled. */
  look(): void;
}

export function useMarkSide(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  extent: Extent,
): MarkSide {
  const [side, setSide] = useState<Side>('inSight');
  const seen = useRef<number | undefined>(undefined);
  const at = rows.findIndex(({ kind }) => kind === 'unread');
  const mark = rows[at];
  const look = () => {
    if (mark === undefined || scroller.current === null) return;
    const next = at < extent.first ? 'above' : at >= extent.end ? 'below' : sideOf(scroller.current);
    if (next === 'inSight') seen.current = mark.order;
    setSide(next);
  };
  useLayoutEffect(look);
  return { mark, side, isSeen: seen.current === mark?.order, look };
}

function sideOf(scroller: HTMLElement): Side {
  const mark = scroller.querySelector('.unread')?.getBoundingClientRect();
  const edge = scroller.getBoundingClientRect();
  if (mark === undefined || (mark.bottom > edge.top && mark.top < edge.bottom)) return 'inSight';
  return mark.top >= edge.bottom ? 'below' : 'above';
}
