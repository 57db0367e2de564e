// What the project wants to reach on each path, beside where it stands. Ratios of medians of one run.

import type { ContenderName } from './contenders.ts';
import type { Row, Table } from './transferTable.ts';

export interface Goal {
  readonly text: string;
  readonly stands: string;
}

interface Aim {
  readonly tables: readonly string[];
  readonly text: string;
  readonly target: number;
  readonly moonshot: number;
  /** Less is better: cost. */
  readonly isCost?: boolean;
  readonly of: (table: Table) => number | undefined;
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

const AIMS: readonly Aim[] = [
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
    text: 'p95 of the time vs its median',
    target: 1.5,
    moonshot: 1.5,
    isCost: true,
    of: (table) => rowOf(table, OURS)?.p95,
  },
];

export function goalsOf(table: Table): Goal[] {
  return AIMS.filter(({ tables }) => tables.includes(table.id)).flatMap((aim) => {
    const value = aim.of(table);
    return value === undefined ? [] : [{ text: `  ${aim.text}`, stands: standing(aim, value) }];
  });
}

function standing({ target, moonshot, isCost = false }: Aim, value: number): string {
  const reaches = (goal: number) => (isCost ? value <= goal : value >= goal);
  const words = reaches(moonshot) ? 'moonshot' : reaches(target) ? 'target reached' : 'short of the target';
  return `${value.toFixed(2)}  target ${target}, moonshot ${moonshot}: ${words}`;
}

function rate(ours: ContenderName, theirs: ContenderName): Aim['of'] {
  return (table) => quotient(rowOf(table, ours)?.rate?.median, rowOf(table, theirs)?.rate?.median);
}

function cpu(ours: ContenderName, theirs: ContenderName): Aim['of'] {
  return (table) => quotient(rowOf(table, ours)?.cpu?.median, rowOf(table, theirs)?.cpu?.median);
}

function lineShare(table: Table): number | undefined {
  return quotient(rowOf(table, OURS)?.rate?.median, table.lineMBps);
}

function quotient(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

function rowOf({ rows }: Table, name: ContenderName): Row | undefined {
  return rows.find(({ contender }) => contender === name);
}
