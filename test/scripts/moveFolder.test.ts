import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { movesTo } from '../../scripts/setup/moveFolder.mjs';
import { isWindows } from '../../scripts/setup/places.mjs';
import { heldFor } from '../support/badDisks.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('a folder that is put in its place', () => {
  const folder = temporaryFolder();
  const ready = () => path.join(folder.path, 'ready');
  const place = () => path.join(folder.path, 'place');

  beforeEach(async () => {
    await mkdir(ready());
    await writeFile(path.join(ready(), 'new'), '');
  });

  for (const code of ['EBUSY', 'EPERM', 'EACCES'])
    it(`is tried again on Windows alone: elsewhere nothing comes of waiting (${code})`, async () => {
      using _ = heldFor(1, /ready$/, code);
      const outcome = await movesTo(place(), ready()).catch((error) => error.code);
      assert.equal(outcome, isWindows || code);
    });

  it('is tried again everywhere where another command has just put aside what was in the way', async () => {
    using _ = heldFor(1, /ready$/, 'ENOTEMPTY');
    assert.equal(await movesTo(place(), ready(), false), true);
    assert.deepEqual(await readdir(place()), ['new']);
  });

  it('waits for no scanner where something is in the way', async () => {
    await mkdir(place());
    await writeFile(path.join(place(), 'old'), '');
    assert.equal(await movesTo(place(), ready(), true), false);
    assert.deepEqual(await readdir(place()), ['old']);
  });
});
