// Why the registry could not start: one line for the person who started it, saying what was tried and what to do.

export class StartError extends Error {
  readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions & { readonly exitCode?: number }) {
    super(message, options);
    this.name = 'StartError';
    this.exitCode = options?.exitCode ?? 1;
  }
}

/** The sentence in anything that was thrown, on one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, ' ').trim();
}
