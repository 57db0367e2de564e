// What somebody who works in the editor may feel of a large file: limits for each thing that happened beside them.

import { besidePictureGoal } from '../chatGoals.ts';
import { type Goal, goalOf, type Measured } from '../goals.ts';
import { percentile } from '../statistics.ts';
import type { Felt, Seen } from './orders.ts';

const LATE_MS = 10;
const MESSAGE_MS = 30;

/** Of what went beside a file; while nothing else happens there is nothing to reach. */
export function editorGoals(rows: readonly Felt[]): Goal[] {
  return rows.filter(({ sizeBytes }) => sizeBytes > 0).flatMap(goalsBeside);
}

function goalsBeside({ what, isPicture, sender, receiver }: Felt): Goal[] {
  const late = ([who, { loopDelay }]: readonly [string, Seen]): Goal =>
    goalOf(limit(`${who} thread late p99, ${what}`, LATE_MS), loopDelay.p99);
  const p99 = messageP99(sender);
  return [
    ...(
      [
        ['sender’s', sender],
        ['receiver’s', receiver],
      ] as const
    ).map(late),
    goalOf(limit(`message p99, ${what}`, MESSAGE_MS), p99),
    ...(isPicture ? [besidePictureGoal(p99)] : []),
  ];
}

/** Ms, or why it is not known: where messages were left out as too many were under way, the rest says too little. */
function messageP99({ roundTrips, leftOut }: Seen): Measured {
  if (leftOut > 0) return { why: `${leftOut} messages were not sent, as too many waited` };
  return roundTrips.length === 0 ? { why: 'no message was sent' } : percentile(roundTrips, 0.99);
}

function limit(text: string, target: number) {
  return { text, target, isCost: true, unit: 'ms' };
}
