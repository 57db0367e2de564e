// A folder of its own for each test of a suite, gone afterwards.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Call it in a `describe`; inside a test, `path` is that test's folder. */
export function temporaryFolder(parent = tmpdir()): { readonly path: string } {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(parent, 'hamta-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return {
    get path() {
      return folder;
    },
  };
}
