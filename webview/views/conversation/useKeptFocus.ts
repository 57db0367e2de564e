// Keeps the focus in the page when what has it goes: a row that the list was scrolled far away from, a button that was pressed.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** In the list it stays there; else it goes to where one writes. */
export function useKeptFocus(scroller: RefObject<HTMLDivElement | null>): void {
  const last = useRef<{ readonly element: Element; readonly isInList: boolean } | undefined>(undefined);
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent) => {
      const element = target as Element;
      last.current = { element, isInList: scroller.current?.contains(element) ?? false };
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  useLayoutEffect(() => {
    if (last.current === undefined || !isLost(last.current.element)) return;
    const field = last.current.isInList ? null : document.querySelector('textarea');
    (field ?? scroller.current)?.focus({ preventScroll: true });
  });
}

/** Never into a page that does not have it, nor away from where somebody has clicked. */
function isLost(element: Element): boolean {
  const isGone = !element.isConnected || element.matches(':disabled');
  return isGone && document.activeElement === document.body && document.hasFocus();
}
