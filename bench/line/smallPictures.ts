// Pictures as people paste them into a chat, one after the other.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noisePicture } from '../noisePicture.ts';
import type { LineCompany } from './lineCompany.ts';

export const SMALL_BYTES = 300_000;

/** Where it lies. */
export async function writeSmallPicture({ folder }: LineCompany): Promise<string> {
  const path = join(folder, 'small.png');
  await writeFile(path, noisePicture(SMALL_BYTES));
  return path;
}

/** Ms each, from "send" to "saved and verified" at the sender: thumbnail and offer included, taken without asking. */
export async function sendPictures(company: LineCompany, path: string, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) took.push(await sendOnce(company, path));
  return took;
}

async function sendOnce({ sara, fingerprintOfBob: peer }: LineCompany, path: string): Promise<number> {
  const start = performance.now();
  const { id } = await sara.request('offerFile', { peer, path, asPicture: true });
  await sara.transfer(id, 'done');
  return performance.now() - start;
}
