// `npm run test:desktop`: the suites of test/editor inside a desktop VS Code, which is downloaded once. On Linux without a
// display: `xvfb-run -a npm run test:desktop`.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build, buildEditorTests } from '../esbuild.mjs';
import { DESKTOP_VERSION } from './host/params.ts';
import { seedSettings } from './host/userSettings.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './run/temporaryFolder.ts';
import { cacheDir, root } from './setup/places.mjs';

async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ version: DESKTOP_VERSION, cachePath: cacheDir });
  } catch (cause) {
    const advice =
      'It comes from update.code.visualstudio.com; where that cannot be reached, "npm test" runs the same suites.';
    throw new Error(
      `VS Code ${DESKTOP_VERSION} could not be downloaded: ${(cause as Error).message}\n${advice}`,
      { cause },
    );
  }
}

async function run(vscodeExecutablePath: string): Promise<number> {
  const home = await makeTemporaryFolder('desktop');
  try {
    await seedSettings(path.join(home, 'User'));
    await mkdir(path.join(home, 'project'));
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist-test', 'editor', 'run.cjs'),
      extensionTestsEnv: { HAMTA_LISTEN_HOST: '127.0.0.1' },
      launchArgs: [path.join(home, 'project'), '--disable-extensions', '--user-data-dir', home],
    });
  } finally {
    await removeTemporaryFolder(home);
  }
}

try {
  const executable = await download();
  await build();
  await buildEditorTests();
  process.exitCode = await run(executable);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
