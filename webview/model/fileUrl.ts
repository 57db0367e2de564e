// Where the page loads a file of this machine from.

/**
 * `base` + the path, each segment encoded: `/home/x/a b.png` -> base + `/home/x/a%20b.png`, `C:\x\a.png` -> base +
 * `/c%3A/x/a.png` (the editor writes the drive letter small). Undefined for what the base cannot express: relative paths
 * and network shares.
 */
export function fileUrl(base: string, path: string): string | undefined {
  const segments = segmentsOf(path);
  if (segments === undefined) return undefined;
  try {
    return `${base.replace(/\/+$/, '')}/${segments.map(encodeURIComponent).join('/')}`;
  } catch {
    return undefined; // Half a surrogate pair has no encoding.
  }
}

/** A backslash separates on Windows only; elsewhere it is a letter of a name. */
function segmentsOf(path: string): string[] | undefined {
  const drive = /^([a-z]):[\\/]/i.exec(path)?.[1];
  if (drive !== undefined) return [`${drive.toLowerCase()}:`, ...path.slice(3).split(/[\\/]/)];
  return path.startsWith('/') && !path.startsWith('//') ? path.slice(1).split('/') : undefined;
}
