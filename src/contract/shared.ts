// Files that a person shows to others, who fetch them when they like. Nothing of them moves before.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Items that one person shares with another at a time: their list fits one frame. */
export const MAX_SHARED_ITEMS = 200;

export interface SharedItem {
  /** Chosen by its owner: 32 lowercase hexadecimal digits. */
  readonly id: string;
  /** A safe file name without folders. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Millis;
}

/** One of mine. */
export interface OwnSharedItem extends SharedItem {
  readonly path: string;
  /** Who may see and fetch it: everybody I have accepted, or these. */
  readonly with: 'accepted' | readonly Fingerprint[];
}
