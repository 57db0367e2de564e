// The parts of `npm test`, in the order they run: what fails fast comes first.
import { build, buildEditorTests } from '../../esbuild.mjs';
import { runChecks } from '../check.ts';
import { installHost } from '../host/installHost.ts';
import { chromium, ensurePrograms, redisServer, stunClient, turnutilsStunClient } from '../systemPackages.ts';
import { runMocha, runTallied, tallyFile } from './mochaStage.ts';
import { asOneTest, type Stage, type StageResult } from './stage.ts';

const MINUTE_MS = 60_000;

const check: Stage = {
  name: 'check',
  async run() {
    const results = await runChecks();
    const passed = results.filter((result) => result.passed).length;
    return { passed, failed: results.length - passed };
  },
};

const built: Stage = {
  name: 'build',
  run: () =>
    asOneTest(async () => {
      await build();
      await buildEditorTests();
    }),
};

/** Everything that needs no editor: pure, over virtual networks, and with real sockets and a real Redis. */
const unit: Stage = {
  name: 'unit',
  async run() {
    await ensurePrograms([redisServer]);
    // Two tests need these: where they cannot be had, those two say so.
    if (process.platform === 'linux') await ensurePrograms([stunClient, turnutilsStunClient]).catch(tell);
    return runMocha('unit', ['test/**/*.test.ts', '--ignore', 'test/editor/**'], 15 * MINUTE_MS);
  },
};

/** Suites inside the extension host of a real VS Code: they see its API. */
const editor: Stage = {
  name: 'editor',
  async run() {
    await prepareEditor();
    const program = 'test/support/editor/runSuites.ts';
    return runTallied('editor', [program, tallyFile('editor')], 5 * MINUTE_MS);
  },
};

/** The same VS Code from outside: what a person sees and does. */
const ui: Stage = {
  name: 'ui',
  run: () => runWithEditors('ui', 15 * MINUTE_MS),
};

/** The package that people install. */
const packaged: Stage = {
  name: 'package',
  run: () => runWithEditors('package', 3 * MINUTE_MS),
};

export const stages: readonly Stage[] = [check, built, unit, editor, ui, packaged];

async function runWithEditors(name: string, timeoutMs: number): Promise<StageResult> {
  await prepareEditor();
  const evidence = ['--require', 'test/support/editor/evidence.ts'];
  return runMocha(name, [`test/editor/${name}/*.test.ts`, '--timeout', '60000', ...evidence], timeoutMs);
}

async function prepareEditor(): Promise<void> {
  await ensurePrograms([chromium]);
  await installHost();
}

function tell(error: Error): void {
  console.log(error.message);
}
