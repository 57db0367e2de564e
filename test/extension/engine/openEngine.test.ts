// The engine as a window opens it, against a stand-in for its worker.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OpenEngine, openEngine } from '../../../src/extension/engine/openEngine.ts';
import { keptVariables } from '../../support/keptVariables.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('an engine that a window opens', () => {
  // Short enough for a socket's path on macOS, too.
  const folder = temporaryFolder(process.platform === 'win32' ? tmpdir() : '/tmp');
  let engine: OpenEngine | undefined;
  afterEach(() => engine?.close());
  keptVariables('XDG_RUNTIME_DIR');

  it('is looked for again by a clock that nobody sets', async () => {
    process.env.XDG_RUNTIME_DIR = folder.path;
    const script = path.join(folder.path, 'busy.cjs');
    await writeFile(script, "require('node:worker_threads').parentPort.postMessage({ kind: 'busy' });");
    engine = openEngine({
      version: '0.1.0',
      script,
      dataDir: folder.path,
      settings: () => ({ port: 0, downloadFolder: folder.path, autoAccept: false }),
      log: () => {},
    });
    const { onDidChangeStatus } = engine.client;
    const until = new Promise<number>((resolve) => {
      onDidChangeStatus((status) => status.kind === 'waiting' && resolve(status.until));
    });
    engine.client.start();
    assert.ok((await until) <= performance.now() + 1_000);
  });
});
