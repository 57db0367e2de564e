// A file that is sent, in a folder with the notes of its blocks.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

export const BLOCK = 65_536;
export const BYTES = randomBytesOf(seededRandom(1), 3 * BLOCK + 100);
export const DIGEST = fileDigestOf(BYTES);

export const lengthOf = (block: number) => Math.min(BLOCK, BYTES.length - block * BLOCK);

export function failing(code: string): (error: unknown) => boolean {
  return (error) => (error as { failure?: { code: string } }).failure?.code === code;
}

export function writeSentFile(folder: string): Promise<void> {
  return writeFile(placeIn(folder), BYTES);
}

export function openNotesIn(folder: string): Promise<BlockNotes> {
  return BlockNotes.open(
    { notesFolder: path.join(folder, 'notes'), transferId: 'f'.repeat(32) },
    BYTES.length,
  );
}

export async function openSentFile(folder: string, notes: BlockNotes): Promise<SourceFile> {
  return SourceFile.open(placeIn(folder), await stampOf(placeIn(folder)), notes);
}

function placeIn(folder: string): string {
  return path.join(folder, 'a.bin');
}
