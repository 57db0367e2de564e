// The engine's own folders, below its `dataDir`.

import { join } from 'node:path';
import { THUMBNAIL_FOLDER } from '../contract/engineStart.ts';

export interface DataFolders {
  readonly thumbnails: string;
  /** What is known of the blocks of files on their way (io/blockNotes.ts). */
  readonly notes: string;
  /** Pictures without their metadata. */
  readonly outbox: string;
}

export function dataFoldersIn(dataDir: string): DataFolders {
  return {
    thumbnails: join(dataDir, THUMBNAIL_FOLDER),
    notes: join(dataDir, 'blocks'),
    outbox: join(dataDir, 'outbox'),
  };
}
