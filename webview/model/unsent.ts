// What is written here and not sent, as the extension keeps it for when this tab is closed.

import { MAX_UNSENT_LENGTH, MAX_UNSENT_TEXTS, type ReturnedText } from '../../src/contract/panel.ts';
import type { Page } from './pageState.ts';
import { savedWriting, type Writing } from './writing.ts';

/** The words of the message that is being changed, where they are not its own any more. */
type Edited = Parameters<typeof savedWriting>[1];

/** The draft, the change that is being made, and those that wait for their turn. */
export function unsentOf(
  { writing, returnedEdits }: Page,
  draft: string,
  edited: Edited,
): readonly ReturnedText[] {
  const waiting = returnedEdits.map(({ id, text }) => ({ text, editOf: id }));
  return [...draftOf(draft, writing), ...changeOf(writing, edited), ...waiting]
    .filter(({ text }) => text.length <= MAX_UNSENT_LENGTH)
    .slice(0, MAX_UNSENT_TEXTS);
}

function draftOf(text: string, writing: Writing): ReturnedText[] {
  if (text.trim() === '') return [];
  return [writing.kind === 'reply' ? { text, replyTo: writing.message.id } : { text }];
}

/** Nothing while the message says what it said. */
function changeOf(writing: Writing, edited: Edited): ReturnedText[] {
  const text = savedWriting(writing, edited)?.text;
  return writing.kind === 'edit' && text !== undefined ? [{ text, editOf: writing.message.id }] : [];
}
