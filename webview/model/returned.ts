// What could not be sent comes back to the composer: into the draft, and as the answer or the change that it was.

import type { ReturnedText } from '../../src/contract/panel.ts';
import { conversationIn, type Page } from './pageState.ts';
import { isEditable, type Writing } from './writing.ts';

/** Changed words must not become a new message: they wait until the composer is free and their message is loaded. */
export function withReturned(page: Page, { text, editOf, replyTo }: ReturnedText): Page {
  if (editOf === undefined) return withDraft(page, text, replyTo);
  const others = page.returnedEdits.filter(({ id }) => id !== editOf);
  return { ...page, returnedEdits: [...others, { id: editOf, text }] };
}

function withDraft(page: Page, text: string, replyTo: string | undefined): Page {
  const returnedDraft = page.returnedDraft === undefined ? text : `${page.returnedDraft}\n${text}`;
  const message = replyTo === undefined ? undefined : messageOf(page, replyTo);
  const isAnswer = page.writing.kind === 'new' && message !== undefined && message.body.kind !== 'deleted';
  return { ...page, returnedDraft, writing: isAnswer ? { kind: 'reply', message } : page.writing };
}

/** Goes on with the first change that can be gone on with. One whose message is gone is none any more. */
export function withReturnedEdit(page: Page): Page {
  for (const { id, text } of page.returnedEdits) {
    const message = messageOf(page, id);
    if (message === undefined || !isFreeFor(page.writing, id)) continue;
    const returnedEdits = page.returnedEdits.filter((other) => other.id !== id);
    return isEditable(message)
      ? { ...page, returnedEdits, writing: { kind: 'edit', message, text } }
      : withReturnedEdit({ ...page, returnedEdits });
  }
  return page;
}

function isFreeFor(writing: Writing, id: string): boolean {
  return writing.kind === 'new' || (writing.kind === 'edit' && writing.message.id === id);
}

function messageOf(page: Page, id: string) {
  return conversationIn(page)?.messages.find((message) => message.id === id);
}
