// Keeps the focus in the list when the row that has it is let go because the list was scrolled far away from it.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export function useKeptFocus(scroller: RefObject<HTMLDivElement | null>): void {
  const isInside = useRef(false);
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent) => {
      isInside.current = scroller.current?.contains(target as Node) ?? false;
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  useLayoutEffect(() => {
    // Never into a page that does not have it.
    const isLost = isInside.current && document.activeElement === document.body && document.hasFocus();
    if (isLost) scroller.current?.focus({ preventScroll: true });
  });
}
