// Asks for the registry's address and saves it in the person's settings.

import { window } from 'vscode';
import { saveSetting, setting } from '../editorSettings.ts';
import { l10n } from '../l10n.ts';

/** Resolves when it is saved, or left as it was. */
export async function askRegistryUrl(): Promise<void> {
  const url = await window.showInputBox({
    title: l10n.t('Address of the registry'),
    value: setting('registryUrl'),
    placeHolder: 'http://192.168.1.20:8000',
    ignoreFocusOut: true,
    validateInput: (text) => (isRegistryUrl(text) ? undefined : l10n.t('It looks like http://host:8000')),
  });
  if (url !== undefined) await saveSetting('registryUrl', url.trim());
}

function isRegistryUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text.trim())?.protocol ?? '');
}
