// The unsent text: kept over a reload, and given back when it could not be sent.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { Host } from '../../host.ts';
import type { Page } from '../../model/pageState.ts';
import { useSurroundings } from '../controls/surroundings.ts';

export type ChangeDraft = (change: (draft: string) => string) => void;

export function useDraft(page: Page, host: Host, peer: Fingerprint): [string, ChangeDraft] {
  const { dispatch } = useSurroundings();
  const [draft, changeDraft] = useState(page.isReplaced ? '' : host.saved.draft);
  // Not after the next paint: the editor may let go of the page at any moment.
  useLayoutEffect(() => host.remember({ peer, draft }), [host, peer, draft]);
  const { returnedDraft } = page;
  useEffect(() => {
    if (returnedDraft === undefined) return;
    changeDraft((written) => (written === '' ? returnedDraft : `${returnedDraft}\n${written}`));
    dispatch({ kind: 'draftTaken' });
  }, [returnedDraft, dispatch]);
  return [draft, changeDraft];
}
