// Imported by an engine's process before the engine: its disk loses the words below, and says so once, when they are synced.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const LOST = Buffer.from('words that the disk loses');
const { fdatasyncSync } = fs;
let isTold = false;

fs.fdatasyncSync = (file) => {
  if (isTold || !fs.readFileSync(`/dev/fd/${file}`).includes(LOST)) return fdatasyncSync(file);
  isTold = true;
  throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
};
syncBuiltinESMExports();
