// For runs with real editors, loaded by mocha as root hooks: keeps what the editors showed and logged when a test fails, and ends
// what a test that failed could not end.
import path from 'node:path';
import type { Context, Test } from 'mocha';
import { root } from '../../../scripts/setup/places.mjs';
import { closeBrowsers } from './browser.ts';
import { type EditorUser, runningUsers } from './editorUser.ts';

export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state === 'failed') for (const user of runningUsers()) await keepEvidence(user, test);
  },

  async afterAll(): Promise<void> {
    for (const user of runningUsers()) await user.close();
    await closeBrowsers();
  },
};

async function keepEvidence(user: EditorUser, test: Test): Promise<void> {
  const name = test.fullTitle().replace(/\W+/g, '-').slice(0, 80);
  let number = 1;
  for (const window of user.windows) {
    // A window that hangs must not hide why the test failed.
    await window.screenshot(`failed-${name}-${user.name}-${number++}`).catch(() => undefined);
  }
  await user.saveLogs(path.join(root, 'test-results', 'logs', name, user.name));
}
