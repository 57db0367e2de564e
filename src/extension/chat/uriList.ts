// `text/uri-list` (RFC 2483): one address per line, comments start with #.

export function urisOf(list: string): string[] {
  return list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
