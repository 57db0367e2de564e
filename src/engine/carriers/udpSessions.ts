// Where sessions over UDP are opened, and how one end of one is spoken of.

import type { SessionWord, ToUdp } from './udpWords.ts';
import type { Say } from './wordBatch.ts';

export type HearSession = (word: SessionWord) => void;

export interface SessionEnd {
  readonly id: number;
  readonly say: Say<ToUdp>;
}

export interface UdpSessions {
  /** One may follow soon; of those whose thread does not run from the start. */
  expect?(): void;
  /** What the thread says of a new session goes to `hear`, until its last word. Its number, and a way to speak of it. */
  open(hear: HearSession): SessionEnd;
}
