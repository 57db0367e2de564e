// Files that are interrupted at random points: whether they arrive, and what went, came or was read more than once. Stops at the
// first that does not arrive.

import type { CarrierKind } from '../src/contract/transfer.ts';
import { BLOCK_BYTES } from '../src/engine/transfer/params.ts';
import { INTERRUPTIONS, type Interruption, KillTrials, type Outcome } from '../test/support/killTrials.ts';
import { type Goal, goalOf } from './goals.ts';
import { type Spread, spreadOf } from './statistics.ts';

export const SIZE_BYTES = 24 * 2 ** 20 + 5;
const SEEDS = 3;
const CARRIERS = ['udp', 'tls'] as const;

/** All in bytes, of one trial; as the engines say that were not killed (src/engine/transfer/README.md, "What goes twice"). */
export interface KillRow {
  readonly carrier: CarrierKind;
  readonly interruption: Interruption;
  readonly trials: number;
  readonly sender: SenderAgain;
  readonly receiver: ReceiverAgain;
  /** Where the receiver was killed. */
  readonly killed?: ReceiverLoss;
  /** From the offer to "saved and verified" on both sides, the interruption included. */
  readonly ms: Spread;
}

export interface SenderAgain {
  /** Trials in which a sender came back and had nothing to do any more: they count as nothing. */
  readonly idle: number;
  /** Of sealed blocks, within a session: pieces lost or late, or twice at the end. Over TLS none: TCP's own are not known. */
  readonly piecesAgainBytes: Spread;
  /** Blocks of which anything left in one session, and then in a later one. Of a killed sender a witness in its process has seen them. */
  readonly blocksAgainBytes: Spread;
  /** Blocks of the file that were read and hashed again, as far as its notes tell. */
  readonly readAgainBytes: Spread;
}

export interface ReceiverAgain {
  /** Of blocks that were not whole when a session ended: thrown away. */
  readonly unfinishedBytes: Spread;
  /** Read from its own disk to prove what is there. */
  readonly readAgainBytes: Spread;
  /** Whole blocks that came though they were on its disk. */
  readonly cameAgainBytes: Spread;
}

export interface ReceiverLoss {
  /** On the disk without a gap, and not found there again. */
  readonly lostBytes: Spread;
  /** Gone with the process, as no disk had them. */
  readonly unwrittenBytes: Spread;
}

/** No figure of the table holds these. */
const NOT_COUNTED = [
  'what a killed sender had sent in its last few milliseconds, and what it had read ahead and not noted',
  'what a killed receiver threw away',
  'what TCP sends again by itself',
] as const;

export interface KillTable {
  readonly rows: readonly KillRow[];
  readonly goals: readonly Goal[];
  readonly notCounted: typeof NOT_COUNTED;
}

/** `points` points each, with three seeds each, over each carrier. */
export async function measureKills(points: number): Promise<KillTable> {
  const trials = await KillTrials.openWitnessed();
  try {
    const rows: KillRow[] = [];
    for (const carrier of CARRIERS)
      for (const interruption of INTERRUPTIONS) {
        const outcomes: Outcome[] = [];
        for (let seed = 1; seed <= points * SEEDS; seed++)
          outcomes.push(await attempt(trials, carrier, interruption, seed));
        rows.push(rowOf(carrier, interruption, outcomes));
      }
    return { rows, goals: goalsOf(rows), notCounted: NOT_COUNTED };
  } finally {
    await trials.close();
  }
}

export function rowOf(
  carrier: CarrierKind,
  interruption: Interruption,
  outcomes: readonly Outcome[],
): KillRow {
  return {
    carrier,
    interruption,
    trials: outcomes.length,
    sender: senderAgainOf(interruption, outcomes),
    receiver: {
      unfinishedBytes: spreadOf(outcomes.map(({ received }) => received.unfinishedBytes)),
      readAgainBytes: spreadOf(outcomes.map(({ received }) => received.readAgainBytes)),
      cameAgainBytes: spreadOf(outcomes.map(({ received }) => received.cameAgainBytes)),
    },
    ...(interruption === 'receiver killed' ? { killed: receiverLossOf(outcomes) } : {}),
    ms: spreadOf(outcomes.map(({ ms }) => ms)),
  };
}

/** What was on the disk and came all the same, whether that engine knew of it or not. */
export function goalsOf(rows: readonly KillRow[]): Goal[] {
  const most = Math.max(
    ...rows.map(({ receiver, killed }) => receiver.cameAgainBytes.max + (killed?.lostBytes.max ?? 0)),
  );
  const text = "came again though it was on the receiver's disk, at most in one interruption";
  return [goalOf({ text, target: BLOCK_BYTES, moonshot: 0, isCost: true, unit: 'bytes' }, most)];
}

/** Every second of those that are killed comes back at other ports, every fourth is killed while the file gets its name. */
async function attempt(
  trials: KillTrials,
  carrier: CarrierKind,
  interruption: Interruption,
  seed: number,
): Promise<Outcome> {
  try {
    const isKill = interruption.endsWith('killed');
    const moves = seed % 2 === 0 && isKill;
    const atTheEnd = seed % 4 === 0 && isKill;
    return await trials.run({ carrier, interruption, seed, moves, atTheEnd, sizeBytes: SIZE_BYTES });
  } catch (error) {
    throw new Error(`${carrier}, ${interruption}, seed ${seed}`, { cause: error });
  }
}

function senderAgainOf(interruption: Interruption, outcomes: readonly Outcome[]): SenderAgain {
  const spread = (of: 'piecesAgainBytes' | 'blocksAgainBytes' | 'readAgainBytes') =>
    spreadOf(outcomes.map(({ sent }) => sent?.[of] ?? 0));
  const witnessed = () =>
    spreadOf(outcomes.map(({ witnessedAgainBytes = Number.NaN }) => witnessedAgainBytes));
  return {
    idle: outcomes.filter(({ sent }) => sent === undefined).length,
    piecesAgainBytes: spread('piecesAgainBytes'),
    blocksAgainBytes: interruption === 'sender killed' ? witnessed() : spread('blocksAgainBytes'),
    readAgainBytes: spread('readAgainBytes'),
  };
}

function receiverLossOf(outcomes: readonly Outcome[]): ReceiverLoss {
  return {
    lostBytes: spreadOf(outcomes.map(({ lostBytes }) => lostBytes)),
    unwrittenBytes: spreadOf(outcomes.map(({ unwrittenBytes }) => unwrittenBytes)),
  };
}
