// The commands about whom I trust: compare, start anew, block, unblock, files without asking.

import type { Disposable } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { COMMANDS, personOf } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { personFor } from '../peers/pickPerson.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { askAutoAccept } from './autoAcceptOf.ts';
import { blockPerson, unblockPerson } from './blocking.ts';
import { compareCodes } from './compareCodes.ts';
import { startAnew } from './startAnew.ts';

export function registerTrustCommands(services: Services): Disposable[] {
  const about =
    (title: () => string, act: (services: Services, peer: Fingerprint) => Promise<void>) =>
    async (argument: unknown) => {
      const peer = await personFor(services, argument, title());
      if (peer !== undefined) await act(services, peer);
    };
  return registerCommands(services.failures, {
    [COMMANDS.verifyPeer]: about(() => l10n.t('Compare the safety code with whom?'), compareCodes),
    [COMMANDS.blockPeer]: about(() => l10n.t('Block whom?'), blockPerson),
    [COMMANDS.autoAcceptPeer]: about(() => l10n.t('Whose files?'), askAutoAccept),
    [COMMANDS.unblockPeer]: (argument) => unblockPerson(services, argument),
    [COMMANDS.startAnew]: async (argument) => {
      const peer = personOf(argument);
      if (peer !== undefined) await startAnew(services, peer);
    },
  });
}
