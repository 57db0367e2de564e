// What a page has sent while nobody was there to hear it: its extension host had been killed. The page keeps it with the editor, and says
// it in its next life; or another page shows the chat by then.

import * as v from 'valibot';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { FromPanel, type SavedPanel, type Stamp } from '../../contract/panel.ts';
import type { Services } from '../services.ts';
import type { SentText } from './drafts.ts';
import { type Sending, sendUnanswered } from './sendText.ts';

/** Kept as what a window went away with, unless somebody has heard it after all. */
export async function keepUnheard(
  { drafts }: Pick<Services, 'drafts'>,
  peer: Fingerprint,
  { by, ...text }: SentText & { readonly by: Stamp },
): Promise<void> {
  await drafts.load();
  if (drafts.hasHeard(peer, by)) return;
  const kept = drafts.send(peer, text, by, Math.min(by.at, Date.now()));
  drafts.leaveUnanswered(text.id);
  await kept;
}

/** What the editor has kept of a page that is not drawn again, as another one shows its chat. Total: an older version may have left anything. */
export async function keepLeft(
  services: Sending & Pick<Services, 'failures'>,
  peer: Fingerprint,
  { draft, by, unheard }: Partial<SavedPanel>,
): Promise<void> {
  const { success, output: ready } = v.safeParse(FromPanel, { kind: 'ready', by, unheard });
  // A page without any may have been heard to the last word, and another one have that by now.
  if (!success || ready.kind !== 'ready' || ready.by === undefined || !ready.unheard?.length) return;
  for (const { kind: _kind, by: sentBy, ...text } of ready.unheard)
    if (sentBy !== undefined) await keepUnheard(services, peer, { ...text, by: sentBy });
  const isDraft = typeof draft === 'string' && draft.trim() !== '';
  if (isDraft && !services.drafts.hasHeard(peer, ready.by))
    await services.drafts.giveBack(peer, { text: draft });
  services.drafts.leave(peer, ready.by.page);
  await sendUnanswered(services, peer);
}
