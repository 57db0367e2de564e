// Copies the link that brings somebody to my registry.

import { commands, env, window } from 'vscode';
import { COMMANDS } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { isHealthy } from '../registry/registryHealth.ts';
import { isLoopback } from '../registry/registryLine.ts';
import type { Services } from '../services.ts';
import { inviteLinkOf, outsideAddresses, registryToShare } from './inviteLink.ts';

/** These are addresses of this very machine. */
const ASK_MS = 1_000;

/** `running` is the address of the registry that this window runs. Resolves when the link is copied, or why not is shown. */
export async function copyInvite({ engine, failures }: Services, running: string | undefined): Promise<void> {
  const registry = engine.state?.registry;
  const joined = registry === undefined || registry.kind === 'off' ? undefined : registry.url;
  const known = registryToShare({ joined, running });
  if (known === undefined) {
    void offerRegistry().catch((error) => failures.show(error));
    return;
  }
  const url = (await healthyOf(outsideAddresses(known, engine.state?.me.addresses ?? []))) ?? known;
  // The editor's own scheme, in a browser too: what env.asExternalUri makes there leads back into this very window, once.
  const link = inviteLinkOf(env.uriScheme, url);
  if (link === undefined) {
    void window.showWarningMessage(
      l10n.t('No invite link can be made to {0}. Tell people the address.', url),
    );
    return;
  }
  await env.clipboard.writeText(link);
  void window.showInformationMessage(textOf(url));
}

/** The first at which a registry answers: somebody else may have started it on this machine, and for this machine only. */
async function healthyOf(urls: readonly string[]): Promise<string | undefined> {
  const late = AbortSignal.timeout(ASK_MS);
  const answers = await Promise.all(urls.map((url) => isHealthy(`${url}/healthz`, late).catch(() => false)));
  return urls.find((_, i) => answers[i]);
}

function textOf(url: string): string {
  return isLoopback(new URL(url).hostname)
    ? l10n.t(
        'The invite link to {0} works on this machine only. It is copied; for others, use an address of your network.',
        url,
      )
    : l10n.t('The invite link to {0} is copied. Whoever opens it is asked before anything changes.', url);
}

async function offerRegistry(): Promise<void> {
  const text = l10n.t('There is no registry to invite to yet. Choose a name at one, or start one here.');
  const signUp = l10n.t('Choose a Name');
  const start = l10n.t('Start Registry');
  const chosen = await window.showInformationMessage(text, signUp, start);
  if (chosen === signUp) await commands.executeCommand(COMMANDS.signUp);
  if (chosen === start) await commands.executeCommand(COMMANDS.startRegistry);
}
