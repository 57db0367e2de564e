// What systems say where a disk, or somebody's share of it, is full.

export const DISK_IS_FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);
