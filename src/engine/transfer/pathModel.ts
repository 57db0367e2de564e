// All that is known of the path to the receiver. When the receiver moves, none of it holds any more (RFC 9000 section 9.4).

import { burstOf } from './datagramRing.ts';
import { LossDetector } from './lossDetector.ts';
import { Pacer } from './pacer.ts';
import type { PathPart } from './pathPart.ts';
import { PathSize } from './pathSize.ts';
import { RttEstimate } from './rttEstimate.ts';
import type { SentHistory } from './sentHistory.ts';

export interface PathOptions {
  /** The longest datagram to be tried, and the length to begin with. */
  readonly mostBytes: number;
  readonly firstBytes: number;
  readonly part: PathPart;
}

export class PathModel {
  /** The number of the first datagram on this path. */
  readonly firstNumber: number;
  readonly rtt = new RttEstimate();
  readonly losses: LossDetector;
  readonly rate: PathPart;
  readonly pacer: Pacer;
  readonly size: PathSize;
  /** Sent in one turn at most. */
  readonly burstDatagrams: number;

  constructor(history: SentHistory, options: PathOptions) {
    const { mostBytes, firstBytes, part } = options;
    this.firstNumber = history.next;
    this.losses = new LossDetector(history, this.rtt);
    this.rate = part;
    part.enter(mostBytes, firstBytes);
    this.burstDatagrams = burstOf(mostBytes);
    this.pacer = new Pacer(mostBytes, this.burstDatagrams * mostBytes);
    this.size = new PathSize(mostBytes, firstBytes);
  }
}
