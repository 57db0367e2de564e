// What the project wants to reach, beside where it stands: for people and, as plain JSON, for machines.

export interface Aim {
  readonly text: string;
  /** Where a first version should land, where that was set. */
  readonly good?: number;
  readonly target: number;
  readonly moonshot?: number;
  /** Less is better: time, cost. */
  readonly isCost?: boolean;
  /** What the figures are in; ratios have none. */
  readonly unit?: string;
}

export type Standing = 'moonshot' | 'target reached' | 'good, short of the target' | 'short of the target';

export interface Goal extends Omit<Aim, 'isCost'> {
  readonly isCost: boolean;
  /** Not there where too little was measured to say it. */
  readonly value?: number;
  readonly standing: Standing | 'not measured';
  /** Why there is no value. */
  readonly why?: string;
}

/** A value, or why there is none. */
export type Measured = number | { readonly why: string };

export function goalOf({ isCost = false, ...aim }: Aim, measured: Measured): Goal {
  if (typeof measured !== 'number') return { ...aim, isCost, standing: 'not measured', why: measured.why };
  return { ...aim, isCost, value: measured, standing: standingOf({ ...aim, isCost }, measured) };
}

/** As it is printed, after its text. */
export function standsAt({ value, standing, why, unit = '', ...aim }: Goal): string {
  const { good, target, moonshot } = aim;
  const named = { good, target, moonshot };
  const goals = Object.entries(named).flatMap(([name, goal]) =>
    goal === undefined ? [] : `${name} ${goal}`,
  );
  const said = value === undefined ? standing : `${shown(value)}${unit === '' ? '' : ` ${unit}`}`;
  return `${said}  ${goals.join(', ')}: ${value === undefined ? why : standing}`;
}

export function printGoals(goals: readonly Goal[], nameWidth: number): void {
  for (const goal of goals) console.log(`  ${`  ${goal.text}`.padEnd(nameWidth - 1)} ${standsAt(goal)}`);
}

function standingOf({ good, target, moonshot, isCost }: Aim, value: number): Standing {
  const reaches = (goal: number | undefined) =>
    goal !== undefined && (isCost ? value <= goal : value >= goal);
  if (reaches(moonshot)) return 'moonshot';
  if (reaches(target)) return 'target reached';
  return reaches(good) ? 'good, short of the target' : 'short of the target';
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
