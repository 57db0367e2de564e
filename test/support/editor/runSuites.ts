// Runs the suites of dist-test/editor inside the extension host of a real VS Code, and ends with their exit code:
// `node test/support/editor/runSuites.ts [tally file]`.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { installHost } from '../../../scripts/host/installHost.ts';
import { startVscodeServer } from '../../../scripts/host/vscodeServer.ts';
import { windowUrl } from '../../../scripts/host/windowUrl.ts';
import { endOnSignals } from '../../../scripts/run/background.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../scripts/run/temporaryFolder.ts';
import { root as checkout } from '../../../scripts/setup/places.mjs';
import { launchBrowser } from './browser.ts';
import { registerWebviewWorkerFirst } from './webviewWorker.ts';
import { Workbench } from './workbench.ts';

const RUN_MS = 4 * 60_000;
/** As test/editor/run.ts marks them; everything else that arrives is the editor's own log. */
const OUR_LINE = 'suite | ';

async function runSuites(tally: string): Promise<number> {
  const host = await installHost();
  const root = await makeTemporaryFolder('suites');
  const env = { HAMTA_LISTEN_HOST: '127.0.0.1', HAMTA_TALLY: path.resolve(tally) };
  const server = await startVscodeServer({ host, root, home: path.join(root, 'home'), env, forSuites: true });
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await registerWebviewWorkerFirst(context, host);
    const page = await context.newPage();
    const ended = exitCodeOf(page);
    const folder = path.join(root, 'project');
    await mkdir(folder);
    const suite = { extension: checkout, module: path.join(checkout, 'dist-test', 'editor', 'run.cjs') };
    await page.exposeFunction('codeAutomationLog', showOurs);
    await new Workbench(page).open(windowUrl(server.url, { folder, suite }));
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    await removeTemporaryFolder(root);
  }
}

/** VS Code calls this function of the page when the suites have ended; it must be there before the page loads. */
function exitCodeOf(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`The suites did not end within ${RUN_MS / 60_000} minutes.`)),
      RUN_MS,
    );
    const settle = (end: () => void) => {
      clearTimeout(limit);
      end();
    };
    page.once('crash', () => settle(() => reject(new Error('The window crashed while the suites ran.'))));
    void page.exposeFunction('codeAutomationExit', (code: number) => settle(() => resolve(code)));
  });
}

/** The arguments are those of console.log, a format first. */
function showOurs(_type: string, args: unknown[]): void {
  const line = format(...args);
  if (line.startsWith(OUR_LINE)) console.log(line.slice(OUR_LINE.length));
}

endOnSignals();
process.exitCode = await runSuites(process.argv[2] ?? 'test-results/editor.json');
