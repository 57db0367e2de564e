// The demo peer's engine, as a process.

import assert from 'node:assert/strict';
import { ChildProcess } from 'node:child_process';
import { mock } from 'node:test';
import { EngineChild } from '../../src/peer/engineChild.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('the engine of a demo peer', () => {
  const folder = temporaryFolder();
  afterEach(() => mock.restoreAll());

  it('is asked to stop by the end of its input: on Windows a signal would end it before it has said goodbye', async () => {
    const signals = mock.method(ChildProcess.prototype, 'kill');
    const options = {
      name: 'demo',
      registryUrl: 'http://127.0.0.1:9',
      dataDir: folder.path,
      host: '127.0.0.1',
    };
    const engine = new EngineChild(options, () => undefined);
    await engine.rpc.request('attach', { version: 'test' });
    await engine.stop();
    assert.equal(signals.mock.callCount(), 0);
  });
});
