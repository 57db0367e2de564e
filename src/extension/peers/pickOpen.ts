// Asks which question or transfer is meant where a command came without one. For some milliseconds after the tree has changed the
// editor hands the commands of its inline buttons no row; which one was pressed is not known then, so nothing is done unasked,
// however few there are.

import { window } from 'vscode';
import type { State } from '../../contract/state.ts';
import type { Language } from '../language.ts';
import type { Services } from '../services.ts';
import type { OpenChoice } from './openChoices.ts';

export interface Asking<Id> {
  /** What the command was given. */
  readonly given: Id | undefined;
  readonly title: string;
  readonly choices: (state: State, language: Language) => readonly OpenChoice<Id>[];
  /** Said where there is no choice. */
  readonly nothing: string;
}

/** Undefined when nothing was picked, and when there is nothing to pick, which is said. */
export async function pickOpen<Id>(
  { engine, language }: Services,
  { given, title, choices, nothing }: Asking<Id>,
): Promise<Id | undefined> {
  if (given !== undefined) return given;
  const open = choices(await engine.ready(), language);
  if (open.length > 0) return (await window.showQuickPick(open, { title }))?.id;
  void window.showInformationMessage(nothing);
  return undefined;
}
