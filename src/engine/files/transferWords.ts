// The words that two people's engines say about a file, and what each makes of a transfer. Pure: no disk, no link, no store.

import type { Millis } from '../../base/clock.ts';
import { failure } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import { isFinal, THUMBNAIL_SIDE, type Transfer, type TransferState } from '../../contract/transfer.ts';
import type { EntryBody } from '../../wire/linkFrames.ts';
import type { PictureDescription, Thumbnail } from '../pictures/pictureDescription.ts';
import { pictureHeaderOf } from '../pictures/pictureHeader.ts';
import type { StoredTransfer } from '../store/transfers.ts';

export type OfferBody = Extract<EntryBody, { kind: 'offer' }>;

/** What may follow an offer, from either side. */
export type TransferWord = Extract<EntryBody, { kind: 'answer' | 'cancel' | 'complete' | 'failed' }>;

export function isTransferWord(body: EntryBody): body is TransferWord {
  return ['answer', 'cancel', 'complete', 'failed'].includes(body.kind);
}

/** What their word, which came at `at`, makes of a transfer; undefined where it changes nothing. */
export function stateAfter(
  { state, direction, name }: StoredTransfer,
  body: TransferWord,
  at: Millis,
): TransferState | undefined {
  // The receiver has the file, whatever I decided while its word was on the way.
  if (body.kind === 'complete') {
    return direction === 'send' && state.kind !== 'done'
      ? { kind: 'done', at, sha256: body.sha256 }
      : undefined;
  }
  if (isFinal(state)) return undefined;
  if (body.kind === 'cancel') return { kind: 'cancelled', by: 'peer' };
  if (body.kind === 'failed')
    return { kind: 'failed', failure: failure('peerFailed', { name, code: body.code }) };
  if (direction !== 'send' || state.kind !== 'offered') return undefined;
  return body.accepted ? { kind: 'waiting' } : { kind: 'rejected' };
}

/** What their offer is to me. */
export function offeredBy(peer: Fingerprint, body: OfferBody, state: TransferState): StoredTransfer {
  const { transferId: id, mediaType, sizeBytes } = body;
  const name = safeFileName(body.name);
  const more = { ...appearanceOf(body), ...(body.itemId === undefined ? {} : { itemId: body.itemId }) };
  return { id, peer, direction: 'receive', name, mediaType, sizeBytes, ...more, state };
}

/** As it is without a link: nothing moves and nothing is compared. */
export function atRest(transfer: StoredTransfer): StoredTransfer {
  return transfer.state.kind === 'offered' ? transfer : { ...transfer, state: { kind: 'waiting' } };
}

/** How big it is, and what stands for it until it is there. */
export function appearanceOf(
  picture:
    | { width?: number | undefined; height?: number | undefined; placeholder?: string | undefined }
    | undefined,
) {
  const { width, height, placeholder } = picture ?? {};
  return {
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(placeholder === undefined ? {} : { placeholder }),
  };
}

export function offerBodyOf(transfer: Transfer, picture: PictureDescription | undefined): EntryBody {
  const { id: transferId, name, mediaType, sizeBytes } = transfer;
  const thumbnail = picture?.thumbnail?.bytes;
  return {
    kind: 'offer',
    transferId,
    name,
    mediaType,
    sizeBytes,
    ...appearanceOf(transfer),
    ...(transfer.itemId === undefined ? {} : { itemId: transfer.itemId }),
    ...(thumbnail === undefined ? {} : { thumbnail: Buffer.from(thumbnail).toString('base64') }),
  };
}

/**
 * By the bytes: a PNG or a JPEG of at most THUMBNAIL_SIDE; anything else is dropped. A bound against a hostile peer: the page shows
 * it before anybody has said yes, and a few bytes can become hundreds of megapixels there.
 */
export function thumbnailOf(base64: string | undefined): Thumbnail | undefined {
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const { mediaType, size } = pictureHeaderOf(bytes) ?? {};
  if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') return undefined;
  if (size === undefined || Math.max(size.width, size.height) > THUMBNAIL_SIDE) return undefined;
  return { mediaType, bytes };
}
