// What VS Code calls inside the extension host to run the suites beside this file, on the desktop and in the browser build.
// It is built as CommonJS, and so are they.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { recordTally } from '../../scripts/testing/tally.ts';

/** Longer than a suite outside an editor gets: the first test may wait for the extension to start. */
const TEST_MS = 20_000;
/** Marks our lines among those of the editor; test/support/editor/runSuites.ts takes it off again. */
const OUR_LINE = 'suite | ';

/** Rejects where a test fails: the editor makes its exit code of that, and ending the process here would lose its logs. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  Mocha.reporters.Base.consoleLog = say;
  const mocha = new Mocha({ color: false, timeout: TEST_MS, forbidOnly: true, failZero: true });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  }
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
    if (process.env.HAMTA_TALLY) recordTally(runner, process.env.HAMTA_TALLY);
  });
}

function say(...args: unknown[]): void {
  for (const line of format(...args).split('\n')) console.log(`${OUR_LINE}${line}`);
}
