// The words that two people's engines say about a file, and what each makes of a transfer. Pure: no disk, no link, no store.

import { failure } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { safeFileName } from '../contract/names.ts';
import { isFinal, type Transfer, type TransferState } from '../contract/transfer.ts';
import type { EntryBody } from '../wire/linkFrames.ts';
import type { PictureDescription, Thumbnail } from './pictures/pictureDescription.ts';
import type { StoredTransfer } from './store/transfers.ts';

export type OfferBody = Extract<EntryBody, { kind: 'offer' }>;

/** What may follow an offer, from either side. */
export type TransferWord = Extract<EntryBody, { kind: 'answer' | 'cancel' | 'complete' | 'failed' }>;

export function isTransferWord(body: EntryBody): body is TransferWord {
  return ['answer', 'cancel', 'complete', 'failed'].includes(body.kind);
}

/** What their word makes of a transfer; undefined where it changes nothing. */
export function stateAfter(
  { state, direction, name }: StoredTransfer,
  body: TransferWord,
): TransferState | undefined {
  // The receiver has the file, whatever I decided while its word was on the way.
  if (body.kind === 'complete') {
    return direction === 'send' && state.kind !== 'done'
      ? { kind: 'done', at: Date.now(), sha256: body.sha256 }
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
  const item = body.itemId === undefined ? {} : { itemId: body.itemId };
  return { id, peer, direction: 'receive', name, mediaType, sizeBytes, ...lookOf(body), ...item, state };
}

/** As it is without a link: nothing moves and nothing is compared. */
export function atRest(transfer: StoredTransfer): StoredTransfer {
  return transfer.state.kind === 'offered' ? transfer : { ...transfer, state: { kind: 'waiting' } };
}

export function lookOf(
  look:
    | { width?: number | undefined; height?: number | undefined; placeholder?: string | undefined }
    | undefined,
) {
  const { width, height, placeholder } = look ?? {};
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
    ...lookOf(transfer),
    ...(transfer.itemId === undefined ? {} : { itemId: transfer.itemId }),
    ...(thumbnail === undefined ? {} : { thumbnail: Buffer.from(thumbnail).toString('base64') }),
  };
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** By the bytes: a thumbnail is a PNG or a JPEG, and the page shows it as nothing else. */
export function thumbnailOf(base64: string | undefined): Thumbnail | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const isPng = PNG_SIGNATURE.equals(bytes.subarray(0, PNG_SIGNATURE.length));
  return { mediaType: isPng ? 'image/png' : 'image/jpeg', bytes };
}
