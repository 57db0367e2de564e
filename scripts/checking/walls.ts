// Holds the imports of the checkout against the walls in .dependency-cruiser.cjs.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult, type IViolation } from 'dependency-cruiser';
import { root } from '../setup/places.mjs';
import type { CheckResult } from './result.ts';

const FOLDERS = ['src', 'webview', 'registry-server', 'scripts', 'test', 'bench'];

export const walls = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;

export async function checkWalls(): Promise<CheckResult> {
  const { modules, violations } = await cruiseFrom(root);
  const report = violations.map(wordsOf).join('\n');
  const passed = modules > 0 && violations.length === 0;
  return { name: `the walls stand between ${modules} modules`, passed, report };
}

/** Looks through the folders of the house below `base`; those that are missing are left out. */
export async function cruiseFrom(base: string): Promise<{ modules: number; violations: IViolation[] }> {
  const folders = FOLDERS.filter((folder) => existsSync(path.join(base, folder)));
  const ruleSet = { forbidden: walls.forbidden ?? [] };
  const { output } = await cruise(folders, { ...walls.options, ruleSet, validate: true, baseDir: base });
  const { summary } = output as ICruiseResult;
  return { modules: summary.totalCruised, violations: summary.violations };
}

function wordsOf({ rule, from, to, cycle = [] }: IViolation): string {
  const road = cycle.length > 0 ? cycle.map((step) => step.name).join(' -> ') : to;
  return `${rule.name}: ${from} -> ${road}`;
}
