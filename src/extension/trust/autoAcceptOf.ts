// Whether one person's files are taken without asking.

import { type QuickPickItem, ThemeIcon, window } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { setting } from '../editorSettings.ts';
import { nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import type { Services } from '../services.ts';

interface Choice extends QuickPickItem {
  readonly autoAccept: boolean | null;
}

export async function askAutoAccept({ engine }: Services, peer: Fingerprint): Promise<void> {
  const person = (await engine.ready()).peers[peer];
  const title = l10n.t('Files that {0} sends', nameInText(person));
  const chosen = await window.showQuickPick(choices(person?.autoAccept ?? null), { title });
  if (chosen !== undefined) await engine.request('setAutoAccept', { peer, autoAccept: chosen.autoAccept });
}

function choices(now: boolean | null): Choice[] {
  const byDefault = setting('autoAccept') ? l10n.t('now: take them') : l10n.t('now: ask');
  const all: Choice[] = [
    { label: l10n.t('Ask me each time'), autoAccept: false },
    { label: l10n.t('Take them without asking'), autoAccept: true },
    { label: l10n.t('As the settings say'), description: byDefault, autoAccept: null },
  ];
  return all.map((choice) => ({
    ...choice,
    iconPath: new ThemeIcon(choice.autoAccept === now ? 'check' : 'blank'),
  }));
}
