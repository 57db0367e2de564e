// An editor whose only conversation has very many messages: each says its number, in texts of all lengths, some with code.

import type { Browser } from 'playwright-core';
import type { EditorUser, EditorUserOptions } from './editorUser.ts';
import { startWithConversation } from './seededEditor.ts';

const STEP_MS = 10 * 60_000;

export interface LongConversation {
  readonly count: number;
  /** What follows the number in message `i`, from 1. */
  extra?(i: number): string;
}

/** As `startWithConversation`. */
export function startWithLongConversation(
  browser: Browser,
  options: EditorUserOptions,
  { count, extra = () => '' }: LongConversation,
): Promise<EditorUser> {
  return startWithConversation(browser, options, {
    count,
    message: (i) => ({ from: i % 3 === 0 ? 'me' : 'peer', text: textOf(i, extra(i)) }),
    stepMs: STEP_MS,
  });
}

function textOf(i: number, extra: string): string {
  const rest = 'and some more words about it '.repeat((i * 31) % 11);
  const code = i % 50 === 0 ? '\n\n```ts\nconst answer = 42; // of course\n```' : '';
  return `Message ${i} ${rest}${extra}`.trimEnd() + code;
}
