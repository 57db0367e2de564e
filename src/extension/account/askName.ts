// The box that asks for a name. It stays open, with what was typed, until a name is taken or the person gives up.

import { env, type InputBox, type QuickInputButton, ThemeIcon, window } from 'vscode';
import { type Failure, FailureError, failure } from '../../contract/failure.ts';
import { nameProblem, tidyName } from '../../contract/names.ts';
import { setting } from '../editorSettings.ts';
import { l10n } from '../l10n.ts';
import { failureIn } from '../language.ts';
import { plainText } from '../plainText.ts';
import { askRegistryUrl } from './askRegistryUrl.ts';

/** Registers the name. `signal` ends it when the box is closed meanwhile. */
export type Submit = (name: string, signal: AbortSignal) => Promise<void>;

/**
 * Resolves with the name once `submit` took it, or undefined when the box was closed. A name that is taken or not allowed
 * is said in the box; any other failure closes it and rejects, with the text in `NameNotSubmitted`.
 */
export function askName(typed: string, submit: Submit): Promise<string | undefined> {
  const box = window.createInputBox();
  box.title = l10n.t('Choose a name');
  box.placeholder = l10n.t('The name that other people see');
  box.value = typed;
  box.ignoreFocusOut = true;
  box.buttons = [registryButton()];
  showRegistry(box);
  return new Promise<string | undefined>((resolve, reject) => {
    const closed = new AbortController();
    box.onDidChangeValue((text) => {
      box.validationMessage = text === '' ? undefined : problemText(text);
    });
    box.onDidTriggerButton(() => void changeRegistry(box, reject));
    box.onDidAccept(() => void accept(box, submit, closed.signal).then(resolveUnlessOpen(resolve), reject));
    box.onDidHide(() => {
      if (changingRegistry.has(box)) return;
      closed.abort();
      resolve(undefined);
    });
    box.show();
  }).finally(() => box.dispose());
}

/** Boxes that are out of sight while the registry's address is asked for. */
const changingRegistry = new WeakSet<InputBox>();

/** What was typed when a failure closed the box. */
export class NameNotSubmitted extends Error {
  readonly typed: string;

  constructor(typed: string, cause: unknown) {
    super('the name could not be submitted', { cause });
    this.typed = typed;
  }
}

function resolveUnlessOpen(resolve: (name: string) => void) {
  return (name: string | undefined) => {
    if (name !== undefined) resolve(name);
  };
}

/** The name, or undefined when the box stays open. */
async function accept(box: InputBox, submit: Submit, signal: AbortSignal): Promise<string | undefined> {
  box.validationMessage = problemText(box.value);
  if (box.validationMessage !== undefined) return undefined;
  const name = tidyName(box.value);
  setBusy(box, true);
  try {
    await submit(name, signal);
    return name;
  } catch (error) {
    if (!concernsName(error)) throw new NameNotSubmitted(box.value, error);
    box.validationMessage = plainText(inWords(error.failure));
    return undefined;
  } finally {
    setBusy(box, false);
  }
}

function concernsName(error: unknown): error is FailureError {
  return error instanceof FailureError && /^name(Taken|Invalid)$/.test(error.failure.code);
}

function problemText(text: string): string | undefined {
  const problem = nameProblem(text);
  return problem === undefined ? undefined : inWords(failure('nameInvalid', { problem }));
}

function inWords(of: Failure): string {
  return failureIn({ t: l10n.t, locale: env.language }, of);
}

function setBusy(box: InputBox, busy: boolean): void {
  box.busy = busy;
  box.enabled = !busy;
}

function registryButton(): QuickInputButton {
  return { iconPath: new ThemeIcon('server-environment'), tooltip: l10n.t('Use another registry') };
}

function showRegistry(box: InputBox): void {
  box.prompt = l10n.t('You will be found by this name at the registry {0}', setting('registryUrl'));
}

async function changeRegistry(box: InputBox, reject: (error: unknown) => void): Promise<void> {
  changingRegistry.add(box);
  try {
    await askRegistryUrl();
    showRegistry(box);
    box.show();
  } catch (error) {
    reject(error);
  } finally {
    changingRegistry.delete(box);
  }
}
