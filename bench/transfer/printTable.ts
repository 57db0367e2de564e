// The tables as text.

import { printGoals } from '../goals.ts';
import type { Spread } from '../statistics.ts';
import type { Row, Table } from './race.ts';

const NAME_WIDTH = 42;

export function printTable(table: Table): void {
  console.log(`\n${table.title}`);
  if (table.leftOut !== undefined) {
    console.log(`  left out: ${table.leftOut}`);
    return;
  }
  console.log(
    `  ${''.padEnd(NAME_WIDTH)}${'runs'.padEnd(8)}${'MB/s'.padEnd(24)}${'CPU ms/MiB'.padEnd(12)}we are`,
  );
  for (const row of table.rows) console.log(`  ${lineOf(row)}`);
  printGoals(table.goals, NAME_WIDTH);
}

function lineOf({ contender, runs, rate, cpu, ratio, note }: Row): string {
  const figures =
    rate === undefined ? '' : `${spread(rate).padEnd(24)}${(cpu?.median.toFixed(1) ?? '').padEnd(12)}`;
  const times = ratio === undefined ? '' : `${ratio.median.toFixed(2)}x`;
  const done = `${runs.done}/${runs.wanted}`.padEnd(8);
  return `${contender.padEnd(NAME_WIDTH)}${done}${figures}${times}${note === undefined ? '' : `  ${note}`}`;
}

function spread({ median, min, max }: Spread): string {
  return `${short(median)} [${short(min)}..${short(max)}]`;
}

function short(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}
