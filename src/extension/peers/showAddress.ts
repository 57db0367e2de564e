// Shows where somebody can be reached, and copies it on request.

import { env, window } from 'vscode';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { personOf } from '../commands.ts';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import type { Services } from '../services.ts';
import { type Picked, pickPerson } from './pickPerson.ts';

interface Found {
  readonly name: string;
  /** Best first. */
  readonly addresses: readonly string[];
}

/** `argument`: a row of the tree, mine included. Without one the person is asked for. Throws `unknownUser`, `registry*`. */
export async function showAddress(services: Services, argument: unknown): Promise<void> {
  const picked =
    pickedIn(argument) ?? (await pickPerson(services, { title: l10n.t('Whose address?'), withMe: true }));
  if (picked === undefined) return;
  const found = await find(services, picked);
  // Not awaited: the command is done when the address shows.
  void show(found).catch((error) => services.failures.show(error));
}

function pickedIn(argument: unknown): Picked | undefined {
  const peer = personOf(argument);
  if (peer !== undefined) return { kind: 'person', peer };
  const isMe = typeof argument === 'object' && argument !== null && 'id' in argument && argument.id === 'me';
  return isMe ? { kind: 'me' } : undefined;
}

async function find(services: Services, picked: Picked): Promise<Found> {
  switch (picked.kind) {
    case 'me': {
      const { me } = await services.engine.ready();
      return { name: me.name ?? '', addresses: me.addresses };
    }
    case 'person':
      return findPerson(services, picked.peer);
    case 'name':
      return lookUp(services, picked.name);
  }
}

async function lookUp({ engine }: Services, name: string): Promise<Found> {
  const { addresses } = await engine.request('lookUp', { name });
  return { name, addresses };
}

/** Asks the registry; while it cannot be asked, the address last known is better than none. */
async function findPerson(services: Services, fingerprint: Fingerprint): Promise<Found> {
  const peer = (await services.engine.ready()).peers[fingerprint];
  const name = peer?.name ?? '';
  try {
    return await lookUp(services, name);
  } catch (error) {
    const unasked = error instanceof FailureError && error.failure.code.startsWith('registry');
    if (!unasked || peer?.address === undefined) throw error;
    return { name, addresses: [peer.address] };
  }
}

async function show({ name, addresses }: Found): Promise<void> {
  const who = inText(name);
  const [best] = addresses;
  if (best === undefined) {
    void window.showInformationMessage(l10n.t('No address of {0} is known yet.', who));
    return;
  }
  const copy = l10n.t('Copy');
  const text = l10n.t('{0} can be reached at {1}', who, plainText(addresses.join(', ')));
  if ((await window.showInformationMessage(text, copy)) === copy) await env.clipboard.writeText(best);
}
