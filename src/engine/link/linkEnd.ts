// Why a link ended, and whether dialling again makes sense.

import { assertNever } from '../../base/assertNever.ts';
import type { CloseReasonWord, RejectReason } from '../../wire/linkFrames.ts';

/** Why I end a link. */
export type LocalEnd =
  /** My person disconnected. */
  | 'disconnected'
  /** The engine stops, my person signs out, the disk takes nothing more, or my entries have other numbers: for now, and not because of them. */
  | 'stopping'
  /** Another link with them stays. */
  | 'duplicate'
  /** My person has blocked them. */
  | 'blocked'
  /** My person has enough open questions. */
  | 'busy';

export type LinkEnd =
  | { readonly kind: 'local'; readonly reason: LocalEnd }
  /** My person declined (`declined`) or did not answer in time (`unanswered`). */
  | { readonly kind: 'refused'; readonly reason: 'declined' | 'unanswered' }
  /** Their side did not let me in. `unanswered` also when nothing came in time. */
  | { readonly kind: 'rejected'; readonly reason: RejectReason }
  /** They closed it, saying why. */
  | { readonly kind: 'peer'; readonly reason: CloseReasonWord }
  /** The connection broke. */
  | { readonly kind: 'lost' }
  /** Nothing came from them in time: no hello in GREETING_MS, or nothing at all in SILENT_MS. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'version'; readonly theirs: number }
  /** They said what the protocol does not allow. `problem` is for the log. */
  | { readonly kind: 'protocol'; readonly problem: string }
  /** A number of theirs is missing between what I have and what they sent. */
  | { readonly kind: 'gap' }
  /** They have entries of mine up to `received` that are not those I have: my store was put back to an older one (README.md). */
  | { readonly kind: 'ahead'; readonly received: number }
  /** Neither person has accepted the other. */
  | { readonly kind: 'notAccepted' };

/** Whether the same two engines may do better on a new link without a person doing something first. */
export function isRetryable(end: LinkEnd): boolean {
  switch (end.kind) {
    case 'lost':
    case 'silent':
    case 'gap':
    case 'ahead':
      return true;
    case 'peer':
      return RETRYABLE_WORDS[end.reason];
    case 'rejected':
      return end.reason === 'busy';
    case 'local':
      return end.reason === 'stopping';
    case 'refused':
    case 'version':
    case 'protocol':
    case 'notAccepted':
      return false;
    default:
      return assertNever(end);
  }
}

const RETRYABLE_WORDS: Readonly<Record<CloseReasonWord, boolean>> = {
  disconnected: false,
  stopping: true,
  // The link that stayed may be one that I have lost already.
  duplicate: true,
  version: false,
  protocol: false,
  gap: true,
  ahead: true,
  silent: true,
  notAccepted: false,
  other: true,
};
