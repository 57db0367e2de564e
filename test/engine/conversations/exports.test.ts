// A conversation that goes to a file of my person's choice. What is in it: exportFormats.test.ts.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Exports } from '../../../src/engine/conversations/exports.ts';
import type { People } from '../../../src/engine/people/people.ts';
import type { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { heldFor } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI } from '../store/support.ts';

describe('an export', () => {
  const folder = temporaryFolder();
  const none = { messages: [], transfers: [], hasLater: false };
  const messages = { history: () => none } as unknown as ShownMessages;
  const people = { nameOf: () => 'Ali' } as unknown as People;

  it('over a file that may not be replaced says so within seconds on Windows, and leaves it as it was', async () => {
    const place = path.join(folder.path, 'old.md');
    await writeFile(place, 'old');
    using _ = heldFor(Number.POSITIVE_INFINITY, /old\.md\.[0-9a-f]+\.tmp$/);
    let waitedMs = 0;
    const pause = async (ms: number) => {
      waitedMs += ms;
    };
    const exports = new Exports(messages, people, { platform: 'win32', pause });
    const ended = exports.write({ peer: ALI, path: place, format: 'markdown' });
    const details = { path: place, detail: 'EPERM' };
    await assert.rejects(ended, { failure: { code: 'exportUnwritable', details } });
    assert.ok(waitedMs >= 2_000 && waitedMs < 6_000, `${waitedMs} ms`);
    assert.equal(await readFile(place, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder.path), ['old.md']);
  });
});
