// The one place where a failure or a bug is told to a person, with buttons for what can be done about it.

import { commands, type LogOutputChannel, window } from 'vscode';
import { FailureError } from '../contract/failure.ts';
import { Cancelled } from './chat/patiently.ts';
import { COMMANDS } from './commands.ts';
import { EditorFailure } from './editorFailure.ts';
import { engineSettings } from './editorSettings.ts';
import { l10n } from './l10n.ts';
import { failureIn, type Language } from './language.ts';
import { plainText } from './plainText.ts';
import { type Remedy, remediesFor } from './remedies.ts';
import { settingId } from './settings.ts';

const MAX_FAILURE_TEXT = 600;

const TITLES: Record<Remedy, () => string> = {
  startRegistry: () => l10n.t('Start Registry'),
  registrySetting: () => l10n.t('Open Settings'),
  portSetting: () => l10n.t('Open Settings'),
  folderSetting: () => l10n.t('Open Settings'),
  settingsFile: () => l10n.t('Open Settings'),
  signUp: () => l10n.t('Choose a Name'),
  tryAgain: () => l10n.t('Try Again'),
  reloadWindow: () => l10n.t('Reload Window'),
  showLog: () => l10n.t('Show Log'),
};

const ACTIONS: Record<Remedy, () => Thenable<unknown>> = {
  startRegistry: () => commands.executeCommand(COMMANDS.startRegistry),
  registrySetting: () => openSetting(settingId('registryUrl')),
  portSetting: () => openSetting(settingId('port')),
  folderSetting: () => openSetting(settingId('downloadFolder')),
  settingsFile: () => commands.executeCommand('workbench.action.openSettingsJson'),
  signUp: () => commands.executeCommand(COMMANDS.signUp),
  tryAgain: () => commands.executeCommand(COMMANDS.refreshPeers),
  reloadWindow: () => commands.executeCommand('workbench.action.reloadWindow'),
  showLog: () => commands.executeCommand(COMMANDS.showLog),
};

export function openSetting(id: string): Thenable<unknown> {
  return commands.executeCommand('workbench.action.openSettings', id);
}

/** What has words for the person; everything else is a bug. */
type Known = FailureError | EditorFailure;

function isKnown(error: unknown): error is Known {
  return error instanceof FailureError || error instanceof EditorFailure;
}

export class Failures {
  readonly #log: LogOutputChannel;
  readonly #language: Language;

  constructor(log: LogOutputChannel, language: Language) {
    this.#log = log;
    this.#language = language;
  }

  /** Shows what went wrong. Resolves with the remedy that was chosen, after it was begun. Never rejects. */
  async show(error: unknown): Promise<Remedy | undefined> {
    if (error instanceof Cancelled) return undefined;
    if (!isKnown(error)) return this.#showBug(error);
    this.#log.warn(error.message);
    const remedies =
      error instanceof EditorFailure
        ? error.remedies
        : remediesFor(error.failure, engineSettings().downloadFolder);
    const choices = remedies.map((remedy) => ({ title: TITLES[remedy](), remedy }));
    const chosen = await window.showWarningMessage(this.text(error), ...choices);
    if (chosen === undefined) return undefined;
    await ACTIONS[chosen.remedy]();
    return chosen.remedy;
  }

  /** One line, for a box that stays open. */
  text(error: Known): string {
    if (error instanceof EditorFailure) return error.text;
    return plainText(failureIn(this.#language, error.failure), MAX_FAILURE_TEXT);
  }

  /** As `text`, for whatever was caught. */
  words(error: unknown): string {
    return isKnown(error)
      ? this.text(error)
      : l10n.t('That did not work because of an error in Hamta. The log says more.');
  }

  /** For work that nobody waits for: the log is enough. */
  note(error: unknown): void {
    if (isKnown(error)) this.#log.info(error.message);
    else this.#log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  async #showBug(error: unknown): Promise<undefined> {
    this.note(error);
    const showLog = l10n.t('Show Log');
    if ((await window.showErrorMessage(this.words(error), showLog)) === showLog) this.#log.show(true);
    return undefined;
  }
}
