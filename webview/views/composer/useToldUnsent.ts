// Tells the extension what is written and not sent, which keeps it over the life of this tab.

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ReturnedText } from '../../../src/contract/panel.ts';
import type { Host } from '../../host.ts';

/** At each change, and at once: the tab may be closed by the next key. An empty page that has just been drawn says nothing. */
export function useToldUnsent({ send }: Host, texts: readonly ReturnedText[]): void {
  const told = useRef(JSON.stringify([]));
  useLayoutEffect(() => {
    const now = JSON.stringify(texts);
    if (now === told.current) return;
    told.current = now;
    send({ kind: 'unsent', texts: [...texts] });
  });
}
