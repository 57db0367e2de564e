// What the editor could not do for Hamta. No failure of the contract: no engine and no page hears of it.

import type { Remedy } from './remedies.ts';

export class EditorFailure extends Error {
  /** What the person can do about it, best first. */
  readonly remedies: readonly Remedy[];

  /** `text`: in the person's language, safe in a notification, with what to do next. */
  constructor(text: string, cause: unknown, remedies: readonly Remedy[] = []) {
    super(text, { cause });
    this.name = 'EditorFailure';
    this.remedies = remedies;
  }
}
