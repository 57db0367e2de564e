// What a message there and back may take: while nothing else happens, and beside a file that is sent at full speed.

import type { RoundTripRow } from './chatRoundTrip.ts';
import { type Aim, type Goal, goalOf, type Measured } from './goals.ts';

const IDLE: Aim = {
  text: 'p50 vs raw TLS echo, idle',
  good: 4,
  target: 2.5,
  moonshot: 1.5,
  isCost: true,
};

export function idleChatGoals({ ratioP50 }: RoundTripRow): Goal[] {
  return [goalOf(IDLE, ratioP50)];
}

/** `p99`: ms there and back while a picture is sent. */
export function besidePictureGoal(p99: Measured): Goal {
  const text = 'message p99 beside a picture';
  return goalOf({ text, good: 30, target: 10, moonshot: 3, isCost: true, unit: 'ms' }, p99);
}
