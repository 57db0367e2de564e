// What happens when somebody opens an invite link: it is checked, the person is asked, and only then something changes.

import { type Disposable, type Uri, window } from 'vscode';
import { joinRegistry } from '../account/signUp.ts';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { isLoopback } from '../registry/registryLine.ts';
import type { Services } from '../services.ts';
import { type InviteProblem, parseInvite } from './inviteLink.ts';

const PROBLEMS: Record<InviteProblem, () => string> = {
  notAnInvite: () => l10n.t('It is not an invitation, or says more than one.'),
  tooLong: () => l10n.t('Its address is too long.'),
  strangeCharacters: () => l10n.t('Its address holds characters that no registry address has.'),
  notWeb: () => l10n.t('Its address does not begin with http:// or https://.'),
  credentials: () => l10n.t('Its address holds a user name or a password.'),
  notAnAddress: () => l10n.t('It does not hold the address of a registry.'),
};

/** A page can open links as fast as it likes: while one is being answered, others are let go. */
export function registerJoining(services: Services): Disposable {
  let isAsking = false;
  return window.registerUriHandler({
    async handleUri(uri) {
      if (isAsking) return;
      isAsking = true;
      try {
        await answer(services, uri);
      } catch (error) {
        void services.failures.show(error);
      } finally {
        isAsking = false;
      }
    },
  });
}

async function answer(services: Services, uri: Uri): Promise<void> {
  const invite = parseInvite(uri);
  if (invite.kind === 'registry') return offerToJoin(services, invite.url);
  const why = PROBLEMS[invite.problem]();
  void window.showWarningMessage(
    l10n.t('Nothing was changed by the link that was opened. {0} Ask for a new one.', why),
  );
}

async function offerToJoin(services: Services, url: string): Promise<void> {
  const { name, registryUrl } = await whoIAm(services);
  if (name !== undefined && registryUrl === url) {
    void window.showInformationMessage(l10n.t('You are at the registry {0} already, as {1}.', url, name));
    return;
  }
  const join = l10n.t('Join');
  const question = l10n.t('Join the registry at {0}?', url);
  const detail = [...detailsOf(url, name, registryUrl)].join('\n\n');
  const chosen = await window.showInformationMessage(question, { modal: true, detail }, join);
  if (chosen !== join) return;
  await joinRegistry(services, url);
}

/** The engine is started for nobody who has chosen no name. */
async function whoIAm({ engine }: Services): Promise<{ name?: string; registryUrl?: string }> {
  if (engine.status.kind === 'idle') return {};
  const { me, registry } = await engine.ready();
  if (me.name === undefined) return {};
  const name = inText(me.name);
  return registry.kind === 'off' ? { name } : { name, registryUrl: registry.url };
}

function* detailsOf(url: string, name: string | undefined, current: string | undefined): Iterable<string> {
  yield l10n.t('People there will see your name and addresses. The registry never sees messages or files.');
  if (name === undefined) yield l10n.t('You choose your name next.');
  else if (current === undefined) yield l10n.t('You will be {0} there.', name);
  else yield l10n.t('You will be {0} there, and leave the registry {1}.', name, current);
  if (isLoopback(new URL(url).hostname)) yield l10n.t('This address is that of your own machine.');
}
