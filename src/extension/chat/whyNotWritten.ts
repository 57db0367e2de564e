// Why the editor could not write a file, as far as its error says.

const IS_FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * What the system said stands in front of the editor's words: `EACCES: permission denied, copyfile …`. That code, or the words
 * where there is none, as from a file system of another extension.
 */
export function whyNotWritten({ message }: Error): string {
  return /\b(E[A-Z]{3,}): /.exec(message)?.[1] ?? message;
}

export function isDiskFull(why: string): boolean {
  return IS_FULL.has(why);
}
