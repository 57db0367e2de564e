// Follows a scroll from frame to frame: Chromium tells of one that it animates (a key that is held, say) a frame late, and by
// then a list that runs fast has nothing drawn where it is.

import { useEffect, useRef } from 'preact/hooks';

/**
 * Returns what to call when the list was scrolled: `look` is called again in this frame and in those after it, for as long as
 * the list `isAhead` of where it was looked at last.
 */
export function useFollowing(isAhead: () => boolean, look: () => void): () => void {
  const latest = useRef({ isAhead, look });
  latest.current = { isAhead, look };
  const frame = useRef<number | undefined>(undefined);
  useEffect(() => () => cancelAnimationFrame(frame.current ?? 0), []);
  return function follow() {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      if (!latest.current.isAhead()) return;
      latest.current.look();
      follow();
    });
  };
}
