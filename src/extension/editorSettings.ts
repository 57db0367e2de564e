// The editor's settings, read and watched by the names of settings.ts.

import { ConfigurationTarget, type Disposable, workspace } from 'vscode';
import type { Settings } from '../contract/commands.ts';
import { EditorFailure } from './editorFailure.ts';
import { l10n } from './l10n.ts';
import { plainText } from './plainText.ts';
import { downloadFolderOf, SECTION, type SettingName, settingId, settingOf } from './settings.ts';

/** Of the editor's own words. */
const MAX_REASON = 400;

export function setting<Name extends SettingName>(name: Name): ReturnType<typeof settingOf<Name>> {
  return settingOf(workspace.getConfiguration(SECTION), name);
}

/** Writes the person's own settings, never a workspace's. Failures: EditorFailure, such as for a file with a mistake in it. */
export async function saveSetting(name: SettingName, value: string | number | boolean): Promise<void> {
  try {
    await workspace.getConfiguration(SECTION).update(name, value, ConfigurationTarget.Global);
  } catch (error) {
    const why = plainText((error as Error).message, MAX_REASON);
    throw new EditorFailure(l10n.t('The setting {0} was not saved. {1}', settingId(name), why), error, [
      'settingsFile',
    ]);
  }
}

export function onDidChangeSetting(names: readonly SettingName[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(settingId(name)))) listener();
  });
}

/** What the engine needs to know of them. */
export function engineSettings(): Settings {
  return {
    downloadFolder: downloadFolderOf(setting('downloadFolder')),
    autoAccept: setting('autoAccept'),
  };
}
