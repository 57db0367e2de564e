// Keeps the focus in the page when what has it goes: a row that the list was scrolled far away from, a button that was pressed.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** It stays with the message whose button has gone; else in the list; else it goes to where one writes. */
export function useKeptFocus(scroller: RefObject<HTMLDivElement | null>): void {
  const last = useRef<Focused | undefined>(undefined);
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent) => {
      const element = target as Element;
      const isInList = scroller.current?.contains(element) ?? false;
      last.current = { element, message: element.closest('article'), isInList };
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  useLayoutEffect(() => {
    if (last.current === undefined || !isLost(last.current.element)) return;
    const { message, isInList } = last.current;
    const place = isInList ? message : document.querySelector('textarea');
    (place?.isConnected ? place : scroller.current)?.focus({ preventScroll: true });
  });
}

interface Focused {
  readonly element: Element;
  /** That it belongs to, or is. */
  readonly message: HTMLElement | null;
  readonly isInList: boolean;
}

/** Never into a page that does not have it, nor away from where somebody has clicked. */
function isLost(element: Element): boolean {
  const isGone = !element.isConnected || element.matches(':disabled');
  return isGone && document.activeElement === document.body && document.hasFocus();
}
