// A part of `npm test` that mocha runs, in a process of its own for each lane.
import path from 'node:path';
import { modules } from '../setup/places.mjs';
import type { Lane } from './lanes.ts';
import type { StageResult } from './stage.ts';
import { type Program, runTallied, tallyFile } from './tallied.ts';

/** @param args for each mocha; @param timeoutMs for all together */
export function runMochas(
  lanes: readonly Lane[],
  args: readonly string[],
  timeoutMs: number,
): Promise<StageResult> {
  return runTallied(
    lanes.map((lane) => mochaOf(lane, args)),
    timeoutMs,
  );
}

function mochaOf({ name, files, except }: Lane, args: readonly string[]): Program {
  const mocha = path.join(modules, 'mocha', 'bin', 'mocha.js');
  const reporter = path.join('scripts', 'testing', 'tallyReporter.ts');
  const common = ['--forbid-only', '--reporter', reporter, '--reporter-option', `tally=${tallyFile(name)}`];
  const ignored = except === undefined ? [] : ['--ignore', except];
  return { name, args: [mocha, ...common, files, ...ignored, ...args] };
}
