// Comparing safety codes: shows the digits until the person says whether they are the same, and does what follows from that.

import { env, window } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import { type SafetyCode, safetyGroups, safetyLines } from '../../contract/safetyCode.ts';
import { nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { situationOf } from '../peers/situation.ts';
import { sayBriefly } from '../sayBriefly.ts';
import type { Services } from '../services.ts';
import { blockKey } from './blocking.ts';
import { startWith } from './startAnew.ts';

type Verdict = 'match' | 'differ';

/** Resolves when the person has decided, or closed the question. In place of a former key it is the one that is used now. */
export async function compareCodes(services: Services, who: Fingerprint): Promise<void> {
  const { peers } = await services.engine.ready();
  const peer = currentKeyOf(peers[who]) ?? who;
  const person = peers[peer];
  const name = nameInText(person);
  const key = keyToCompare(peer, person);
  const { code } = await services.engine.request('safetyCode', { peer: key });
  const verdict = await ask(headline(name, key !== peer), detailOf(name, safetyLines(code)), code);
  if (verdict === 'match') await codesMatch(services, peer, key, name);
  if (verdict === 'differ') await codesDiffer(services, peer, key, name);
}

function currentKeyOf(person: Peer | undefined): Fingerprint | undefined {
  return person !== undefined && situationOf(person) === 'former' ? person.nameConflict : undefined;
}

/** Of somebody whose name has another key now, it is the new one that is in doubt. */
function keyToCompare(peer: Fingerprint, person: Peer | undefined): Fingerprint {
  const isDoubtful = person !== undefined && situationOf(person) === 'changed';
  return isDoubtful ? (person.nameConflict ?? peer) : peer;
}

function headline(name: string, isNewKey: boolean): string {
  return isNewKey
    ? l10n.t('Your safety code with the new key of {0}', name)
    : l10n.t('Your safety code with {0}', name);
}

function detailOf(name: string, lines: readonly string[]): string {
  const how = l10n.t(
    'Compare it with {0} over another channel, on the phone or in person: {0} runs "Hamta: Compare Safety Code" and sees the same twelve groups. Then nobody stands between you.',
    name,
  );
  return [...lines, '', how].join('\n');
}

/**
 * A dialog and no toast, as it has to stay while two people read to each other. Copying does not close the question, and stands
 * first: Enter alone must not verify anybody.
 */
async function ask(text: string, detail: string, code: SafetyCode): Promise<Verdict | undefined> {
  const match = l10n.t('They Match');
  const differ = l10n.t('They Differ');
  const copy = l10n.t('Copy');
  for (;;) {
    const answer = await window.showInformationMessage(text, { modal: true, detail }, copy, match, differ);
    if (answer === match) return 'match';
    if (answer === differ) return 'differ';
    if (answer !== copy) return undefined;
    await env.clipboard.writeText(safetyGroups(code).join(' '));
  }
}

async function codesMatch(
  services: Services,
  peer: Fingerprint,
  key: Fingerprint,
  name: string,
): Promise<void> {
  if (key !== peer) return startWith(services, { peer, key, verified: true });
  await services.engine.request('verifyPeer', { peer, verified: true });
  sayBriefly(l10n.t('{0} is verified', name));
}

async function codesDiffer(
  services: Services,
  peer: Fingerprint,
  key: Fingerprint,
  name: string,
): Promise<void> {
  await services.engine.request('verifyPeer', { peer: key, verified: false });
  const block = key === peer ? l10n.t('Block {0}', name) : l10n.t('Block the New Key');
  const text = l10n.t('Somebody may stand between you and {0}', name);
  const detail = l10n.t(
    'The codes are the same only where both of you have the key of the other. Read them once more; if they differ still, write nothing here that others may not read, and tell {0} on the other channel.',
    name,
  );
  const answer = await window.showWarningMessage(text, { modal: true, detail }, block);
  if (answer === block) await blockKey(services, key);
}
