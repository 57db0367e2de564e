// A file that another program looks at just then. Windows renames nothing that somebody has open, nor onto what is (MoveFileEx), and virus
// scanners and indexers open whatever was written a moment ago.

/** What Windows says then. It says the same of a folder without permission, so that patience has an end. */
const HELD: ReadonlySet<unknown> = new Set(['EACCES', 'EBUSY', 'EPERM']);

/** Whether `error` of a rename may be somebody's look, which ends: `platform` as Node names it. */
export function mayBeHeld(error: unknown, platform: string): boolean {
  return platform === 'win32' && HELD.has((error as { readonly code?: unknown }).code);
}
