// Who may run `npm start` in a checkout: processes of their own, as a lock is a process'.

import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Background } from '../../scripts/run/background.ts';
import { root } from '../../scripts/setup/places.mjs';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const ONLY_ONCE = pathToFileURL(path.join(root, 'scripts', 'starting', 'onlyOnce.ts')).href;
const PROGRAM = `
  const { claimStart, releaseStart } = await import(${JSON.stringify(ONLY_ONCE)});
  process.on('SIGTERM', () => void releaseStart().then(() => process.exit()));
  await claimStart().then(() => console.log('runs'), (error) => console.log(error.message));
  setInterval(() => {}, 1_000);
`;

describe('npm start in one checkout', () => {
  const folder = temporaryFolder();
  let started: Background[];

  beforeEach(() => {
    started = [];
  });
  afterEach(() => Promise.all(started.map((program) => program.stop())));

  /** What it says first. */
  async function start(): Promise<{ readonly said: string; readonly program: Background }> {
    const program = new Background({
      name: 'npm start',
      command: process.execPath,
      args: ['--input-type=module', '-e', PROGRAM],
      env: { ...process.env, HAMTA_START_DIR: folder.path },
    });
    started.push(program);
    const [said] = await program.said(/.+/, 20_000);
    return { said, program };
  }

  it('runs once at a time, and the second is told which process that is', async () => {
    const first = await start();
    assert.equal(first.said, 'runs');
    assert.match((await start()).said, /already running here, as process \d+\./);
    await first.program.stop();
    assert.equal((await start()).said, 'runs');
  });

  it('runs after one that was killed, though another process has its number now', async () => {
    await writeFile(path.join(folder.path, 'running.pid'), String(process.pid));
    assert.equal((await start()).said, 'runs');
    assert.deepEqual((await readdir(folder.path)).sort(), ['running.lock', 'running.pid']);
  });
});
