// The registry's child process against stand-ins for the server: small programs that say or do one thing.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RegistryProcess, type UntilHealthy } from '../../../src/extension/registry/registryProcess.ts';

const READY = 'hamta registry listening on http://127.0.0.1:8123 (store: embedded)';
const UNTIL_PARENT_GOES = "process.stdin.on('end', () => process.exit(0)).resume();";
const choice = { port: 0, redisUrl: '', dataFile: 'unused.db', host: undefined };

const HEALTHY: UntilHealthy = async () => {};
/** As a registry whose store is away: until the wait ends. */
const NEVER_HEALTHY: UntilHealthy = (_, signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('the registry process on this machine', () => {
  let folder: string;
  let written: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-registry-'));
    written = '';
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function standIn(source: string, untilHealthy = HEALTHY): Promise<RegistryProcess> {
    const script = path.join(folder, 'server.cjs');
    await writeFile(script, source);
    const write = (text: string) => {
      written += text;
    };
    return new RegistryProcess(script, write, untilHealthy);
  }

  it('runs once it has said so, and is stopped by the end of its input', async () => {
    const registry = await standIn(`console.log(${JSON.stringify(READY)}); ${UNTIL_PARENT_GOES}`);
    const seen: string[] = [];
    registry.onDidChange(({ kind }) => seen.push(kind));
    const outcome = await registry.start(choice);
    assert.deepEqual(outcome, { kind: 'running', url: 'http://127.0.0.1:8123', store: 'embedded' });
    await registry.stop();
    assert.deepEqual(seen, ['starting', 'running', 'stopped']);
  });

  it('runs only once it is healthy, which is asked on this machine', async () => {
    let healthy = () => {};
    const asked = Promise.withResolvers<string>();
    const registry = await standIn(
      `console.log(${JSON.stringify(READY.replace('127.0.0.1', '192.0.2.1'))}); ${UNTIL_PARENT_GOES}`,
      (url) => {
        asked.resolve(url);
        return new Promise((resolve) => {
          healthy = resolve;
        });
      },
    );
    const started = registry.start(choice);
    assert.equal(await asked.promise, 'http://127.0.0.1:8123/healthz');
    assert.equal(registry.state.kind, 'starting');
    healthy();
    assert.equal((await started).kind, 'running');
    await registry.stop();
  });

  it('can be stopped before it is healthy, which is no failure', async () => {
    const registry = await standIn(
      `console.log(${JSON.stringify(READY)}); ${UNTIL_PARENT_GOES}`,
      NEVER_HEALTHY,
    );
    const started = registry.start(choice);
    await registry.stop();
    assert.deepEqual(await started, { kind: 'stopped' });
    assert.deepEqual(registry.state, { kind: 'stopped' });
  });

  it('has failed when it ends without being asked to, until somebody has seen that', async () => {
    const registry = await standIn(
      `console.log(${JSON.stringify(READY)}); console.log('no room on the disk'); process.exit(1)`,
    );
    const failed = new Promise((resolve) => {
      registry.onDidChange((state) => state.kind === 'failed' && resolve(state));
    });
    assert.equal((await registry.start(choice)).kind, 'running');
    assert.deepEqual(await failed, { kind: 'failed', reason: 'no room on the disk' });
    registry.forgetFailure();
    assert.deepEqual(registry.state, { kind: 'stopped' });
  });

  it('says that the port is in use when the server ends with that code', async () => {
    const registry = await standIn('process.exit(2)');
    assert.deepEqual(await registry.start(choice), { kind: 'portInUse' });
    assert.equal(registry.state.kind, 'stopped');
  });

  it('gives the last line of a server that could not start, and shows all of it', async () => {
    const registry = await standIn(
      "console.error('first'); console.error('no Redis answers'); process.exit(1)",
    );
    assert.deepEqual(await registry.start(choice), { kind: 'failed', reason: 'no Redis answers' });
    assert.equal(written, 'first\nno Redis answers\n');
  });

  it('can be started again after it has ended', async () => {
    const registry = await standIn(`console.log(${JSON.stringify(READY)}); ${UNTIL_PARENT_GOES}`);
    await registry.start(choice);
    await registry.stop();
    assert.equal((await registry.start(choice)).kind, 'running');
    await registry.stop();
  });
});
