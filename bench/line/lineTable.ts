// What was measured on narrow lines, for people.

import type { Line, LineRow, LineTable } from '../line.ts';
import { spreadText } from '../statistics.ts';
import type { Carried } from './largeOne.ts';
import type { Trips } from './messageTrips.ts';
import { SMALL_BYTES } from './smallPictures.ts';

const WIDTHS = [34, 34, 30];

export function printLines(tables: readonly LineTable[]): void {
  for (const table of tables) printTable(table);
}

function printTable({ line, leftOut, rows, wentOn }: LineTable): void {
  console.log(`\nBeside a large file, from engine to engine: ${line.title}`);
  if (leftOut !== undefined) return console.log(`  left out: ${leftOut}`);
  printColumns(
    '',
    'message there and back, ms',
    `picture of ${SMALL_BYTES / 1_000} kB, ms`,
    'large one, Mbit/s',
  );
  printColumns('beside', 'p50   p90   p99', 'median [min..max]', 'beside messages; pictures');
  for (const row of rows) printRow(row, line);
  console.log(
    `  (of these two, the first large picture went on over ${wentOn?.picture}, the first file over ${wentOn?.file})`,
  );
}

function printRow({ beside, message, picture, times, large }: LineRow, { mbit }: Line): void {
  printColumns(
    beside,
    `${tripsShown(message)}${times.message.toFixed(1)}x`,
    picture === undefined ? '' : `${spreadText(picture, 0)}  ${times.picture?.toFixed(1)}x`,
    large.map((carried) => carriedShown(carried, mbit)).join('; '),
  );
}

function printColumns(...columns: readonly string[]): void {
  console.log(`  ${columns.map((column, i) => column.padEnd(WIDTHS[i] ?? 0)).join('')}`.trimEnd());
}

function tripsShown({ p50, p90, p99 }: Trips): string {
  return [p50, p90, p99].map((ms) => ms.toFixed(0).padEnd(6)).join('');
}

function carriedShown({ mbitPerSecond, overOther }: Carried, mbit: number): string {
  const rate = `${mbitPerSecond.toFixed(1)} (${((100 * mbitPerSecond) / mbit).toFixed(0)} %)`;
  return overOther < 0.01 ? rate : `${rate}, ${(100 * overOther).toFixed(0)} % of it over the other carrier`;
}
