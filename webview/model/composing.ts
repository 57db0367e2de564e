// When a text can be sent, and what the composer says when it cannot.

import { MAX_TEXT_LENGTH } from '../../src/contract/message.ts';
import type { Format } from './format.ts';
import { t } from './words.ts';

export interface Composing {
  /** What would be sent: without empty lines around it, indentation kept. */
  readonly text: string;
  readonly canSend: boolean;
  /** It could be sent if the engine were there: who presses Enter now has it sent once that is. */
  readonly canWait: boolean;
  readonly hint: string | undefined;
}

/** `isWaiting`: Enter was pressed on this draft while the engine was away. */
export function composingOf(
  draft: string,
  engineAway: boolean,
  format: Format,
  isWaiting = false,
): Composing {
  const text = draft.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  const over = text.length - MAX_TEXT_LENGTH;
  if (over > 0) return { text, canSend: false, canWait: false, hint: tooLongHint(over, format) };
  const isSomething = text.trim() !== '';
  if (engineAway && isSomething) return { text, canSend: false, canWait: true, hint: waitingHint(isWaiting) };
  return { text, canSend: isSomething, canWait: false, hint: undefined };
}

function waitingHint(isWaiting: boolean): string {
  return isWaiting
    ? t('Hamta is starting again. This goes in a moment, unless you change it.')
    : t('Hamta is starting again. What you send goes in a moment.');
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
