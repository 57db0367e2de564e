// `text/uri-list` (RFC 2483): one address per line, comments start with #.

/** The most items of one drop. */
const MAX_ITEMS = 50;

export function urisOf(list: string): string[] {
  return list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, MAX_ITEMS);
}
