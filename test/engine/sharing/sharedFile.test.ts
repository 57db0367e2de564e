// What is seen of a file that is shared.

import assert from 'node:assert/strict';
import { realpath, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lookAt, lookOf, sharableFile } from '../../../src/engine/sharing/sharedFile.ts';
import { unmountedDrive } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a look at a shared file', () => {
  const folder = temporaryFolder();

  it('gives its time of change within what can be told and shown, whatever its disk has noted', () => {
    const modifiedAt = (mtimeMs: number) => lookOf({ size: 1, mtimeMs }).modifiedAt;
    assert.equal(modifiedAt(1_700_000_000_000.6), 1_700_000_000_000);
    assert.equal(modifiedAt(-1), 0);
    assert.equal(modifiedAt(9e15), 8.64e15);
  });

  it('follows links where the system cannot tell their end, and none that has taken the place of the file', async () => {
    const root = await realpath(folder.path);
    const [file, other, link] = ['a', 'b', 'link'].map((name) => path.join(root, name));
    assert.ok(file && other && link);
    await writeFile(file, 'a');
    await writeFile(other, 'b');
    await symlink(file, link);
    using _ = unmountedDrive();
    assert.equal((await sharableFile(link)).path, file);
    assert.equal((await lookAt(file)).kind, 'there');
    await rm(file);
    await symlink(other, file);
    assert.equal((await lookAt(file)).kind, 'gone');
  });
});
