// An editor whose only conversation has very many messages: each says its number, in texts of all lengths, some with code.

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { parseFingerprint } from '../../../src/contract/fingerprint.ts';
import { seedConversation } from '../seedConversation.ts';
import { EditorUser, type EditorUserOptions } from './editorUser.ts';

const ENGINE = ['data', 'data', 'User', 'globalStorage', 'hamta.hamta', 'engine'];
const STEP_MS = 10 * 60_000;
const AFTER_MS = 60_000;

export interface LongConversation {
  readonly count: number;
  /** What follows the number in message `i`, from 1. */
  extra?(i: number): string;
}

/** With somebody of the name dara, who is not there. The window is still to be opened. */
export async function startWithLongConversation(
  browser: Browser,
  options: EditorUserOptions,
  { count, extra = () => '' }: LongConversation,
): Promise<EditorUser> {
  const fingerprint = parseFingerprint('d'.repeat(64));
  if (fingerprint === undefined) throw new Error('it is no fingerprint');
  const user = await EditorUser.start(browser, options);
  seedConversation({
    dataDir: path.join(user.root, ...ENGINE),
    peer: { fingerprint, name: 'dara' },
    count,
    message: (i) => ({ from: i % 3 === 0 ? 'me' : 'peer', text: textOf(i, extra(i)) }),
    lastAt: Date.now() - AFTER_MS,
    stepMs: STEP_MS,
  });
  return user;
}

function textOf(i: number, extra: string): string {
  const rest = 'and some more words about it '.repeat((i * 31) % 11);
  const code = i % 50 === 0 ? '\n\n```ts\nconst answer = 42; // of course\n```' : '';
  return `Message ${i} ${rest}${extra}`.trimEnd() + code;
}
