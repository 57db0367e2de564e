// The package that people install, installed as they do it.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { packageExtension } from '../../../scripts/package.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../scripts/run/temporaryFolder.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';

describe('The package', () => {
  let browser: Browser;
  let folder: string;
  let user: EditorUser | undefined;

  before(async () => {
    browser = await launchBrowser();
    folder = await makeTemporaryFolder('package');
  });

  after(async () => {
    await user?.close();
    await browser.close();
    await removeTemporaryFolder(folder);
  });

  it('is smaller than 2 MB, installs into VS Code and works there', async () => {
    const vsix = path.join(folder, 'hamta.vsix');
    const { sizeBytes } = await packageExtension(vsix);
    assert.ok(sizeBytes < 2_000_000, `${sizeBytes} bytes`);

    user = await EditorUser.start(browser, { name: 'installed', extension: vsix });
    const window = await user.openWindow();
    const peers = await window.openView('Hamta', 'Peers');
    await peers.welcome.getByRole('button', { name: 'Choose a Name' }).click();

    await window.quickInput.field.waitFor();
    await window.screenshot('package-installed');
  });

  it('has a page in the editor without pictures and links that are not there', async () => {
    const folder = user?.folders.extensions ?? '';
    const files = await readdir(folder, { recursive: true });
    const readme = files.find((file) => /^hamta[^/]*\/readme\.md$/i.test(file)) ?? '';
    const text = await readFile(path.join(folder, readme), 'utf8');
    assert.match(text, /^# Hamta$/m);
    assert.doesNotMatch(text, /!\[|\]\((?!https:|#)/);
  });
});
