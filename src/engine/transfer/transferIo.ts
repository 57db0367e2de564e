// What the two machines of a transfer are told and what they ask for. The glue around them carries it to sockets and disks.

import type { KeyObject } from 'node:crypto';
import type { Millis } from '../../base/clock.ts';
import type { Range } from '../../base/rangeSet.ts';
import type { BufferPool } from './bufferPool.ts';
import type { PathPart } from './pathPart.ts';

/** One attempt to move a file: both ends are built from the same four values. */
export interface SessionOptions {
  readonly keys: SessionKeys;
  /** Of the whole file; at least 1. */
  readonly sizeBytes: number;
  /** The first block the receiver lacks; everything before it is there from an earlier session. */
  readonly firstBlock: number;
  /** Blocks behind it that are there, too. The last block of the file is sent in any case: what follows it ends the session. */
  readonly have?: readonly Range[];
  /** The longest datagram to send, in bytes of UDP payload; DATAGRAM_BYTES unless the path is known to carry more. */
  readonly datagramBytes?: number;
  /** The length to begin with, where longer ones are to be tried first; `datagramBytes` when not given. */
  readonly firstDatagramBytes?: number;
  /** Memory for sealed blocks (`BufferPool.ofSealedBlocks`), which sessions may share; its own when not given. */
  readonly pool?: BufferPool;
  /** Blocks held at most; WINDOW_BLOCKS when not given. */
  readonly windowBlocks?: number;
}

export interface SendOptions extends SessionOptions {
  /** Of what the path to the receiver takes; all of it when not given. */
  readonly part?: PathPart;
}

/** Made by `sessionKeysOf`. */
export interface SessionKeys {
  /** AES-128-GCM, seals blocks. */
  readonly data: KeyObject;
  /** AES-128-GCM, seals pieces of blocks that were spoiled. */
  readonly piece: KeyObject;
  /** AES-128-GCM, seals acknowledgements. */
  readonly ack: KeyObject;
  /** 8 bytes at the front of every datagram of the session. */
  readonly token: Uint8Array;
}

export type SendIn =
  /** Answers `needBlock`. The bytes are sealed before `handle` returns, so their buffer is free again then. */
  | { readonly kind: 'block'; readonly index: number; readonly bytes: Uint8Array }
  /** The buffer is free when `handle` returns. `place` stands for where it came from: 0, also when not given, for where datagrams go at first, and any other number for any other. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly place?: number }
  /** Something else goes first: blocks wait for so long from now on, whatever was said before. */
  | { readonly kind: 'giveWay'; readonly ms: Millis }
  | { readonly kind: 'time' };

/** Each value is valid until the next `poll`. */
export type SendOut =
  /** Read these bytes of the file and hand them in; asked in order, READ_AHEAD_BLOCKS at most are open. */
  | { readonly kind: 'needBlock'; readonly index: number; readonly offset: number; readonly length: number }
  /** Send this. The bytes stay untouched for so many datagrams as `DatagramRing.take` says, then they are reused. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array }
  /** Send this to `place` alone, where the receiver may have gone. The same goes for its bytes. */
  | { readonly kind: 'probePlace'; readonly place: number; readonly bytes: Uint8Array }
  /** The receiver is at `place` now: that is where datagrams go from here on. */
  | { readonly kind: 'moved'; readonly place: number }
  /** Bytes of the file that the receiver has verified, those before `firstBlock` included. */
  | { readonly kind: 'progress'; readonly verifiedBytes: number }
  /** The receiver has verified every block. Nothing follows. */
  | { readonly kind: 'finished' }
  /** Nothing was acknowledged for STALL_MS. The session is over. */
  | { readonly kind: 'stalled' };

export type ReceiveIn =
  /** Copied as far as it is kept: the buffer is free when `handle` returns. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array }
  /** Answers `write`: the block is on the disk, so that another may come. */
  | { readonly kind: 'written'; readonly index: number }
  /** The sender's own disk is what it waits for: patience begins anew. */
  | { readonly kind: 'reading' }
  | { readonly kind: 'time' };

/** Each value is valid until the next `poll`, except its bytes. */
export type ReceiveOut =
  /** Send this. The bytes are the taker's for good. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array }
  /** Verified plaintext at its place in the file, blocks in any order. The bytes are the taker's for good. */
  | { readonly kind: 'write'; readonly index: number; readonly offset: number; readonly bytes: Uint8Array }
  /** So many bytes of blocks that are not whole came since the last of these, or the last block (PartNews). */
  | { readonly kind: 'part'; readonly bytes: number }
  /** Bytes of the file up to the first that is not verified yet. */
  | { readonly kind: 'progress'; readonly verifiedBytes: number }
  /** The datagram that was handed in last is the sender's own, and the newest of those: answers may go to where it came from. */
  | { readonly kind: 'heard' }
  /** Every block is verified and written. The machine goes on answering duplicates until `closed`. */
  | { readonly kind: 'finished' }
  /** Nobody can still be waiting for an acknowledgement. Follows `finished`. */
  | { readonly kind: 'closed' }
  /** The block's tag was wrong BLOCK_TRIES times: somebody on the path forges. The session is over. */
  | { readonly kind: 'failed'; readonly block: number }
  /** Nothing valid came for STALL_MS. The session is over. */
  | { readonly kind: 'stalled' };

/** Datagrams that changed nothing, by reason. */
export interface DroppedDatagrams {
  /** Another token or kind: not of this session. */
  readonly strangers: number;
  /** The checksum, the layout or (ACK) the tag is wrong. */
  readonly damaged: number;
  /** A block outside of what may be sent now. */
  readonly unexpected: number;
}
