// The words after `npm run bench --`.

import { parseArgs } from 'node:util';
import type { Part, Told } from './part.ts';

export interface Asked {
  readonly isJson: boolean;
  readonly parts: readonly Part[];
  /** With what is usual where nothing was said. */
  toldTo(part: Part): Told;
}

/** What is asked for; undefined where help is. Throws an Error for people where it cannot be measured as it was asked for. */
export function askedFor(args: readonly string[], all: readonly Part[]): Asked | undefined {
  const { help, json, only, path, emulator, ...said } = valuesOf(args, all);
  if (help) return undefined;
  const parts = all.filter(({ name, isUsual }) => (only === undefined ? isUsual : only === name));
  if (parts.length === 0) throw new Error(`--only takes one of ${all.map(({ name }) => name).join(', ')}`);
  for (const name of Object.keys(said)) expectTaker(name, parts, ({ amounts }) => name in amounts);
  const paths = path?.split(',');
  for (const id of paths ?? []) expectTaker(`path ${id}`, parts, (part) => part.paths?.includes(id) ?? false);
  if (emulator !== undefined) expectTaker('emulator', parts, (part) => part.paths !== undefined);
  const amounts = Object.fromEntries(
    Object.entries(said).map(([name, word]) => [name, amountOf(name, word)]),
  );
  return { isJson: json, parts, toldTo: (part) => ({ ...part.amounts, ...amounts, paths, emulator }) };
}

export function helpOf(parts: readonly Part[]): string {
  const usual = parts.filter(({ isUsual }) => isUsual).map(({ name }) => name);
  return [
    'npm run bench -- [--only PART] [--json] [--AMOUNT N …]',
    '',
    `Without --only: ${usual.join(', ')}. An amount that is not said is as it stands here.`,
    ...parts.flatMap((part) => ['', `  ${part.name.padEnd(11)}${part.about}`, ...optionsOf(part)]),
  ].join('\n');
}

function optionsOf({ amounts, paths }: Part): string[] {
  const lines = [
    Object.entries(amounts).map(([name, usual]) => `--${name} ${usual}`),
    paths === undefined ? [] : ['--emulator PROGRAM'],
    paths === undefined ? [] : ['--path ID,ID of', ...paths],
  ];
  return lines.filter((words) => words.length > 0).map((words) => `${' '.repeat(13)}${words.join(' ')}`);
}

function valuesOf(args: readonly string[], all: readonly Part[]) {
  const names = new Set(all.flatMap(({ amounts }) => Object.keys(amounts)));
  const amounts: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
    [...names].map((name) => [name, { type: 'string' }]),
  );
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...amounts,
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      path: { type: 'string' },
      emulator: { type: 'string' },
    },
  });
  return values;
}

function expectTaker(option: string, parts: readonly Part[], takes: (part: Part) => boolean): void {
  if (!parts.some(takes))
    throw new Error(`--${option} is nothing for ${parts.map(({ name }) => name).join(', ')}`);
}

function amountOf(name: string, word: unknown): number {
  const amount = Number(word);
  if (amount > 0 && Number.isSafeInteger(amount)) return amount;
  throw new Error(`--${name} takes a whole number above zero, and not ${word}`);
}
