// A road for the blocks of one session. What is offered, where a session begins and what the file's digest must be goes over the
// link, whichever road it is.

import type { Disposable } from '../../base/disposable.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import type { PartialFile } from '../io/partialFile.ts';
import type { SourceFile } from '../io/sourceFile.ts';
import type { SentCounts } from '../transfer/sentTally.ts';
import type { SessionOptions } from '../transfer/transferIo.ts';

/** Which session of which file, and whom with. */
export interface SessionPlace {
  readonly link: LiveLink;
  /** 32 hexadecimal digits. */
  readonly transferId: string;
  /** 16 hexadecimal digits. */
  readonly session: string;
}

/** Which part of the file is missing; both ends know. */
export type Missing = Pick<SessionOptions, 'sizeBytes' | 'firstBlock' | 'have'>;

/** What a session needs of a SourceFile. */
export type Source = Pick<SourceFile, 'read' | 'recycle' | 'digest' | 'close'>;

/** What a session needs of a PartialFile. The bytes of a write are its own until it has resolved; then they are gone. */
export type Destination = Pick<PartialFile, 'write'>;

export interface SendingEvents {
  onProgress(verifiedBytes: number): void;
  /** Everything was read; the receiver wants to know what it must be. */
  onDigest(sha256: string): void;
  onFinished(): void;
  /** For long nothing was heard of what was sent: the session is over, or the other end sleeps, or its disk does. */
  onStalled(): void;
  /** The file is gone or another one now. */
  onFailed(error: unknown): void;
}

export interface ReceivingEvents {
  /** This end takes what comes: from now on its carrier may be judged. Before, it waits for its thread to be run. */
  onBegun(): void;
  /** There is a connection, of a carrier that makes one: nothing came over it yet. */
  onConnected(): void;
  /** So many bytes came of blocks that are not whole (PartNews). */
  onPart(bytes: number): void;
  onProgress(verifiedBytes: number): void;
  /** Every byte is on the disk. Answers to duplicates go on until `onClosed`, or until the session is disposed. */
  onFinished(): void;
  onClosed(): void;
  onStalled(): void;
  /** The road cannot be had, or broke in the middle. The session is over. */
  onLost(): void;
  /** The disk says no (a FailureError), or somebody forges what comes. */
  onFailed(error: unknown): void;
}

/** A block whose seal was broken every time it came. */
export class ForgedBlockError extends Error {}

/** A session's one end that sends blocks. */
export interface Sending extends Disposable {
  /** What it has sent in all. Resolves when it was disposed; never rejects. */
  readonly ended: Promise<SentCounts>;
}

/** A session's one end that takes blocks. */
export interface Receiving extends Disposable {
  /**
   * Resolves when it was disposed and the last whole block that had come is with the destination; never rejects. The bytes that came of
   * other blocks, which are gone.
   */
  readonly ended: Promise<number>;
  /** The sender waits for its own disk: patience begins anew. */
  hearReading(): void;
}

/** Each answer is the session's one end; disposing it ends the session at once. */
export interface Carrier {
  /** A session may follow soon: what takes its time to start is started, where there is such. */
  expect?(): void;
  /** The source is closed with the session. */
  send(place: SessionPlace, missing: Missing, source: Source, events: SendingEvents): Sending;
  /** Each block is handed to the destination once its sender is certain. */
  receive(
    place: SessionPlace,
    missing: Missing,
    destination: Destination,
    events: ReceivingEvents,
  ): Receiving;
}
