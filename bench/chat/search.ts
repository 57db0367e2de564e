// How long a window waits for what it searches, in a store with many messages: the request, the index, and the page of messages.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ParamsOf } from '../../src/contract/commands.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import { Person } from '../person.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { fillStore } from './fullStore.ts';

const PAGE = 50;

type Wish = Omit<ParamsOf<'searchMessages'>, 'limit'>;

export interface SearchRow {
  readonly what: string;
  readonly hits: number;
  readonly hasMore: boolean;
  /** From request to answer. */
  readonly ms: Spread;
}

export interface SearchTable {
  readonly messages: number;
  readonly rows: readonly SearchRow[];
}

/** Each search `rounds` times, in turns. */
export async function measureSearch(messages: number, rounds: number): Promise<SearchTable> {
  const folder = await mkdtemp(join(tmpdir(), 'hamta-bench-'));
  try {
    fillStore(folder, messages);
    const person = await Person.inThisProcess(folder);
    try {
      return { messages, rows: await searchAll(person, messages, rounds) };
    } finally {
      await person.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The words are those of fullStore.ts: each message has a number of its own and twelve words of a few. */
function wishesOf(peer: Fingerprint, messages: number): Readonly<Record<string, Wish>> {
  const rare = String(Math.ceil(messages / 80) * 2 - 1);
  return {
    'a word in few messages': { query: rare },
    'a word in every message': { query: 'the ' },
    'the beginning of one': { query: 'befor' },
    'one letter': { query: 'n' },
    'three words': { query: 'page the windo' },
    'a word that is nowhere': { query: 'zebra' },
    'few, with one person': { query: rare, peer },
    'every, with one person': { query: 'the', peer },
    'every, from the middle on': { query: 'the', before: Math.ceil(messages / 2) },
  };
}

async function searchAll({ rpc }: Person, messages: number, rounds: number): Promise<SearchRow[]> {
  const { peers } = await rpc.request('attach', { version: 'bench' });
  const [peer] = Object.keys(peers) as Fingerprint[];
  if (peer === undefined) throw new Error('nobody is in the store');
  const wishes = Object.entries(wishesOf(peer, messages)).map(([what, wish]) => ({ what, wish }));
  const rows = wishes.map(({ what }) => ({ what, hits: 0, hasMore: false, times: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, { wish }] of wishes.entries()) {
      const start = performance.now();
      const { hits, hasMore } = await rpc.request('searchMessages', { ...wish, limit: PAGE });
      rows[i]?.times.push(performance.now() - start);
      Object.assign(rows[i] ?? {}, { hits: hits.length, hasMore });
    }
  }
  return rows.map(({ times, ...row }) => ({ ...row, ms: spreadOf(times) }));
}

export function printSearch({ messages, rows }: SearchTable): void {
  console.log(`\nA search over ${messages} messages, from request to answer, pages of ${PAGE}`);
  for (const { what, hits, hasMore, ms } of rows) {
    const found = `${hits}${hasMore ? ' and more' : ''}`;
    console.log(
      `  ${what.padEnd(26)} ${found.padEnd(12)} median ${ms.median.toFixed(1)} [${ms.min.toFixed(1)}..${ms.max.toFixed(1)}] ms`,
    );
  }
}
