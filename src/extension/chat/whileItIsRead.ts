// The sign that a file's disk is waited for, with a button that ends the wait.

import { l10n, ProgressLocation, window } from 'vscode';
import type { RequestOptions } from '../engine/engineClient.ts';
import { inText } from '../inText.ts';
import { type LongWait, patiently } from './patiently.ts';

/** As `patiently`, for the file that is called `name`. */
export function whileItIsRead<T>(name: string, ask: (options: RequestOptions) => Promise<T>): Promise<T> {
  const title = l10n.t('Reading {0}', inText(name));
  return patiently(ask, (wait) => showReading(title, wait));
}

function showReading(title: string, { over, cancel }: LongWait): void {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  void window.withProgress(options, (_, token) => {
    token.onCancellationRequested(cancel);
    return over.catch(() => undefined);
  });
}
