// What the project wants to reach on each path, beside where it stands. Ratios of medians of one run.

import { type Aim, type Goal, goalOf, type Measured } from '../goals.ts';
import type { ContenderName } from './contenders.ts';
import type { Race, Row } from './race.ts';

interface AimOn extends Aim {
  readonly tables: readonly string[];
  readonly of: (race: Race) => Measured;
}

const OURS: ContenderName = 'Hamta, sealed, from memory to memory';
const LARGE: ContenderName = 'Hamta, 32 KiB datagrams';
const UDX: ContenderName = 'udx-native, not sealed';
const TLS: ContenderName = 'raw TLS 1.3';
const TLS_FILES: ContenderName = 'raw TLS 1.3, file to synced file';
const OVER_TLS: ContenderName = 'Hamta over TLS, from memory to memory';
const OVER_TLS_FILES: ContenderName = 'Hamta over TLS, from file to synced file';
const BLAST: ContenderName = 'dgram blast, 1452 B, what arrives';

const VETH = ['veth', 'veth-100'];
const LOOPBACK = ['loopback', 'loopback-100'];

const AIMS: readonly AimOn[] = [
  { tables: VETH, text: 'rate vs udx-native', target: 1.15, moonshot: 1.6, of: rate(OURS, UDX) },
  { tables: VETH, text: 'rate vs the dgram blast', target: 0.65, moonshot: 0.8, of: rate(OURS, BLAST) },
  { tables: VETH, text: 'CPU vs udx-native', target: 1, moonshot: 0.75, isCost: true, of: cpu(OURS, UDX) },
  {
    tables: ['veth-1', 'veth-5', 'veth-10'],
    text: 'rate vs udx-native',
    target: 1.5,
    moonshot: 2.5,
    of: rate(OURS, UDX),
  },
  {
    tables: ['veth', 'loopback'],
    text: 'rate vs werift',
    target: 20,
    moonshot: 40,
    of: rate(OURS, 'werift'),
  },
  { tables: LOOPBACK, text: 'large datagrams vs udx-native', target: 2.5, moonshot: 4, of: rate(LARGE, UDX) },
  // Like with like; and then what disks and two digests take of a file, which raw TLS in memory does not have.
  ...(
    [
      ['over TLS vs raw TLS, in memory', OVER_TLS, TLS],
      ['over TLS vs raw TLS, file to synced file', OVER_TLS_FILES, TLS_FILES],
      ['file to synced file vs raw TLS in memory', OVER_TLS_FILES, TLS],
    ] as const
  ).map(([text, ours, theirs]) => ({
    tables: ['veth-100', 'loopback-100'],
    text,
    target: 0.85,
    moonshot: 0.95,
    of: rate(ours, theirs),
  })),
  { tables: LOOPBACK, text: 'large datagrams vs TLS', target: 0.7, moonshot: 1, of: rate(LARGE, TLS) },
  ...(
    [
      ['far-0', 0.85, 0.92],
      ['far-1', 0.8, 0.9],
      ['far-5', 0.7, 0.85],
      ['far-10', 0.6, 0.8],
    ] as const
  ).map(([id, target, moonshot]) => ({
    tables: [id],
    text: 'share of the line',
    target,
    moonshot,
    of: lineShare,
  })),
  {
    tables: ['far-cubic'],
    text: 'rate vs TCP with CUBIC',
    target: 15,
    moonshot: 20,
    of: rate(OURS, 'raw TCP with CUBIC'),
  },
  {
    tables: ['far-steady'],
    text: 'arrived exact, of 50',
    target: 50,
    moonshot: 50,
    of: exactRuns,
  },
  {
    tables: ['far-steady'],
    text: 'p95 of the time vs its median',
    target: 1.5,
    isCost: true,
    of: steadiness,
  },
];

/** Of a path that was left out there are none. */
export function goalsOf(race: Race): Goal[] {
  return AIMS.filter(({ tables }) => tables.includes(race.id)).map(({ tables: _, of, ...aim }) =>
    goalOf(aim, of(race)),
  );
}

function rate(ours: ContenderName, theirs: ContenderName): AimOn['of'] {
  return (race) => medians(race, ours, theirs, (row) => row.rate?.median);
}

function cpu(ours: ContenderName, theirs: ContenderName): AimOn['of'] {
  return (race) => medians(race, ours, theirs, (row) => row.cpu?.median);
}

function lineShare(race: Race): Measured {
  const { lineMBps } = race;
  const ours = rowOf(race, OURS)?.rate?.median;
  return lineMBps === undefined || ours === undefined ? without(OURS) : ours / lineMBps;
}

/** Every run that counts was compared byte by byte; whoever fails once is out. */
function exactRuns(race: Race): Measured {
  return rowOf(race, OURS)?.runs.done ?? without(OURS);
}

/** Of all runs: one that failed belongs to the slow ones. */
function steadiness(race: Race): Measured {
  const { runs, p95 } = rowOf(race, OURS) ?? {};
  if (runs !== undefined && runs.done < runs.wanted)
    return { why: `${runs.done} of ${runs.wanted} runs were done` };
  return p95 ?? { why: 'too few runs' };
}

function medians(
  race: Race,
  ours: ContenderName,
  theirs: ContenderName,
  of: (row: Row) => number | undefined,
): Measured {
  const [a, b] = [ours, theirs].map((name) => {
    const row = rowOf(race, name);
    return row === undefined ? undefined : of(row);
  });
  if (a === undefined) return without(ours);
  return b === undefined ? without(theirs) : a / b;
}

function without(name: ContenderName): Measured {
  return { why: `no run of ${name}` };
}

function rowOf({ rows }: Race, name: ContenderName): Row | undefined {
  return rows.find(({ contender }) => contender === name);
}
