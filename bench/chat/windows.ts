// Five windows, two of them real editors, of which the one with the engine is killed again and again.

import { openFiveWindows } from '../../test/support/windows/fiveWindows.ts';
import { SOON_MS, type Takeover } from '../../test/support/windows/takeoverTrials.ts';
import { percentile, type Spread, spreadOf, spreadText } from '../statistics.ts';

export interface WindowsTable {
  readonly kills: number;
  /** Of them, windows of a real editor. */
  readonly editorsKilled: number;
  /** From the kill until a window was attached again, over all windows and kills, in ms. */
  readonly backMs: Spread & { readonly p95: number };
  readonly editorsBackMs: Spread;
  /** How many times longer than on an idle machine anything took meanwhile. */
  readonly slowness: Spread;
}

/** Rejects when a message is lost or doubled; exit code 1 when a window was away for two seconds. */
export async function measureWindows(kills: number): Promise<WindowsTable> {
  const { trials, editors, close } = await openFiveWindows();
  try {
    const takeovers: Takeover[] = [];
    for (let i = 0; i < kills; i++) takeovers.push(await trials.run());
    await trials.arrived();
    const table = tableOf(takeovers, new Set(editors.map(({ name }) => name)));
    if (table.backMs.max >= SOON_MS) process.exitCode = 1;
    return table;
  } finally {
    await close();
  }
}

export function printWindows({ kills, editorsKilled, backMs, editorsBackMs, slowness }: WindowsTable): void {
  console.log(`\nFive windows, two of them real editors; the one with the engine killed ${kills} times`);
  console.log(`  attached again   ${shown(backMs)}, p95 ${backMs.p95.toFixed(0)} ms`);
  console.log(`  real editors     ${shown(editorsBackMs)}; ${editorsKilled} of the kills were theirs`);
  console.log(`  the machine      ${slowness.median.toFixed(1)} times slower than an idle one meanwhile`);
  console.log('  a message each way during each takeover: all arrived once, in order');
}

function tableOf(takeovers: readonly Takeover[], editors: ReadonlySet<string>): WindowsTable {
  const back = takeovers.flatMap(({ backMs }) => Object.entries(backMs));
  const all = back.map(([, ms]) => ms);
  return {
    kills: takeovers.length,
    editorsKilled: takeovers.filter(({ killed }) => editors.has(killed)).length,
    backMs: { ...spreadOf(all), p95: percentile(all, 0.95) },
    slowness: spreadOf(takeovers.map(({ slowness }) => slowness)),
    editorsBackMs: spreadOf(back.filter(([name]) => editors.has(name)).map(([, ms]) => ms)),
  };
}

function shown(spread: Spread): string {
  return `median ${spreadText(spread, 0)} ms`;
}
