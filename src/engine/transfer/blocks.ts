// How a file is cut: into blocks by both ends, and a sealed block into pieces of one datagram by the sender.

import { type Range, RangeSet } from '../../base/rangeSet.ts';
import { BLOCK_BYTES, TAG_BYTES } from './params.ts';

export function blockCountOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES);
}

/** Bytes of the file in block `index`. */
export function blockLength(sizeBytes: number, index: number): number {
  return Math.min(BLOCK_BYTES, sizeBytes - index * BLOCK_BYTES);
}

export function sealedLength(sizeBytes: number, index: number): number {
  return blockLength(sizeBytes, index) + TAG_BYTES;
}

/** Bytes of the file in all blocks below `index`. */
export function bytesBefore(sizeBytes: number, index: number): number {
  return Math.min(sizeBytes, index * BLOCK_BYTES);
}

/** Bytes of the file in the blocks of `ranges`, which do not overlap. */
export function bytesIn(sizeBytes: number, ranges: readonly Range[]): number {
  const lengthOf = ({ start, end }: Range) => bytesBefore(sizeBytes, end) - bytesBefore(sizeBytes, start);
  return ranges.reduce((sum, range) => sum + lengthOf(range), 0);
}

/** The blocks of a file that need not be sent; never the last one. */
export function blocksToSkip(sizeBytes: number, have: readonly Range[] = []): RangeSet {
  const skip = new RangeSet();
  for (const { start, end } of have) skip.add(start, Math.min(end, blockCountOf(sizeBytes) - 1));
  return skip;
}

/** Bytes of the file that a session sends. */
export function bytesToSend(sizeBytes: number, firstBlock: number, have: readonly Range[] = []): number {
  const blocks = blocksToSkip(sizeBytes, have).missing(firstBlock, blockCountOf(sizeBytes));
  return bytesIn(sizeBytes, blocks);
}
