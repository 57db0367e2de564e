// The making of an offer: looks at the file, and draws what stands for it before it is there.

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { safeFileName } from '../contract/names.ts';
import type { EntryBody } from '../wire/linkFrames.ts';
import { stampOf } from './io/sourceFile.ts';
import type { Pictures } from './pictures/pictures.ts';
import type { Thumbnails } from './pictures/thumbnails.ts';
import type { StoredTransfer } from './store/transfers.ts';
import { lookOf, offerBodyOf } from './transferWords.ts';

/** 2^32 blocks of 64 KiB would be possible on the wire; no file system here holds more than this. */
export const MAX_FILE_BYTES = 2 ** 44;
const UNKNOWN_MEDIA = 'application/octet-stream';

export interface Offer {
  readonly peer: Fingerprint;
  readonly path: string;
  readonly name?: string;
  readonly asPicture: boolean;
  /** Set where the receiver has asked for it. */
  readonly fetched?: FetchedItem;
}

export interface FetchedItem {
  readonly itemId: string;
  /** Chosen by the receiver. */
  readonly transferId: string;
  /** Where it is no picture. */
  readonly mediaType: string;
  /** Throws when they may not have it any more. */
  check(): unknown;
}

export interface PreparedOffer {
  readonly transfer: StoredTransfer;
  readonly body: EntryBody;
}

export class Offers {
  readonly #pictures: Pictures;
  readonly #thumbnails: Thumbnails;

  constructor(pictures: Pictures, thumbnails: Thumbnails) {
    this.#pictures = pictures;
    this.#thumbnails = thumbnails;
  }

  /** Failures: fileUnreadable, fileEmpty, fileTooLarge, pictureUnreadable. */
  async prepare({ peer, path, name, asPicture, fetched }: Offer): Promise<PreparedOffer> {
    const shownName = safeFileName(name ?? basename(path));
    const { sizeBytes, modifiedAt } = await stampOf(path);
    if (sizeBytes > MAX_FILE_BYTES) throw fail('fileTooLarge', { name: shownName, limit: MAX_FILE_BYTES });
    const picture = await this.#pictures.describe(path);
    if (asPicture && picture === undefined) throw fail('pictureUnreadable', { name: shownName });
    const id = fetched?.transferId ?? randomBytes(16).toString('hex');
    const thumbnailPath = await this.#thumbnails.keep(id, picture?.thumbnail);
    const transfer: StoredTransfer = {
      id,
      peer,
      direction: 'send',
      name: shownName,
      mediaType: picture?.mediaType ?? fetched?.mediaType ?? UNKNOWN_MEDIA,
      sizeBytes,
      ...lookOf(picture),
      ...(thumbnailPath === undefined ? {} : { thumbnailPath }),
      ...(fetched === undefined ? {} : { itemId: fetched.itemId }),
      path,
      sourceModifiedAtMs: modifiedAt,
      state: { kind: 'offered' },
    };
    return { transfer, body: offerBodyOf(transfer, picture) };
  }

  /** It was not made after all. */
  async discard({ transfer: { thumbnailPath } }: PreparedOffer): Promise<void> {
    if (thumbnailPath !== undefined) await rm(thumbnailPath, { force: true });
  }
}
