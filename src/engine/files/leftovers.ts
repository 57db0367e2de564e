// What an engine that was killed has left on the disk: it goes when the next one starts.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../../contract/transfer.ts';
import { transferIdOfNotes } from '../io/blockNotes.ts';
import { transferIdOfPartial } from '../io/partialFile.ts';
import type { SaveFolder } from '../io/saveFolder.ts';
import type { TransfersTable } from '../store/transfers.ts';
import { transferIdOfCopy } from './pictureCopies.ts';

const THUMBNAIL = /^([0-9a-f]{32})\.(?:png|jpg)$/;

/** Thumbnails of offers that were never stored, or whose messages were deleted. Call it before there are new offers. Never rejects. */
export async function sweepThumbnails(folder: string, transfers: TransfersTable): Promise<void> {
  await sweep(folder, (name) => {
    const id = THUMBNAIL.exec(name)?.[1];
    return id !== undefined && transfers.get(id)?.thumbnailPath === undefined;
  });
}

/** Notes about files that are not on their way any more. Never rejects. */
export async function sweepNotes(folder: string, transfers: TransfersTable): Promise<void> {
  await sweep(folder, (name) => isOfNoneOnItsWay(transferIdOfNotes(name), transfers));
}

/** Copies of pictures that are not on their way any more. Never rejects. */
export async function sweepPictureCopies(folder: string, transfers: TransfersTable): Promise<void> {
  await sweep(folder, (name) => isOfNoneOnItsWay(transferIdOfCopy(name), transfers));
}

/**
 * Hidden halves of files whose transfers are over. Others, and other people's, stay. The folder is a person's own, whose drive may
 * be gone: it is not asked again before it answers. Whether it was seen that none is there. Rejects as the store does alone.
 */
export async function sweepPartials(
  folder: SaveFolder,
  transfers: Pick<TransfersTable, 'get'>,
): Promise<boolean> {
  const names = await folder.names().catch(() => undefined);
  if (names === undefined) return false;
  const left = names.filter((name) => {
    const id = transferIdOfPartial(name);
    const transfer = id === undefined ? undefined : transfers.get(id);
    return transfer?.direction === 'receive' && isFinal(transfer.state);
  });
  for (const name of left) await folder.remove(join(folder.path, name));
  return left.length === 0;
}

function isOfNoneOnItsWay(id: string | undefined, transfers: TransfersTable): boolean {
  if (id === undefined) return false;
  const transfer = transfers.get(id);
  return transfer === undefined || isFinal(transfer.state);
}

async function sweep(folder: string, isLeftOver: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter(isLeftOver).map((name) => rm(join(folder, name)));
  await Promise.allSettled(left);
}
