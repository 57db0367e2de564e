// What is being written: something new, an answer, or other words for a message of mine.

import { MAX_EXCERPT_LENGTH, type Message } from '../../src/contract/message.ts';
import type { FromPanel, SavedWriting } from '../../src/contract/panel.ts';
import type { Conversation } from '../../src/contract/state.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { withoutFences } from './textBlocks.ts';
import { t } from './words.ts';

export type Writing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: Message }
  /** `text`: the words to begin with, where they are not the message's own. */
  | { readonly kind: 'edit'; readonly message: Message; readonly text?: string };

export const NEW: Writing = { kind: 'new' };

/** A message's beginning in one line, or the name of its file. */
export function excerptOf({ body }: Message, transfers: Readonly<Record<string, Transfer>>): string {
  if (body.kind === 'deleted') return '';
  if (body.kind === 'transfer') return transfers[body.transferId]?.name ?? t('a file');
  const line = withoutFences(
    body.text
      .slice(0, 2 * MAX_EXCERPT_LENGTH)
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return line.length <= MAX_EXCERPT_LENGTH ? line : `${[...line].slice(0, MAX_EXCERPT_LENGTH).join('')}…`;
}

/** The text of mine that can be changed next: the last one, where the newest messages are loaded. */
export function lastEditable(conversation: Conversation | undefined): Message | undefined {
  if (conversation === undefined || conversation.hasLater === true) return undefined;
  return conversation.messages.findLast(isEditable);
}

export function isEditable({ from, body }: Message): boolean {
  return from === 'me' && body.kind === 'text';
}

/** `newId`: of this asking, and of the message that it becomes, where it is a new one. */
export function sendIntent(writing: Writing, text: string, newId: string): FromPanel {
  if (writing.kind === 'new') return { kind: 'sendText', id: newId, text };
  const { id } = writing.message;
  return writing.kind === 'edit'
    ? { kind: 'sendText', id: newId, text, editOf: id }
    : { kind: 'sendText', id: newId, text, replyTo: id };
}

/** What is answered or changed may be changed or taken back meanwhile. */
export function writingAfter(writing: Writing, changed: Message): Writing {
  if (writing.kind === 'new' || writing.message.order !== changed.order) return writing;
  return changed.body.kind === 'deleted' ? NEW : { ...writing, message: changed };
}

/** As it is kept for the page's next life. `edited`: other words than the message's own. */
export function savedWriting(
  writing: Writing,
  edited: { readonly order: number; readonly text: string } | undefined,
): SavedWriting | undefined {
  if (writing.kind === 'new') return undefined;
  const { order } = writing.message;
  if (writing.kind === 'reply') return { kind: 'reply', order, text: undefined };
  return { kind: 'edit', order, text: edited?.order === order ? edited.text : writing.text };
}

/** What was kept, where its message is loaded and still there. */
export function writingOf(saved: SavedWriting | undefined, { messages }: Conversation): Writing | undefined {
  const message = messages.find(({ order }) => order === saved?.order);
  if (saved === undefined || message === undefined || message.body.kind === 'deleted') return undefined;
  return { kind: saved.kind, message };
}
