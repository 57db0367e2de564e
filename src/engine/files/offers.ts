// The making of an offer: looks at the file, draws what stands for it before it is there, and takes out of a picture what its
// file says besides it.

import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import type { Abort } from '../../contract/rpc.ts';
import type { EntryBody } from '../../wire/linkFrames.ts';
import { type FileStamp, stampOf } from '../io/sourceFile.ts';
import { FETCHED_PATIENCE_MS } from '../pictures/params.ts';
import type { PictureDescription } from '../pictures/pictureDescription.ts';
import { pictureHeaderAt } from '../pictures/pictureHeaderAt.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { PictureAnswer } from '../pictures/pictureWorker.ts';
import type { Thumbnails } from '../pictures/thumbnails.ts';
import type { StoredTransfer } from '../store/transfers.ts';
import type { FileLooks } from './fileLooks.ts';
import type { PictureCopies } from './pictureCopies.ts';
import { appearanceOf, offerBodyOf } from './transferWords.ts';

/** 2^32 blocks of 64 KiB would be possible on the wire; no file system here holds more than this. */
export const MAX_FILE_BYTES = 2 ** 44;
/** With thumbnails of 24 KiB less than a MiB. */
const MAX_DRAWN = 32;
const UNKNOWN_MEDIA = 'application/octet-stream';

export interface Offer {
  readonly peer: Fingerprint;
  readonly path: string;
  readonly name?: string;
  /** Without its metadata where they can be taken out; 'ifItIsOne': by its bytes. Else every byte goes as it is. */
  readonly asPicture: boolean | 'ifItIsOne';
  /** Set where the receiver has asked for it. */
  readonly fetched?: FetchedItem;
}

export interface FetchedItem {
  readonly itemId: string;
  /** Chosen by the receiver. */
  readonly transferId: string;
  /** Where it is no picture. */
  readonly mediaType: string;
  /** Its owner was told that it goes without location and camera data: so it does, or not at all. */
  readonly losesMetadata: boolean;
  /** Throws when they may not have it any more. */
  check(): unknown;
}

export interface PreparedOffer {
  readonly transfer: StoredTransfer;
  readonly body: EntryBody;
}

/** What a file is by its system's word and its first bytes. */
interface Look {
  readonly stamp: FileStamp;
  /** Of a picture. */
  readonly mediaType: string | undefined;
}

/** What is sent, and what is known of it. */
interface Source extends Pick<StoredTransfer, 'metadata' | 'copyPath'> {
  readonly stamp: FileStamp;
  readonly picture: PictureDescription | undefined;
}

export class Offers {
  readonly #pictures: Pictures;
  readonly #thumbnails: Thumbnails;
  readonly #copies: PictureCopies;
  readonly #looks: FileLooks;
  /** Of shared pictures, the last ones. */
  readonly #drawn = new Map<string, Promise<PictureAnswer>>();

  constructor(pictures: Pictures, thumbnails: Thumbnails, copies: PictureCopies, looks: FileLooks) {
    this.#pictures = pictures;
    this.#thumbnails = thumbnails;
    this.#copies = copies;
    this.#looks = looks;
  }

  /**
   * `abort`: nobody waits for it any more, and it is not made.
   * Failures: file*, pictureUnreadable, pictureUnchecked, engineGone, and diskFull or folderUnwritable of the engine's own.
   */
  async prepare(offer: Offer, abort?: Abort): Promise<PreparedOffer> {
    const { peer, path, fetched } = offer;
    const name = safeFileName(offer.name ?? basename(path));
    const look = await this.#looks.at(path, () => firstLookAt(path), abort);
    if (look.stamp.sizeBytes > MAX_FILE_BYTES) throw fail('fileTooLarge', { name, limit: MAX_FILE_BYTES });
    const id = fetched?.transferId ?? randomBytes(16).toString('hex');
    const { picture, stamp: sent, ...stripping } = await this.#sourceOf(offer, name, id, look);
    // Its file may be one of another kind by now, of which nobody here can take anything out.
    if (fetched?.losesMetadata === true && stripping.metadata !== 'removed')
      throw fail('pictureUnchecked', { name, why: 'broken' });
    const thumbnailPath = await this.#thumbnails.keep(id, picture?.thumbnail);
    const transfer: StoredTransfer = {
      ...{ id, peer, direction: 'send', name, path },
      mediaType: picture?.mediaType ?? look.mediaType ?? fetched?.mediaType ?? UNKNOWN_MEDIA,
      sizeBytes: sent.sizeBytes,
      sourceModifiedAtMs: sent.modifiedAt,
      ...appearanceOf(picture),
      ...stripping,
      ...(thumbnailPath === undefined ? {} : { thumbnailPath }),
      ...(fetched === undefined ? {} : { itemId: fetched.itemId }),
      state: { kind: 'offered' },
    };
    if (!abort?.aborted) return { transfer, body: offerBodyOf(transfer, picture) };
    await this.discard(transfer);
    throw fail('engineGone', {});
  }

