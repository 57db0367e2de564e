// The parts of `npm test`, in the order they run: what fails fast comes first.
import { build, buildEditorTests } from '../../esbuild.mjs';
import { runChecks } from '../check.ts';
import { installHost } from '../host/installHost.ts';
import { chromium, ensurePrograms, redisServer, stunClient, turnutilsStunClient } from '../systemPackages.ts';
import { type Lane, uiLanes, unitLanes } from './lanes.ts';
import { runMochas } from './mochas.ts';
import { asOneTest, type Stage, type StageResult } from './stage.ts';
import { runTallied, tallyFile } from './tallied.ts';

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
    return runMochas(unitLanes, [], 15 * MINUTE_MS);
  },
};

/** Suites inside the extension host of a real VS Code: they see its API. */
const editor: Stage = {
  name: 'editor',
  async run() {
    await prepareEditor();
    const args = ['test/support/editor/runSuites.ts', tallyFile('editor')];
    return runTallied([{ name: 'editor', args }], 5 * MINUTE_MS);
  },
};

/** The same VS Code from outside: what a person sees and does. */
const ui: Stage = {
  name: 'ui',
  run: () => runWithEditors(uiLanes, 15 * MINUTE_MS),
};

/** The package that people install. */
const packaged: Stage = {
  name: 'package',
  run: () => runWithEditors([{ name: 'package', files: 'test/editor/package/*.test.ts' }], 3 * MINUTE_MS),
};

export const stages: readonly Stage[] = [check, built, unit, editor, ui, packaged];

async function runWithEditors(lanes: readonly Lane[], timeoutMs: number): Promise<StageResult> {
  await prepareEditor();
  return runMochas(lanes, ['--timeout', '60000', '--require', 'test/support/editor/evidence.ts'], timeoutMs);
}

async function prepareEditor(): Promise<void> {
  await ensurePrograms([chromium]);
  await installHost();
}

function tell(error: Error): void {
  console.log(error.message);
}
