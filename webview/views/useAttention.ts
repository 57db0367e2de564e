// Whether the person sees the newest message now: page visible and focused, list at its end.

import { useEffect, useState } from 'preact/hooks';
import { useSurroundings } from './surroundings.ts';

export function useAttention(isAtEnd: boolean): void {
  const { dispatch } = useSurroundings();
  const isLookedAt = useLookedAt();
  const attentive = isAtEnd && isLookedAt;
  useEffect(() => dispatch({ kind: 'attention', attentive }), [dispatch, attentive]);
}

function useLookedAt(): boolean {
  const [isLookedAt, setLookedAt] = useState(lookedAt);
  useEffect(() => {
    const update = () => setLookedAt(lookedAt());
    window.addEventListener('focus', update);
    window.addEventListener('blur', update);
    document.addEventListener('visibilitychange', update);
    update();
    return () => {
      window.removeEventListener('focus', update);
      window.removeEventListener('blur', update);
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return isLookedAt;
}

function lookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
