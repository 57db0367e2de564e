// Tells Windows that a file came from somebody else, so that it asks before the file is run, and Office runs none of its macros: the mark of
// the web, a stream of NTFS beside the contents. macOS has a mark, too, an attribute that Node cannot set.

import { writeFile } from 'node:fs/promises';

/** The zone of the internet ([MS-FSCC] Zone.Identifier). */
const MARK = '[ZoneTransfer]\r\nZoneId=3\r\n';
/** `\\?\D:\a.exe` is on a drive of this machine, `\\?\UNC\server\share\a.exe` is not. */
const ON_SHARE = /^\\\\(?:\?\\UNC\\|(?!\?\\))/i;

/**
 * For a file that is empty still: some file systems take the stream for the file itself. Where a drive has no streams nothing happens; a
 * share of the network has a zone of its own. Never rejects.
 */
export async function markForeign(
  file: string,
  platform = process.platform,
  write: (place: string, text: string) => Promise<void> = writeFile,
): Promise<void> {
  if (platform !== 'win32' || ON_SHARE.test(file)) return;
  await write(`${file}:Zone.Identifier`, MARK).catch(() => undefined);
}
