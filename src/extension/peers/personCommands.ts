// The commands about people: connect, answer, address, refresh.

import { type Disposable, l10n, window } from 'vscode';
import { COMMANDS, personOf, transferOf } from '../commands.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { connectWithProgress } from './connecting.ts';
import { PEERS_VIEW } from './peersView.ts';
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
    [COMMANDS.cancelTransfer]: async (argument) => {
      const id = transferOf(argument);
      if (id !== undefined) await services.engine.request('cancelTransfer', { id });
    },
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

async function answerConnection({ engine }: Services, argument: unknown, accept: boolean): Promise<void> {
  const peer = personOf(argument);
  if (peer !== undefined) await engine.request('answerConnection', { peer, accept });
}

async function answerTransfer({ engine }: Services, argument: unknown, accept: boolean): Promise<void> {
  const id = transferOf(argument);
  if (id !== undefined) await engine.request('answerTransfer', { id, accept });
}
