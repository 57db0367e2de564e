// The engine's worker against stand-ins for the engine: small scripts that say or do one thing.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogLine } from '../../../src/base/logger.ts';
import type { EngineStart } from '../../../src/contract/engineStart.ts';
import { failure } from '../../../src/contract/failure.ts';
import { EngineHost } from '../../../src/extension/engine/engineHost.ts';

const start: EngineStart = {
  dataDir: '/unused',
  pipeAddress: '/unused.sock',
  port: 0,
  downloadFolder: '/unused',
  autoAccept: false,
};
const PORT = "const { parentPort, workerData } = require('node:worker_threads');";
const STOPS = "parentPort.on('message', ({ kind }) => kind === 'stop' && process.exit(0));";

describe('the engine`s worker', () => {
  let folder: string;
  let lines: LogLine[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-worker-'));
    lines = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function standIn(source: string): Promise<EngineHost> {
    const script = path.join(folder, 'engine.cjs');
    await writeFile(script, `${PORT} ${source}`);
    return new EngineHost(script, (line) => lines.push(line));
  }

  it('is started once, with its start data, and asked to stop in the end', async () => {
    const host = await standIn(
      `parentPort.postMessage({ kind: 'log', line: { level: 'info', room: 'x', text: workerData.pipeAddress } });
       parentPort.postMessage({ kind: 'listening' }); ${STOPS}`,
    );
    assert.deepEqual(await host.host(() => start), { kind: 'listening' });
    assert.deepEqual(await host.host(() => assert.fail('started twice')), { kind: 'listening' });
    await host.close();
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['/unused.sock'],
    );
  });

  it('looks often for buffers that are not used any more', async () => {
    const host = await standIn(
      `const { maxYoungGenerationSizeMb: mib } = require('node:worker_threads').resourceLimits;
       parentPort.postMessage({ kind: 'log', line: { level: 'info', room: 'x', text: String(mib) } });
       parentPort.postMessage({ kind: 'listening' }); ${STOPS}`,
    );
    await host.host(() => start);
    await host.close();
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['3'],
    );
  });

  it('may be started again after it found the database held by another', async () => {
    const host = await standIn(
      "parentPort.postMessage({ kind: 'busy' }); setImmediate(() => process.exit(0));",
    );
    const inUse = failure('databaseUnusable', { path: '/unused', detail: 'inUse' });
    assert.deepEqual(await host.host(() => start), { kind: 'busy', failure: inUse });
    await host.close();
  });

  it('is reported as gone, with its words in the log, when it ends by a bug', async () => {
    const host = await standIn("throw new Error('a bug');");
    assert.deepEqual(await host.host(() => start), {
      kind: 'failed',
      failure: failure('engineEnded', {}),
    });
    assert.match(lines.map(({ text }) => text).join('\n'), /a bug/);
  });

  it('is not started any more once the window closes', async () => {
    const host = await standIn("parentPort.postMessage({ kind: 'listening' });");
    await host.close();
    assert.equal((await host.host(() => start)).kind, 'failed');
  });
});
