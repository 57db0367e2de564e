// What the engine's thread and that of the datagrams (udpThread.ts) say to each other about sessions, each known by a number that the
// engine's thread has given it. What is asked for is known by a number, too. Bytes move: they are gone from the thread that said them.

import type { Millis } from '../../base/clock.ts';
import type { SentCounts } from '../transfer/sentTally.ts';
import type { SessionOptions } from '../transfer/transferIo.ts';
import type { Address } from './transferRoads.ts';

/** Without what sessions share there. */
export type UdpSessionOptions = Omit<SessionOptions, 'pool' | 'windowBlocks'>;

export type ToUdp =
  /** Answered by `listening` or `cannotListen`; in the latter case it may be asked for again. Any port is better than none. */
  | { readonly kind: 'listen'; readonly host: string; readonly port: number }
  | { readonly kind: 'send'; readonly id: number; readonly options: UdpSessionOptions; readonly to: Address }
  | { readonly kind: 'receive'; readonly id: number; readonly options: UdpSessionOptions }
  /** Answers `read`. */
  | { readonly kind: 'block'; readonly id: number; readonly ask: number; readonly bytes: Uint8Array }
  /** As SendIn's, to all that is sent. */
  | { readonly kind: 'giveWay'; readonly ms: Millis }
  /** Answers `write`: the block is on the disk. */
  | { readonly kind: 'written'; readonly id: number; readonly ask: number }
  /** The sender of what is received waits for its own disk. */
  | { readonly kind: 'reading'; readonly id: number }
  /** Answered by `sent` or `left`. What is said of the session after that has no meaning. */
  | { readonly kind: 'end'; readonly id: number }
  /** Ends what has not ended, and leaves the port. Answered by `allEnded`, behind the last words of the sessions. */
  | { readonly kind: 'endAll' };

export type FromUdp =
  | { readonly kind: 'listening'; readonly port: number }
  /** The system's error code and words. */
  | { readonly kind: 'cannotListen'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'allEnded' }
  | SessionWord;

export type SessionWord =
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly ask: number;
      readonly offset: number;
      readonly length: number;
      /** Of a block that was sealed: its memory may hold another one. */
      readonly spare: Uint8Array | undefined;
    }
  /** The last block was read. */
  | { readonly kind: 'readAll'; readonly id: number }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly ask: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  /** Answers `receive`: datagrams are taken. */
  | { readonly kind: 'begun'; readonly id: number }
  | { readonly kind: 'part'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'progress'; readonly id: number; readonly verifiedBytes: number }
  | { readonly kind: 'finished' | 'closed' | 'stalled'; readonly id: number }
  | { readonly kind: 'forged'; readonly id: number; readonly why: string }
  | { readonly kind: 'sent'; readonly id: number; readonly counts: SentCounts }
  | { readonly kind: 'left'; readonly id: number; readonly unfinishedBytes: number }
  /** In the place of `sent` or `left`, where the thread was ended before it could say so. */
  | { readonly kind: 'gone'; readonly id: number };
