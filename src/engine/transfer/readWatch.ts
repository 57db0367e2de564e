// Watches the sender's own reads: says so while everything waits for one of them, so that nobody takes a disk that wakes up for a road
// that is blocked, and when one takes so long that nobody waits for it any more. README.md of this room says what the receiver makes of it.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { LONGEST_DISK_CALL_MS, READING_MS } from './carrierParams.ts';
import { SLEPT_MS } from './params.ts';

export type WatchIn =
  /** The bytes at `offset` of the file are to be read; in order, several at a time. */
  | { readonly kind: 'asked'; readonly offset: number }
  /** The one that was asked for first was answered, however. */
  | { readonly kind: 'answered' }
  /** … or a part of it, and the disk works on: the digest is made of many reads. */
  | { readonly kind: 'answeredInPart' }
  /** The receiver has all before `bytes`. */
  | { readonly kind: 'verified'; readonly bytes: number }
  | { readonly kind: 'time' };

export type WatchOut =
  /** Nothing is on its way: everything waits for a read. Every READING_MS. */
  | { readonly kind: 'reading' }
  /** A read has taken LONGEST_DISK_CALL_MS. Nothing follows. */
  | { readonly kind: 'tooLong' };

export class ReadWatch implements Machine<WatchIn, WatchOut> {
  readonly #offsets: number[] = [];
  readonly #out: WatchOut[] = [];
  #verifiedBytes: number;
  /** The first of them is being read since then: before, the one before it was. */
  #since: Millis = 0;
  #sayAt: Millis | undefined;
  #isOver = false;

  /** The receiver has all before `verifiedBytes`. */
  constructor(verifiedBytes: number) {
    this.#verifiedBytes = verifiedBytes;
  }

  handle(input: WatchIn, now: Millis): void {
    if (this.#isOver) return;
    switch (input.kind) {
      case 'asked':
        if (this.#offsets.push(input.offset) === 1) this.#since = now;
        break;
      case 'answered':
        this.#offsets.shift();
        this.#since = now;
        this.#sayAt = undefined;
        break;
      case 'answeredInPart':
        this.#since = now;
        break;
      case 'verified':
        this.#verifiedBytes = Math.max(this.#verifiedBytes, input.bytes);
        break;
      case 'time':
        this.#takeTime(now);
        break;
      default:
        assertNever(input);
    }
    if (this.#isAwaited) this.#sayAt ??= now + READING_MS;
  }

  poll(): WatchOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    if (this.#isOver || this.#offsets.length === 0) return undefined;
    return Math.min(this.#since + LONGEST_DISK_CALL_MS, this.#sayAt ?? Number.POSITIVE_INFINITY);
  }

  /** All that was read has arrived. What has not is on its way, and its road is to be judged by it. */
  get #isAwaited(): boolean {
    const [first] = this.#offsets;
    return first !== undefined && first <= this.#verifiedBytes;
  }

  #takeTime(now: Millis): void {
    const deadline = this.deadline();
    if (deadline === undefined || now < deadline) return;
    // After a sleep the disk has worked no longer than before it.
    if (now - deadline > SLEPT_MS) this.#since = now;
    if (now >= this.#since + LONGEST_DISK_CALL_MS) return this.#end();
    this.#sayAt = undefined;
    if (this.#isAwaited) this.#out.push({ kind: 'reading' });
  }

  #end(): void {
    this.#isOver = true;
    this.#out.push({ kind: 'tooLong' });
  }
}
