// Going on with a person under a new key: on purpose alone, and told what it means.

import { commands, window } from 'vscode';
import type { ParamsOf } from '../../contract/commands.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { COMMANDS } from '../commands.ts';
import { nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { situationOf } from '../peers/situation.ts';
import type { Services } from '../services.ts';

/** Nothing happens with somebody whose name has no other key. */
export async function startAnew(services: Services, peer: Fingerprint): Promise<void> {
  const person = (await services.engine.ready()).peers[peer];
  if (person?.nameConflict === undefined || situationOf(person) !== 'changed') return;
  const name = nameInText(person);
  const start = l10n.t('Start Anew');
  const compare = l10n.t('Compare Safety Code');
  const text = l10n.t('Is it really {0} who has the new key?', name);
  const detail = l10n.t(
    'From then on you write to the new key, and it can read what you write. What you said so far stays with the former one. If you have not asked {0} over another channel, compare the safety code first.',
    name,
  );
  const answer = await window.showWarningMessage(text, { modal: true, detail }, compare, start);
  if (answer === compare) await commands.executeCommand(COMMANDS.verifyPeer, { peer });
  if (answer === start) await startWith(services, { peer, key: person.nameConflict, verified: false });
}

/** Opens the conversation that begins. Throws keyChanged when it is yet another key by now. */
export async function startWith(services: Services, how: ParamsOf<'startAnew'>): Promise<void> {
  await services.engine.request('startAnew', how);
  await commands.executeCommand(COMMANDS.openChat, { peer: how.key });
}
