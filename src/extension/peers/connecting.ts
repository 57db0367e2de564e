// Connecting to a person with progress that can be cancelled.

import { ProgressLocation, window } from 'vscode';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import { nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import type { Services } from '../services.ts';

/** The other person has 60 s to answer, after the dial. */
const CONNECT_TIMEOUT_MS = 100_000;

/** Resolves when messages flow, or the person cancelled. Other failures are thrown. */
export async function connect({ engine }: Services, peer: Fingerprint): Promise<void> {
  try {
    await engine.request('connect', { peer }, { timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.code !== 'connectionCancelled') throw error;
  }
}

export function cancelConnect({ engine }: Services, peer: Fingerprint): Promise<unknown> {
  return engine.request('cancelConnect', { peer });
}

/** For commands and the tree; the chat panel shows the same by itself. */
export async function connectWithProgress(services: Services, peer: Fingerprint): Promise<void> {
  const name = nameInText(services.engine.state?.peers[peer]);
  const title = l10n.t('Connecting to {0}', name);
  const location = ProgressLocation.Notification;
  await window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    token.onCancellationRequested(
      () => void cancelConnect(services, peer).catch((error) => services.failures.note(error)),
    );
    const following = services.engine.mirror.onDidChange(({ event, before }) => {
      if (event.kind !== 'peerChanged' || event.peer.fingerprint !== peer) return;
      if (event.peer.link === 'waiting' && before.peers[peer]?.link !== 'waiting') {
        progress.report({ message: l10n.t('waiting for their answer') });
      }
    });
    try {
      await connect(services, peer);
    } finally {
      following.dispose();
    }
  });
}

/** People who have accepted each other are linked again when one opens the chat; nobody else is bothered by that. */
export function connectQuietly(services: Services, peer: Peer | undefined): void {
  const known = peer?.standing === 'accepted' && peer.link === 'none' && peer.nameConflict === undefined;
  if (known) connect(services, peer.fingerprint).catch((error) => services.failures.note(error));
}
