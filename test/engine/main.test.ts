// The engine where it cannot start: as a window's worker, and without an editor.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EngineStart, FromEngine } from '../../src/contract/engineStart.ts';
import { failure, failureText } from '../../src/contract/failure.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const MAIN = new URL('../../src/engine/main.ts', import.meta.url);

describe('an engine that cannot start', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();

  async function lastWord(): Promise<FromEngine> {
    const workerData: EngineStart = {
      dataDir: folder.path,
      pipeAddress: path.join(folder.path, 'engine.sock'),
      listenHost: '127.0.0.1',
      port: 0,
      downloadFolder: folder.path,
      autoAccept: false,
    };
    const worker = new Worker(MAIN, { workerData, execArgv: [] });
    const ended = once(worker, 'exit');
    const [message] = await once(worker, 'message');
    await ended;
    return message;
  }

  async function headless(...more: string[]): Promise<{ code: unknown; said: string }> {
    const args = [fileURLToPath(MAIN), '--stdio', '--data', folder.path, '--host', '127.0.0.1', ...more];
    const engine = spawn(process.execPath, args, { timeout: 15_000 });
    const [said, [code]] = await Promise.all([text(engine.stderr), once(engine, 'exit')]);
    return { code, said };
  }

  it('names what is in its way by the code of the system, which has words in every language', async () => {
    const thumbnails = path.join(folder.path, 'thumbnails');
    await writeFile(thumbnails, 'a file where the folder would be');
    assert.deepEqual(await lastWord(), {
      kind: 'failed',
      failure: failure('databaseUnusable', { path: thumbnails, detail: 'EEXIST' }),
    });
  });

  it('says where its database cannot be', async () => {
    const lock = path.join(folder.path, 'hamta.db.lock');
    await mkdir(lock);
    assert.deepEqual(await lastWord(), {
      kind: 'failed',
      failure: failure('databaseUnusable', { path: lock, detail: 'notOpened' }),
    });
  });

  it('ends with an exit code when it cannot sign up, though whoever started it still has its pipes open', async () => {
    const { code, said } = await headless('--name', 'sara', '--registry', 'http://127.0.0.1:1');
    assert.equal(code, 1);
    assert.match(said, /^No registry answers at http:\/\/127\.0\.0\.1:1\./m);
  });

  it('says which address it was to listen at is none of this machine', async () => {
    const { code, said } = await headless('--host', '192.0.2.1');
    assert.equal(code, 1);
    assert.match(said, /192\.0\.2\.1 \(EADDRNOTAVAIL\)/);
    assert.doesNotMatch(said, /in use/);
  });

  it('says that its port is in use, and nothing else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const end = await headless('--port', `${port}`);
    other.close();
    assert.deepEqual(end, { code: 1, said: `${failureText(failure('portInUse', { port }))}\n` });
  });
});
