// When a text can be sent, and what the composer says when it cannot.

import { MAX_TEXT_LENGTH } from '../../src/contract/message.ts';
import type { Format } from './format.ts';
import { t } from './words.ts';

export interface Composing {
  /** What would be sent: without empty lines around it, indentation kept. */
  readonly text: string;
  readonly canSend: boolean;
  readonly hint: string | undefined;
}

export function composingOf(draft: string, engineAway: boolean, format: Format): Composing {
  const text = draft.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  const over = text.length - MAX_TEXT_LENGTH;
  if (over > 0) return { text, canSend: false, hint: tooLongHint(over, format) };
  if (engineAway && text !== '')
    return { text, canSend: false, hint: t('Hamta is starting again. Send in a moment.') };
  return { text, canSend: text.trim() !== '', hint: undefined };
}

function tooLongHint(over: number, format: Format): string {
  const most = format.count(MAX_TEXT_LENGTH);
  if (over === 1)
    return t('1 character too long for one message ({0} at most). Shorten it, or send it as a file.', most);
  return t(
    '{0} characters too long for one message ({1} at most). Shorten it, or send it as a file.',
    format.count(over),
    most,
  );
}
