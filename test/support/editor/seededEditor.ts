// An editor of somebody who has talked with dara, who is not there. The window is still to be opened.

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { parseFingerprint } from '../../../src/contract/fingerprint.ts';
import { type Seed, seedConversation } from '../seedConversation.ts';
import { EditorUser, type EditorUserOptions } from './editorUser.ts';

const ENGINE = ['data', 'data', 'User', 'globalStorage', 'hamta.hamta', 'engine'];
/** The last message was written a minute ago. */
const AFTER_MS = 60_000;

export async function startWithConversation(
  browser: Browser,
  options: EditorUserOptions,
  conversation: Pick<Seed, 'count' | 'message' | 'stepMs'>,
): Promise<EditorUser> {
  const fingerprint = parseFingerprint('d'.repeat(64));
  if (fingerprint === undefined) throw new Error('it is no fingerprint');
  const user = await EditorUser.start(browser, options);
  seedConversation({
    ...conversation,
    dataDir: path.join(user.root, ...ENGINE),
    peer: { fingerprint, name: 'dara' },
    lastAt: Date.now() - AFTER_MS,
  });
  return user;
}
