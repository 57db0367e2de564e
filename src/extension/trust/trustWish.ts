// What a chat page may wish about whom I trust. Each asks once more where it cannot be undone.

import { commands } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { TrustWish } from '../../contract/panel.ts';
import { COMMANDS } from '../commands.ts';
import type { Services } from '../services.ts';
import { blockKey, blockPerson, unblockPerson } from './blocking.ts';
import { compareCodes } from './compareCodes.ts';
import { startAnew } from './startAnew.ts';

type Wishes = { readonly [Wish in TrustWish]: (services: Services, peer: Fingerprint) => Promise<unknown> };

/** @param peer whose page it is */
export async function fulfil(services: Services, peer: Fingerprint, wish: TrustWish): Promise<void> {
  await WISHES[wish](services, peer);
}

const WISHES: Wishes = {
  compareCode: compareCodes,
  block: blockPerson,
  unblock: unblockPerson,
  startAnew,
  blockNewKey: (services, peer) => withNewKey(services, peer, (key) => blockKey(services, key)),
  openNewKey: (services, peer) =>
    withNewKey(services, peer, (key) => commands.executeCommand(COMMANDS.openChat, { peer: key })),
};

/** Nothing where the name has no other key any more. */
async function withNewKey(
  { engine }: Services,
  peer: Fingerprint,
  act: (key: Fingerprint) => PromiseLike<unknown>,
): Promise<void> {
  const key = engine.state?.peers[peer]?.nameConflict;
  if (key !== undefined) await act(key);
}
