// A picture from one person to the other, as shipped: sealed, checked, acknowledged, written, synced, verified.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Company } from './company.ts';
import { noisePicture } from './noisePicture.ts';
import { startRawTls } from './rawTls.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface GoodputRow {
  readonly sizeBytes: number;
  /** MB/s, 10^6 bytes. */
  readonly hamta: Spread;
  readonly rawTls: Spread;
  /** Round by round. */
  readonly ratio: Spread;
}

/** Interleaved, one round of warming up. From "accept" to the sender's "saved and verified", offer and thumbnail excluded. */
export async function pictureGoodput(
  company: Company,
  sizeBytes: number,
  rounds: number,
): Promise<GoodputRow> {
  const picture = noisePicture(sizeBytes);
  const path = join(company.folder, 'noise.png');
  await writeFile(path, picture);
  const raw = await startRawTls(picture.length);
  const hamta: number[] = [];
  const rawTls: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const ours = picture.length / 1e3 / (await sendOnce(company, path));
    const theirs = picture.length / 1e3 / (await raw.transfer(picture));
    if (round === 0) continue;
    hamta.push(ours);
    rawTls.push(theirs);
  }
  raw.close();
  const ratios = hamta.map((ours, i) => ours / (rawTls[i] as number));
  return {
    sizeBytes: picture.length,
    hamta: spreadOf(hamta),
    rawTls: spreadOf(rawTls),
    ratio: spreadOf(ratios),
  };
}

async function sendOnce({ sara, bob, fingerprintOfBob }: Company, path: string): Promise<number> {
  const offered = bob.next((event) =>
    event.kind === 'transferChanged' && event.transfer.state.kind === 'offered'
      ? event.transfer.id
      : undefined,
  );
  await sara.rpc.request('offerFile', { peer: fingerprintOfBob, path, asPicture: true });
  const id = await offered;
  const done = sara.next((event) => {
    if (event.kind !== 'transferChanged' || event.transfer.id !== id) return undefined;
    if (event.transfer.state.kind === 'failed') throw new Error(JSON.stringify(event.transfer.state));
    return event.transfer.state.kind === 'done' ? true : undefined;
  });
  const start = performance.now();
  await bob.rpc.request('answerTransfer', { id, accept: true });
  await done;
  return performance.now() - start;
}
