// Tells the page where the newest message is: out of sight, in sight, or in sight of a page that has the focus.

import { useEffect, useState } from 'preact/hooks';
import type { Attention } from '../../model/pageState.ts';
import { useSurroundings } from '../controls/surroundings.ts';

export function useAttention(isAtEnd: boolean): void {
  const { dispatch } = useSurroundings();
  const looking = useLooking();
  const attention = isAtEnd ? looking : 'elsewhere';
  useEffect(() => dispatch({ kind: 'attention', attention }), [dispatch, attention]);
}

/** How the page is looked at, wherever its list is scrolled to. */
function useLooking(): Attention {
  const [looking, setLooking] = useState(lookingNow);
  useEffect(() => {
    const update = () => setLooking(lookingNow());
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
  return looking;
}

function lookingNow(): Attention {
  if (document.visibilityState !== 'visible') return 'elsewhere';
  return document.hasFocus() ? 'focused' : 'inSight';
}
