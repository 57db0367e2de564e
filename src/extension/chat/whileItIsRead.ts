// The sign that a disk is waited for, with a button that ends the wait.

import { ProgressLocation, window } from 'vscode';
import type { RequestOptions } from '../engine/engineClient.ts';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { type LongWait, patiently } from './patiently.ts';

/** As `patiently`, for the file that is called `name`. */
export function whileItIsRead<T>(name: string, ask: (options: RequestOptions) => Promise<T>): Promise<T> {
  return whileItIsAsked(l10n.t('Reading {0}', inText(name)), ask);
}

/** As `patiently`, with a sign that says `title`. */
export function whileItIsAsked<T>(title: string, ask: (options: RequestOptions) => Promise<T>): Promise<T> {
  return patiently(ask, (wait) => showWait(title, wait));
}

function showWait(title: string, { over, cancel }: LongWait): void {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  void window.withProgress(options, (_, token) => {
    token.onCancellationRequested(cancel);
    return over.catch(() => undefined);
  });
}
