// What the benchmark tells a stand-in for an editor's extension host, and what it hears from it.

export type Order =
  | { readonly kind: 'signUp'; readonly name: string; readonly url: string }
  /** Connects, and resolves when messages flow. The other side says yes by itself. */
  | { readonly kind: 'connect'; readonly name: string }
  | { readonly kind: 'sendFile'; readonly path: string; readonly asPicture: boolean }
  /** From now on: how late the loop's timers come, and a message every `everyMs` where that is set. */
  | { readonly kind: 'watch'; readonly everyMs?: number }
  /** What was seen since `watch`. */
  | { readonly kind: 'tell' };

export interface Seen {
  /** Ms by which a timer of 1 ms of the host's thread came late. */
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Ms from when the message was due to the receipt that it is stored on the other side. */
  readonly roundTrips: readonly number[];
  /** Messages that were not sent, as too many waited for their receipts. */
  readonly leftOut: number;
  /** Bytes resident, of the whole process with its engine, four times a second. */
  readonly memory: readonly number[];
}

/** What both felt while something happened. */
export interface Felt {
  readonly what: string;
  readonly isPicture: boolean;
  /** 0 where nothing was sent. */
  readonly sizeBytes: number;
  readonly seconds: number;
  readonly sender: Seen;
  readonly receiver: Seen;
}

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'saved'; readonly seconds: number }
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'failed'; readonly why: string };

export interface HostStart {
  readonly script: string;
  readonly dataDir: string;
}
