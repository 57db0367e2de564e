// Everything the page shows. What changes it is in page.ts.

import type { Failure } from '../../src/contract/failure.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { FromPanel } from '../../src/contract/panel.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { Conversation, State } from '../../src/contract/state.ts';
import type { Search } from './search.ts';
import type { Target } from './target.ts';
import { NEW, type Writing } from './writing.ts';

export interface Page {
  /** Undefined until the extension has spoken. */
  readonly shown: Shown | undefined;
  /** What the editor has kept of what is written is older than what the extension has given. */
  readonly isReplaced: boolean;
  /** How often it has said everything. */
  readonly showings: number;
  readonly engineAway: boolean;
  /** Nobody has heard what was sent. */
  readonly isUnheard: boolean;
  /** Why no engine comes by itself, while none does. */
  readonly stopped: Failure | undefined;
  readonly attention: Attention;
  /** The order of the newest message that was seen. Undefined until the newest messages are there. */
  readonly seenUpTo: number | undefined;
  /** The order of the message that the mark "new" stands before. */
  readonly unreadFrom: number | undefined;
  /** How many of their unread messages are older than all that is loaded, so that the mark is not where it belongs yet. */
  readonly unmarked: number;
  /** Which page of the conversation was asked for and is not here yet. */
  readonly loading: Loading | undefined;
  /** Where the list is to go, as soon as that is loaded. */
  readonly target: Target | undefined;
  /** Where it was to go when a page around that was asked for: it may be sent elsewhere meanwhile. */
  readonly targetAsked: Target | undefined;
  /** The order of the message that the list was sent to last, for a moment. */
  readonly found: number | undefined;
  /** Pasted and dropped files that the extension has not taken yet, oldest first. */
  readonly preparing: readonly Preparing[];
  /** The last thing that did not work, until it is dismissed. */
  readonly trouble: Trouble | undefined;
  readonly writing: Writing;
  /** How often somebody has begun to answer or to change a message: each time, and only then, the field gets the focus. */
  readonly begun: number;
  /** Undefined while nobody searches. */
  readonly search: Search | undefined;
  /** Text that could not be sent and that the composer has not taken back yet. */
  readonly returnedDraft: string | undefined;
  /** Changes of messages that were not made and that the composer has not gone on with yet, by the message's id. */
  readonly returnedEdits: readonly { readonly id: string; readonly text: string }[];
}

/**
 * Where the newest message is: not in sight; in sight; or in sight of a page that has the focus. In a window with an editor
 * beside it the second is often read too, which the extension can judge better (it knows whether the window has the focus).
 */
export type Attention = 'elsewhere' | 'inSight' | 'focused';

export type Loading = 'earlier' | 'later' | 'around';

/** What the extension said last, with the events since. */
export interface Shown {
  readonly peer: Fingerprint;
  readonly state: State;
  readonly fileBase: string;
  readonly locale: string;
}

export interface Preparing {
  readonly key: number;
  readonly name: string;
  readonly sizeBytes: number;
  /** Set for pictures of moderate size that can be drawn. */
  readonly preview?: Preview;
}

export interface Preview {
  /** A data URL. */
  readonly url: string;
  /** In pixels, as it is drawn. */
  readonly width: number;
  readonly height: number;
}

export interface Trouble {
  readonly text: string;
  /** Nothing is broken: somebody declined, is away, or did not answer. */
  readonly isCalm?: boolean;
  /** It says why there is no connection. */
  readonly isAboutLink?: boolean;
  readonly action?: { readonly label: string; readonly intent: FromPanel };
}

export const EMPTY_PAGE: Page = {
  shown: undefined,
  isReplaced: false,
  showings: 0,
  engineAway: false,
  isUnheard: false,
  stopped: undefined,
  attention: 'elsewhere',
  seenUpTo: undefined,
  unreadFrom: undefined,
  unmarked: 0,
  loading: undefined,
  target: undefined,
  targetAsked: undefined,
  found: undefined,
  preparing: [],
  trouble: undefined,
  writing: NEW,
  begun: 0,
  search: undefined,
  returnedDraft: undefined,
  returnedEdits: [],
};

export function conversationIn({ shown }: Page): Conversation | undefined {
  return shown?.state.conversations[shown.peer];
}

export function peerIn({ shown }: Page): Peer | undefined {
  return shown?.state.peers[shown.peer];
}
