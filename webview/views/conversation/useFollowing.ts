// Follows a scroll from frame to frame: Chromium tells of one that it animates (a key that is held, say) a frame late, and by
// then a list that runs fast has nothing drawn where it is.

import { useEffect, useRef } from 'preact/hooks';

/**
 * Returns what to call when the list was scrolled: `look` is called in this frame and in those after it, for as long as it says
 * that the list still moves.
 */
export function useFollowing(look: () => boolean): () => void {
  const latest = useRef(look);
  latest.current = look;
  const frame = useRef<number | undefined>(undefined);
  useEffect(() => () => cancelAnimationFrame(frame.current ?? 0), []);
  return function follow() {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      if (latest.current()) follow();
    });
  };
}
