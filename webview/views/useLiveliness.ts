// Whether a screen reader reads out what is added: new messages yes, pages of old ones no.

import { useEffect, useState } from 'preact/hooks';
import type { Message } from '../../src/contract/message.ts';

export function useLiveliness(messages: readonly Message[]): 'polite' | 'off' {
  const firstOrder = messages[0]?.order;
  const [settled, setSettled] = useState(firstOrder);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setSettled(firstOrder));
    return () => cancelAnimationFrame(frame);
  }, [firstOrder]);
  return settled === firstOrder ? 'polite' : 'off';
}
