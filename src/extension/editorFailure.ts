// What the editor could not do for Hamta. No failure of the contract: no engine and no page hears of it.

import { unturned } from './bidi.ts';
import type { Remedy } from './remedies.ts';

export class EditorFailure extends Error {
  /** In the person's language, safe in a notification. The log has it as `message`, in which no editor draws a box for a mark of direction. */
  readonly text: string;
  /** What the person can do about it, best first. */
  readonly remedies: readonly Remedy[];

  /** `text`: with what to do next. */
  constructor(text: string, cause: unknown, remedies: readonly Remedy[] = []) {
    super(unturned(text), { cause });
    this.text = text;
    this.name = 'EditorFailure';
    this.remedies = remedies;
  }
}
