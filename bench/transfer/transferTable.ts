// Every contender over every path, in turns, so that whatever else the machine does meets all of them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, spreadOf } from '../statistics.ts';
import type { ContenderName } from './contenders.ts';
import { goalsOf } from './goals.ts';
import { Pair, type Run } from './pair.ts';
import { LeftOut, type Path, type Section } from './path.ts';
import type { Row, Table } from './race.ts';

/** Fewer runs say nothing of one in twenty. */
const P95_RUNS = 20;

interface Entrant {
  readonly name: ContenderName;
  pair: Pair | undefined;
  readonly runs: (Run | undefined)[];
  note?: string;
}

/** The first round warms up and does not count. */
export async function measure(section: Section, rounds: number): Promise<Table> {
  const { id, title, lineMBps } = section;
  const head = { id, title, ...(lineMBps === undefined ? {} : { lineMBps }) };
  let path: Path;
  try {
    path = section.open();
  } catch (error) {
    if (error instanceof LeftOut) return { ...head, leftOut: error.message, rows: [], goals: [] };
    throw error;
  }
  try {
    const measured = { ...head, rows: await race(section.contenders, path, section.rounds ?? rounds) };
    return { ...measured, goals: goalsOf(measured) };
  } finally {
    path.close();
  }
}

async function race(names: readonly ContenderName[], path: Path, rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  const entrants: Entrant[] = [];
  try {
    for (const name of names) entrants.push(await enter(name, path, folder));
    for (let round = 0; round <= rounds; round++)
      for (const entrant of entrants) await runOnce(entrant, round > 0);
    return entrants.map((entrant) => rowOf(entrant, entrants[0] as Entrant, rounds));
  } finally {
    for (const { pair } of entrants) pair?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function enter(name: ContenderName, path: Path, folder: string): Promise<Entrant> {
  try {
    return { name, pair: await Pair.start(name, path, folder), runs: [] };
  } catch (error) {
    return { name, pair: undefined, runs: [], note: `cannot be started: ${wordsOf(error)}` };
  }
}

/** Whoever fails once is out: its processes may be in any state. */
async function runOnce(entrant: Entrant, counts: boolean): Promise<void> {
  if (entrant.pair === undefined) return;
  try {
    const run = await entrant.pair.run();
    if (counts) entrant.runs.push(run);
  } catch (error) {
    entrant.note = `out in round ${entrant.runs.length + 1}: ${wordsOf(error)}`;
    entrant.pair.close();
    entrant.pair = undefined;
  }
}

function rowOf({ name, runs, note }: Entrant, first: Entrant, wanted: number): Row {
  const done = runs.filter((run) => run !== undefined);
  const lost = done.filter(({ arrived }) => arrived < 1);
  const notes = [note, lost.length === 0 ? undefined : `${share(lost)} of the bytes arrived`];
  const said = notes.filter((some) => some !== undefined).join('; ');
  return {
    contender: name,
    runs: { done: done.length, wanted },
    ...(done.length === 0 ? {} : figuresOf(done, first.runs)),
    ...(said === '' ? {} : { note: said }),
  };
}

function figuresOf(
  runs: readonly Run[],
  first: readonly (Run | undefined)[],
): Pick<Row, 'rate' | 'cpu' | 'ratio' | 'p95'> {
  const ratios = runs.flatMap(({ rate }, round) => {
    const ours = first[round];
    return ours === undefined ? [] : [ours.rate / rate];
  });
  return {
    rate: spreadOf(runs.map(({ rate }) => rate)),
    cpu: spreadOf(runs.map(({ cpuMsPerMib }) => cpuMsPerMib)),
    ...(ratios.length === 0 ? {} : { ratio: spreadOf(ratios) }),
    ...(runs.length < P95_RUNS ? {} : { p95: p95Of(runs.map(({ rate }) => 1 / rate)) }),
  };
}

function p95Of(times: readonly number[]): number {
  return percentile(times, 0.95) / percentile(times, 0.5);
}

function share(runs: readonly Run[]): string {
  return `${Math.round(100 * spreadOf(runs.map(({ arrived }) => arrived)).median)} %`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
