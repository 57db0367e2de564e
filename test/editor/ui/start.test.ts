// `npm start`, from the first line to Ctrl+C.
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { Background } from '../../../scripts/run/background.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../scripts/run/temporaryFolder.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { Workbench } from '../../support/editor/workbench.ts';

const READY_MS = 40_000;

describe('npm start', () => {
  let browser: Browser;
  let home: string;
  let start: Background;

  before(async () => {
    browser = await launchBrowser();
    home = await makeTemporaryFolder('start');
    start = new Background({
      name: 'npm start',
      command: process.execPath,
      args: ['scripts/start.ts', '--browser'],
      env: { ...process.env, HAMTA_START_DIR: home },
    });
  });

  after(async () => {
    await start.stop();
    await browser.close();
    await removeTemporaryFolder(home);
  });

  it('ends with an address where a person can choose a name, and leaves nothing behind after Ctrl+C', async () => {
    const [, address = ''] = await start.said(/^ {2}VS Code +(\S+)$/m, READY_MS);
    const [, registry = ''] = await start.said(/^ {2}Registry +(\S+) \(store: embedded .+\)$/m, READY_MS);
    await start.said(/^ {2}Demo peer +mina, on 127\.0\.0\.1:\d+;/m, READY_MS);
    assert.equal((await fetch(`${registry}/healthz`)).status, 200);

    const window = new Workbench(await browser.newPage());
    await window.open(address);
    const peers = await window.openView('Hamta', 'Peers');
    await peers.welcome.getByRole('button', { name: 'Choose a Name' }).waitFor();
    await window.close();

    await start.stop();
    assert.equal(start.exitCode, 0);
    await assert.rejects(fetch(address), 'the editor still answers');
    await assert.rejects(fetch(`${registry}/healthz`), 'the registry still answers');
  });
});
