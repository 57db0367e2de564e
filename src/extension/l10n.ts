// The extension's own words in the editor's language; the translations are in l10n/ at the root.

import { l10n as editors, env } from 'vscode';
import { inOwnDirection, isRightToLeft, type Language } from './language.ts';

const t: Language['t'] = (text, ...values) => editors.t(text, ...values);

/** In place of the editor's own, which leaves a sentence from right to left to a line that runs from left to right. */
export const l10n = { t: isRightToLeft(env.language) ? inOwnDirection(t, env.language) : t };