  /** It was not made after all. Never rejects. */
  async discard({ id }: StoredTransfer): Promise<void> {
    this.#thumbnails.remove(id);
    await this.#copies.remove(id);
  }

  async #sourceOf(offer: Offer, name: string, id: string, look: Look): Promise<Source> {
    const { path, asPicture } = offer;
    const { stamp } = look;
    if (look.mediaType === undefined && asPicture === true) throw fail('pictureUnreadable', { name });
    // Whatever is no picture waits for none.
    if (look.mediaType === undefined) return { stamp, picture: undefined };
    if (asPicture === false) return { stamp, picture: await this.#pictures.describe(path) };
    return this.#withoutMetadata(offer, name, id, stamp);
  }

  /** A picture of which nobody knows what it says does not go: whoever sends it may do so as a file, on purpose. */
  async #withoutMetadata(
    { path, fetched }: Offer,
    name: string,
    id: string,
    stamp: FileStamp,
  ): Promise<Source> {
    const copyPath = this.#copies.pathOf(id);
    const answer = await (fetched === undefined
      ? this.#pictures.describeAndStrip(path, copyPath)
      : this.#drawnOnce(path, copyPath, stamp));
    const { description: picture, metadata, unseen = 'broken' } = answer;
    // A worker that was ended may have left half a copy.
    if (metadata?.kind !== 'removed') await this.#copies.remove(id);
    if (picture === undefined) throw fail('pictureUnchecked', { name, why: unseen });
    switch (metadata?.kind) {
      case 'removed':
        return { stamp: await stampOf(copyPath), picture, metadata: 'removed', copyPath };
      case 'none':
        return { stamp, picture, metadata: 'removed' };
      case 'notWritten':
        throw metadata.detail === 'ENOSPC'
          ? fail('diskFull', { path: this.#copies.folder })
          : fail('folderUnwritable', { path: this.#copies.folder, detail: metadata.detail });
      default:
        return { stamp, picture, metadata: 'kept' };
    }
  }

  /** Many may fetch one picture, or one person again and again: a bound on what that costs. */
  async #drawnOnce(
    path: string,
    copyTo: string,
    { sizeBytes, modifiedAt }: FileStamp,
  ): Promise<PictureAnswer> {
    const key = `${sizeBytes} ${modifiedAt} ${path}`;
    const earlier = this.#drawn.get(key);
    const drawing = earlier ?? this.#pictures.describeAndStrip(path, copyTo, FETCHED_PATIENCE_MS);
    this.#drawn.delete(key);
    this.#drawn.set(key, drawing);
    const [oldest = key] = this.#drawn.keys();
    if (this.#drawn.size > MAX_DRAWN) this.#drawn.delete(oldest);
    const answer = await drawing;
    // Perhaps the worker had too much to do: the next one tries again, and whoever has waited hears the same.
    if (answer.description === undefined || answer.isLate) this.#drawn.delete(key);
    if (answer.description === undefined) return answer;
    return earlier === undefined ? answer : this.#stripAgain(path, copyTo, answer);
  }

  async #stripAgain(path: string, copyTo: string, { description }: PictureAnswer): Promise<PictureAnswer> {
    const answer = await this.#pictures.strip(path, copyTo);
    return answer.description === undefined ? answer : { ...answer, description };
  }
}

/** When it is offered once more: what was no picture may be one by now; a picture that went as a file stays one. */
export function asPictureAgain({ mediaType, metadata }: Pick<StoredTransfer, 'mediaType' | 'metadata'>) {
  return mediaType.startsWith('image/') ? metadata !== undefined : 'ifItIsOne';
}

async function firstLookAt(path: string): Promise<Look> {
  const stamp = await stampOf(path);
  return { stamp, mediaType: (await pictureHeaderAt(path))?.mediaType };
}
