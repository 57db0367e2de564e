// Every setting there is, with its default, and how it is read. A test compares this table with package.json, both ways.

import { homedir } from 'node:os';
import path from 'node:path';

export const SETTINGS = {
  registryUrl: 'http://127.0.0.1:8000',
  port: 0,
  downloadFolder: '',
  autoAccept: false,
  notifications: 'all',
  'registry.port': 8000,
  'registry.redisUrl': '',
} as const;

export const SECTION = 'hamta';

export type SettingName = keyof typeof SETTINGS;
export type NotificationLevel = 'all' | 'requests' | 'none';

interface SettingTypes {
  registryUrl: string;
  port: number;
  downloadFolder: string;
  autoAccept: boolean;
  notifications: NotificationLevel;
  'registry.port': number;
  'registry.redisUrl': string;
}

/** The part of vscode's WorkspaceConfiguration that is needed, so that this file stays free of it. */
export interface Configuration {
  get(name: string): unknown;
}

/** The value of one setting. A value of another type, which settings.json may hold, counts as not set. */
export function settingOf<Name extends SettingName>(from: Configuration, name: Name): SettingTypes[Name] {
  const value = from.get(name);
  const byDefault = SETTINGS[name];
  return (typeof value === typeof byDefault ? value : byDefault) as SettingTypes[Name];
}

/** The full id, as package.json and change events have it. */
export function settingId(name: SettingName): string {
  return `${SECTION}.${name}`;
}

/** The absolute path of the folder for received files: `~` is the home folder, empty means Downloads/Hamta in it. */
export function downloadFolderOf(setting: string, home = homedir()): string {
  const text = setting.trim();
  if (text === '') return path.join(home, 'Downloads', 'Hamta');
  const expanded = text === '~' || /^~[/\\]/.test(text) ? path.join(home, text.slice(1)) : text;
  return path.resolve(home, expanded);
}
