// The registry as it is installed, one file, started by a Node that has no SQLite.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { parts } from '../../esbuild.mjs';

describe('the built registry', function () {
  // It is built, and two processes are started.
  this.timeout(60_000);

  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'hamta-built-'));
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    await build({ ...parts['registry-server'], outdir: folder });
  });

  after(() => rmSync(folder, { recursive: true }));

  function help(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
    const args = [...flags, path.join(folder, 'registry-server.js'), '--help'];
    return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  }

  it('says on one line that it needs a newer Node', () => {
    const { status, stdout, stderr } = help('--no-experimental-sqlite');
    assert.equal(stderr, `hamta registry: it needs Node 22.13 or later, and this is ${process.version}.\n`);
    assert.deepEqual([status, stdout], [1, '']);
  });

  it('starts with this one', () => {
    const { status, stdout, stderr } = help();
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Hamta registry: /);
  });
});
