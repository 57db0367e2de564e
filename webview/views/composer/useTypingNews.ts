// Tells the other person that I am writing, while they are connected.

import { useCallback, useEffect, useRef } from 'preact/hooks';
import { IDLE_MS, NOT_TYPING, typingStep } from '../../model/typing.ts';
import { useSurroundings } from '../controls/surroundings.ts';

/** Returns what to call with whether there is an unsent text, at each key and when it was sent. */
export function useTypingNews(isConnected: boolean): (isWriting: boolean) => void {
  const { send } = useSurroundings();
  const typing = useRef(NOT_TYPING);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tell = useCallback(
    (isWriting: boolean) => {
      clearTimeout(timer.current);
      const { next, say } = typingStep(typing.current, isWriting && isConnected, Date.now());
      typing.current = next;
      if (say !== undefined) send({ kind: 'typing', on: say });
      if (next.saidAt !== undefined) timer.current = setTimeout(() => tell(false), IDLE_MS);
    },
    [send, isConnected],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  return tell;
}
