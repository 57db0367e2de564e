// The engine as a window opens it, against a stand-in for its worker.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OpenEngine, openEngine } from '../../../src/extension/engine/openEngine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('an engine that a window opens', () => {
  const folder = temporaryFolder();
  let engine: OpenEngine | undefined;
  afterEach(() => engine?.close());

  it('is looked for again by a clock that nobody sets', async () => {
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
