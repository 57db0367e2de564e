// A folder that files are saved in, as far as it is asked for before there are any.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { SaveFolder } from '../../../src/engine/io/saveFolder.ts';
import { rootOfDrive } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a folder in which files are saved', () => {
  const root = temporaryFolder();
  const folder = (place = root.path) => new SaveFolder(new DiskCalls(), place);

  it('is made where it is missing, and its room is told', async () => {
    const room = await folder(path.join(root.path, 'a', 'b')).make();
    assert.ok(room > 0);
    assert.deepEqual(await readdir(path.join(root.path, 'a')), ['b']);
  });

  it('may be the root of a drive, which Windows does not let anybody make though it is there', async () => {
    using _ = rootOfDrive(/./);
    assert.ok((await folder().make()) > 0);
    await folder().expectWritable();
  });

  it('is refused where it cannot be made and is not there', async () => {
    using _ = rootOfDrive(/missing/);
    const missing = folder(path.join(root.path, 'missing'));
    await assert.rejects(missing.make(), { code: 'EPERM' });
    await assert.rejects(missing.expectWritable(), { code: 'EPERM' });
  });
});
