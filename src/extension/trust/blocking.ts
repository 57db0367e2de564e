// Blocking and unblocking a person.

import { type QuickPickItem, ThemeIcon, window } from 'vscode';
import { type Fingerprint, shortFingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import { personOf } from '../commands.ts';
import { nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import { sayBriefly } from '../sayBriefly.ts';
import type { Services } from '../services.ts';

/** Asks once more, as files on their way end by it. */
export async function blockPerson(services: Services, peer: Fingerprint): Promise<void> {
  const { peers } = await services.engine.ready();
  const name = nameInText(peers[peer]);
  const block = l10n.t('Block');
  const detail = l10n.t(
    'The link is closed, files on their way end, and nothing goes either way. {0} is told no more than that you declined. Messages of yours that wait stay here until you unblock and connect again.',
    name,
  );
  const answer = await window.showWarningMessage(l10n.t('Block {0}?', name), { modal: true, detail }, block);
  if (answer === block) await blockKey(services, peer);
}

export async function blockKey({ engine }: Services, peer: Fingerprint): Promise<void> {
  await engine.request('blockPeer', { peer });
}

/** `argument`: a row of the tree. Without one, somebody of those who are blocked is picked. */
export async function unblockPerson(services: Services, argument: unknown): Promise<void> {
  const peer = personOf(argument) ?? (await pickBlocked(services));
  if (peer === undefined) return;
  const name = nameInText(services.engine.state?.peers[peer]);
  await services.engine.request('unblockPeer', { peer });
  sayBriefly(l10n.t('{0} is not blocked any more', name));
}

interface Choice extends QuickPickItem {
  readonly peer: Fingerprint;
}

async function pickBlocked({ engine }: Services): Promise<Fingerprint | undefined> {
  const people = Object.values<Peer>((await engine.ready()).peers);
  const blocked = people.filter(({ standing }) => standing === 'blocked');
  if (blocked.length === 0) {
    void window.showInformationMessage(l10n.t('You have blocked nobody.'));
    return undefined;
  }
  const choices = blocked.map(
    ({ fingerprint, name }): Choice => ({
      label: plainText(name),
      description: shortFingerprint(fingerprint),
      iconPath: new ThemeIcon('circle-slash'),
      peer: fingerprint,
    }),
  );
  return (await window.showQuickPick(choices, { title: l10n.t('Unblock whom?') }))?.peer;
}
