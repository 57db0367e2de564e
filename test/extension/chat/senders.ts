// Windows that send texts: their drafts stand in one folder, and each one's engine ends all that it is asked for in its own way.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { Drafts } from '../../../src/extension/chat/drafts.ts';
import type { Services } from '../../../src/extension/services.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

export interface Senders {
  /** Requests since somebody has taken them from here. */
  readonly asked: unknown[];
  /** No answer comes: this window or its engine is killed. */
  killed(): Promise<Services>;
  /** All is stored. */
  next(): Promise<Services>;
  refusing(): Promise<Services>;
}

/** Call it in a `describe`. */
export function senders(): Senders {
  const asked: unknown[] = [];
  const open: Drafts[] = [];

  const windowWith = async (end: () => Promise<unknown>) => {
    const drafts = new Drafts(folder.path, assert.ifError);
    open.push(drafts);
    await drafts.load();
    const request = (...what: unknown[]) => {
      asked.push(what);
      return end();
    };
    return { drafts, engine: { request }, failures: { note: () => undefined } } as unknown as Services;
  };

  afterEach(async () => {
    asked.length = 0;
    for (const drafts of open.splice(0)) await drafts.close();
  });
  // Goes once they are closed.
  const folder = temporaryFolder();

  return {
    asked,
    killed: () => windowWith(() => new Promise(() => undefined)),
    next: () => windowWith(async () => null),
    refusing: () => windowWith(() => Promise.reject(fail('messageUnknown', {}))),
  };
}
