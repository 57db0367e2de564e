// Bytes from one process to another over each kind of path, a table each.

import { printTable } from './printTable.ts';
import type { Table } from './race.ts';
import { sectionsOf } from './sections.ts';
import { measure } from './transferTable.ts';

export interface Wanted {
  readonly rounds: number;
  readonly paths: readonly string[] | undefined;
  readonly emulator: string | undefined;
}

export async function measureTransfer({ rounds, paths, emulator }: Wanted): Promise<Table[]> {
  const tables: Table[] = [];
  for (const section of sectionsOf(emulator)) {
    if (paths?.includes(section.id) ?? true) tables.push(await measure(section, rounds));
  }
  return tables;
}

export function printTransfer(tables: readonly Table[], { rounds }: Wanted): void {
  console.log(`\nBytes from one process to the other, ${rounds} rounds in turns, median [min..max]`);
  for (const table of tables) printTable(table);
}
