// The reads of one session of a file of mine, watched: whoever waits for the disk hears of it.

import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Source } from '../carriers/carrier.ts';
import { Drive } from '../io/drive.ts';
import { ReadWatch, type WatchIn, type WatchOut } from '../transfer/readWatch.ts';

export interface ReadingEvents {
  /** Nothing is on its way, and a read is not done. Said again and again. */
  onReading(): void;
  /** A read has not come to an end in time (LONGEST_DISK_CALL_MS). */
  onTooLong(): void;
}

export class WatchedReads implements Disposable {
  readonly #drive: Drive<WatchIn, WatchOut>;
  /** The carrier has asked for something: its thread is run. */
  readonly #asked = Promise.withResolvers<void>();

  /** The receiver has all before `verifiedBytes`; `clock` never goes back. */
  constructor(verifiedBytes: number, events: ReadingEvents, clock: Clock) {
    this.#drive = new Drive<WatchIn, WatchOut>(
      new ReadWatch(verifiedBytes),
      { kind: 'time' },
      (out) => (out.kind === 'reading' ? events.onReading() : events.onTooLong()),
      clock,
    );
    void this.during(verifiedBytes, () => this.#asked.promise);
  }

  dispose(): void {
    this.#drive.dispose();
  }

  /** What is read at `offset`; to open the file is a part of its first read. */
  async during<T>(offset: number, read: () => Promise<T>): Promise<T> {
    this.#drive.handle({ kind: 'asked', offset });
    try {
      return await read();
    } finally {
      this.#drive.handle({ kind: 'answered' });
    }
  }

  verified(bytes: number): void {
    this.#drive.handle({ kind: 'verified', bytes });
  }

  /** `source`, a file of `sizeBytes`, whose blocks are read in the order in which they are asked for, and before its digest. */
  of(source: Source, sizeBytes: number): Source {
    return {
      read: (offset, length) => this.#ask(offset, () => source.read(offset, length)),
      recycle: (buffer) => source.recycle(buffer),
      digest: () =>
        this.#ask(sizeBytes, () => source.digest(() => this.#drive.handle({ kind: 'answeredInPart' }))),
      close: () => source.close(),
    };
  }

  #ask<T>(offset: number, read: () => Promise<T>): Promise<T> {
    this.#asked.resolve();
    return this.during(offset, read);
  }
}
