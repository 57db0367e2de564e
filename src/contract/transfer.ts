// A picture or file on its way between me and a peer.

import type { Millis } from '../base/clock.ts';
import type { Failure } from './failure.ts';
import type { Fingerprint } from './fingerprint.ts';

/** The longest side of a thumbnail, in pixels. */
export const THUMBNAIL_SIDE = 320;

/** Larger pictures are neither decoded nor shown in the chat. A browser takes four bytes for each pixel. */
export const MAX_PICTURE_PIXELS = 100_000_000;

/** The road that a transfer's bytes take: datagrams, or a TLS connection of their own. */
export type CarrierKind = 'udp' | 'tls';

export type TransferState =
  /** The receiver has not answered yet. */
  | { readonly kind: 'offered' }
  /** Accepted; nothing moves because the link is down or the first datagram is not there yet. */
  | { readonly kind: 'waiting' }
  /** `bytes` are verified by the receiver; `attempt` counts from 1 to MAX_ATTEMPTS. */
  | {
      readonly kind: 'running';
      readonly bytes: number;
      readonly bytesPerSecond: number;
      readonly attempt: number;
      /** The one that brought the last bytes; unset while none have come. */
      readonly carrier?: CarrierKind;
    }
  /** All bytes are there; the receiver compares the digest, syncs and names the file. */
  | { readonly kind: 'checking' }
  /** Verified and saved by the receiver, and the sender knows. `sha256` is over the SHA-256s of the file's 64 KiB blocks. */
  | { readonly kind: 'done'; readonly at: Millis; readonly sha256: string }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'cancelled'; readonly by: 'me' | 'peer' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** How often a transfer that makes no progress is started again before it fails. */
export const MAX_ATTEMPTS = 3;

export interface Transfer {
  /** Chosen by the sender: 32 lowercase hexadecimal digits. */
  readonly id: string;
  readonly peer: Fingerprint;
  readonly direction: 'send' | 'receive';
  /** A safe file name without folders. */
  readonly name: string;
  /** As the sender says, e.g. `image/png`; never trusted for opening. */
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** In pixels; set for pictures that could be read. */
  readonly width?: number;
  readonly height?: number;
  /** ThumbHash, base64. */
  readonly placeholder?: string;
  /** A small JPEG or PNG on this machine. */
  readonly thumbnailPath?: string;
  /** The sender's file, or the receiver's saved file once done. */
  readonly path?: string;
  /**
   * Of a picture of mine that was not sent as a file: whether the file that goes says nothing of place, time and camera, or
   * may, as nobody here can take that out of a file of its kind or size.
   */
  readonly metadata?: 'removed' | 'kept';
  /** The receiver has asked for it: the id of the sender's shared item. */
  readonly itemId?: string;
  readonly state: TransferState;
}

/** Nothing more will happen to it by itself. */
export function isFinal(state: TransferState): boolean {
  return (
    state.kind === 'done' ||
    state.kind === 'rejected' ||
    state.kind === 'cancelled' ||
    state.kind === 'failed'
  );
}

/** Theirs, and it waits for my answer. */
export function isOpenOffer({ direction, state }: Transfer): boolean {
  return direction === 'receive' && state.kind === 'offered';
}

/** Shown as a picture in the chat rather than as a file. SVG is active content and stays a file. */
export function isPicture(mediaType: string): boolean {
  return /^image\/(png|jpeg|gif|webp|bmp|tiff|avif)$/.test(mediaType);
}

/** Larger pictures are neither taken apart nor decoded, in bytes. */
export const MAX_STRIPPED_BYTES = 64 * 1024 * 1024;

/** Whether a picture goes without what its file says of place and camera, unless it is broken or sent as a file; others may say it. */
export function losesMetadata({ mediaType, sizeBytes }: Pick<Transfer, 'mediaType' | 'sizeBytes'>): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(mediaType) && sizeBytes <= MAX_STRIPPED_BYTES;
}
