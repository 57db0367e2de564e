// The settings a VS Code of ours starts with: quiet, so that nothing but Hamta asks or moves.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

const QUIET: Settings = {
  // Else the first window opens a chat side bar, a Welcome page, a walkthrough and the question whether to trust the folder.
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'security.workspace.trust.enabled': false,
  'window.confirmBeforeClose': 'never',
  'workbench.reduceMotion': 'on',
  // Nothing is looked up on the network.
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  // A toast for each port that is listened on, and a question where the folder lies inside a repository.
  'remote.autoForwardPorts': false,
  'git.openRepositoryInParentFolders': 'never',
};

/**
 * Writes the user's settings.json; call it before the window opens. What the user has set there stays, except for the keys
 * in `settings`.
 * @param userFolder the folder `User` inside the editor's data folder
 */
export async function seedSettings(userFolder: string, settings: Settings = {}): Promise<void> {
  const file = path.join(userFolder, 'settings.json');
  await mkdir(userFolder, { recursive: true });
  const merged = { ...QUIET, ...(await settingsIn(file)), ...settings };
  await writeFile(file, `${JSON.stringify(merged, null, 2)}\n`);
}

/** A file that is missing, or that its owner has broken, counts as empty. */
async function settingsIn(file: string): Promise<Settings> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Settings;
  } catch {
    return {};
  }
}
