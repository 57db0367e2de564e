// The editor's settings, read and watched by the names of settings.ts.

import { ConfigurationTarget, type Disposable, workspace } from 'vscode';
import type { Settings } from '../contract/commands.ts';
import { downloadFolderOf, SECTION, type SettingName, settingId, settingOf } from './settings.ts';

export function setting<Name extends SettingName>(name: Name): ReturnType<typeof settingOf<Name>> {
  return settingOf(workspace.getConfiguration(SECTION), name);
}

/** Writes the person's own settings, never a workspace's. */
export async function saveSetting(name: SettingName, value: string | number | boolean): Promise<void> {
  await workspace.getConfiguration(SECTION).update(name, value, ConfigurationTarget.Global);
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
