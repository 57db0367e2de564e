// What a table of the transfer holds: the figures of everybody on one path, and the goals beside them.

import type { Goal } from '../goals.ts';
import type { Spread } from '../statistics.ts';
import type { ContenderName } from './contenders.ts';

export interface Row {
  readonly contender: ContenderName;
  /** Each that is done was compared byte by byte, where the contender promises the bytes. */
  readonly runs: { readonly done: number; readonly wanted: number };
  /** MB/s, 10^6 bytes of the file, from the first write to the word of the receiver that it holds every byte. */
  readonly rate?: Spread;
  /** Sender and receiver, user and system, ms for each MiB. */
  readonly cpu?: Spread;
  /** Of the time that transfers take, in medians of it: how much longer one in twenty takes. Of at least 20 runs. */
  readonly p95?: number;
  /** How much faster the first contender of the section was, round by round. */
  readonly ratio?: Spread;
  /** Why there are no more, or no, figures. */
  readonly note?: string;
}

/** What was measured on one path. */
export interface Race {
  readonly id: string;
  readonly title: string;
  readonly lineMBps?: number;
  readonly rows: readonly Row[];
}

export interface Table extends Race {
  readonly leftOut?: string;
  readonly goals: readonly Goal[];
}
