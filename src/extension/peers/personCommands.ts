// The commands about people: connect, answer, address, refresh.

import { type Disposable, window } from 'vscode';
import { answerOffer } from '../chat/answerOffer.ts';
import { COMMANDS, personOf, transferOf } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { connectWithProgress } from './connecting.ts';
import { askingChoices, cancellableChoices, offerChoices } from './openChoices.ts';
import { PEERS_VIEW } from './peersView.ts';
import { pickOpen } from './pickOpen.ts';
import { personFor } from './pickPerson.ts';
import { showAddress } from './showAddress.ts';

export function registerPersonCommands(services: Services): Disposable[] {
  return registerCommands(services.failures, {
    [COMMANDS.refreshPeers]: () => refresh(services),
    [COMMANDS.showAddress]: (argument) => showAddress(services, argument),
    [COMMANDS.connect]: async (argument) => {
      const peer = await personFor(services, argument, l10n.t('Connect to whom?'));
      if (peer !== undefined) await connectWithProgress(services, peer);
    },
    [COMMANDS.disconnect]: async (argument) => {
      const peer = await personFor(services, argument, l10n.t('Disconnect from whom?'));
      if (peer !== undefined) await services.engine.request('disconnect', { peer });
    },
    [COMMANDS.acceptConnection]: (argument) => answerConnection(services, argument, true),
    [COMMANDS.rejectConnection]: (argument) => answerConnection(services, argument, false),
    [COMMANDS.acceptTransfer]: (argument) => answerTransfer(services, argument, true),
    [COMMANDS.rejectTransfer]: (argument) => answerTransfer(services, argument, false),
    [COMMANDS.cancelTransfer]: (argument) => cancelTransfer(services, argument),
  });
}

/** Starts an engine that could not be started before; with one that is there it asks the registry. */
async function refresh({ engine }: Services): Promise<void> {
  const wasStopped = engine.status.kind === 'stopped';
  await window.withProgress({ location: { viewId: PEERS_VIEW } }, async () => {
    const { me } = await engine.ready();
    if (me.name !== undefined || !wasStopped) await engine.request('refreshPeers', null);
  });
}

async function answerConnection(services: Services, argument: unknown, accept: boolean): Promise<void> {
  const peer = await pickOpen(services, {
    given: personOf(argument),
    title: accept ? l10n.t('Accept whom?') : l10n.t('Reject whom?'),
    choices: askingChoices,
    nothing: l10n.t('Nobody asks to connect now.'),
  });
  if (peer !== undefined) await services.engine.request('answerConnection', { peer, accept });
}

async function answerTransfer(services: Services, argument: unknown, accept: boolean): Promise<void> {
  const id = await pickOpen(services, {
    given: transferOf(argument),
    title: accept ? l10n.t('Accept which file?') : l10n.t('Reject which file?'),
    choices: offerChoices,
    nothing: l10n.t('No file waits for your answer now.'),
  });
  if (id !== undefined) await answerOffer(services, { id, accept });
}

async function cancelTransfer(services: Services, argument: unknown): Promise<void> {
  const id = await pickOpen(services, {
    given: transferOf(argument),
    title: l10n.t('Cancel which transfer?'),
    choices: cancellableChoices,
    nothing: l10n.t('No transfer is on its way now.'),
  });
  if (id !== undefined) await services.engine.request('cancelTransfer', { id });
}
