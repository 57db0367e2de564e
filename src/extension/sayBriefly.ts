// Says that something was done, where nobody has to close it.

import { window } from 'vscode';

const SAID_MS = 5_000;

/** One line in the status bar, for a moment. */
export function sayBriefly(text: string): void {
  window.setStatusBarMessage(text, SAID_MS);
}
