// A text on its way to the engine: kept under its id until that has answered, so that it is asked for again after a reload.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Stamp } from '../../contract/panel.ts';
import type { Services } from '../services.ts';
import type { SentText } from './drafts.ts';

/** Resolves when it is stored. Where it fails, whoever has asked says what becomes of the text. */
export async function sendText(
  { engine, drafts }: Pick<Services, 'engine' | 'drafts'>,
  peer: Fingerprint,
  text: SentText,
  by?: Stamp,
): Promise<void> {
  drafts.send(peer, text, by);
  await engine.request('sendText', { peer, ...text });
  drafts.answered(peer, text.id);
}
