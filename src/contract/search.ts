// What a search over conversations finds.

import type { Message } from './message.ts';

export interface SearchHit {
  readonly message: Message;
  /** The part of its text, or of its file's name, where the words are; `…` stands for what was left out. */
  readonly excerpt: string;
}

export interface SearchPage {
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  /** Older messages were not looked at, as there is no index of them (yet). */
  readonly isPartial?: true;
}
