// Giving my name up: asks first, for somebody else may take it from then on.

import { ProgressLocation, window } from 'vscode';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { sayBriefly } from '../sayBriefly.ts';
import type { Services } from '../services.ts';

export async function releaseName({ engine }: Services): Promise<void> {
  const { me } = await engine.ready();
  if (me.name === undefined) return;
  const name = inText(me.name);
  const giveUp = l10n.t('Give Up');
  const detail = l10n.t(
    'You are signed out, and the name is free at once: somebody else may take it, and people who look for it then find them. Whoever knows you already knows your key: to them nobody else can be you. When you only sign out, the name stays yours for 30 days.',
  );
  const answer = await window.showWarningMessage(
    l10n.t('Give up the name {0}?', name),
    { modal: true, detail },
    giveUp,
  );
  if (answer !== giveUp) return;
  // Where the registry answers nothing it takes seconds.
  const progress = { location: ProgressLocation.Window, title: l10n.t('Giving up the name {0}', name) };
  await window.withProgress(progress, () => engine.request('releaseName', null));
  sayBriefly(l10n.t('{0} is not your name any more', name));
}
