// Messages between the extension and one chat panel's page. The page asks when it is ready and shows what it is given.

import * as v from 'valibot';
import type { Failure } from './failure.ts';
import type { Fingerprint } from './fingerprint.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import type { SearchPage } from './search.ts';
import type { Event, State } from './state.ts';

/** What the extension tells the page. */
export type ToPanel =
  /** Everything, at the start and after each gap. */
  | {
      readonly kind: 'show';
      readonly peer: Fingerprint;
      readonly state: State;
      /** The address under which the page may load files of the allowed folders: this + the encoded path. */
      readonly fileBase: string;
      /** BCP 47, for dates and numbers. */
      readonly locale: string;
      /** What was written and not sent, in place of what the editor has kept: that is older. */
      readonly unsent?: readonly ReturnedText[];
    }
  | { readonly kind: 'event'; readonly event: Event }
  /** What the page has sent until then, by its stamps, is in the extension's hands; the answer to `ready`, too. */
  | { readonly kind: 'heard'; readonly at: number }
  /** The engine went away; a `show` follows when it is back. `stopped`: why none comes until somebody asks for something. */
  | { readonly kind: 'engineAway'; readonly stopped?: Failure }
  /** Show the message of this order, wherever it is, and let it stand out for a moment. */
  | {
      readonly kind: 'goTo';
      readonly target: { readonly kind: 'message'; readonly order: number; readonly isSought: true };
    }
  /** The answer to `searchConversation`, with what it asked for. */
  | { readonly kind: 'searched'; readonly wish: SearchWish; readonly page: SearchPage }
  /** What was written to this person and not sent: before the tab was closed, or while its page was not there. */
  | { readonly kind: 'returned'; readonly texts: readonly ReturnedText[] }
  /** The person has called off what the page asked for. */
  | { readonly kind: 'calledOff'; readonly asked: FromPanel['kind'] }
  | FailedIntent;

/** Something that was asked for did not work. */
export interface FailedIntent {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** The kind of the intent; absent where the page did not ask. */
  readonly asked?: FromPanel['kind'];
  /** `id`: under which it was to be stored, and perhaps is. Said again as it is, it goes under the same. */
  readonly returned?: ReturnedText & { readonly id: string };
}

/** Text that was not sent, for the composer: a message of mine that it was to change, or one that it answers. Both are ids. */
export interface ReturnedText {
  readonly text: string;
  readonly editOf?: string;
  readonly replyTo?: string;
}

/** The most bytes that a pasted or dropped picture or file may have; larger ones go through the command. */
export const MAX_PASTED_BYTES = 64 * 1024 * 1024;

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH * 4));
const order = v.pipe(v.number(), v.integer(), v.minValue(0));

/** UTF-16 units of a text that is kept while it is not sent: more than one message may have. */
export const MAX_UNSENT_LENGTH = 1_000_000;
export const MAX_UNSENT_TEXTS = 32;

/** As `ReturnedText`, from a page or a file. */
export const UnsentText = v.object({
  text: v.pipe(v.string(), v.maxLength(MAX_UNSENT_LENGTH)),
  editOf: v.exactOptional(id),
  replyTo: v.exactOptional(id),
});

/** Which page has said it, in all its lives, and when, in ms since the epoch, each later than the one before. */
export const Stamp = v.object({
  page: id,
  at: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type Stamp = v.InferOutput<typeof Stamp>;

/** UTF-16 units of what is searched for. */
export const MAX_QUERY_LENGTH = 200;

const searchWish = v.object({
  kind: v.literal('searchConversation'),
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
  /** An order: only what is older. */
  before: v.exactOptional(order),
});
export type SearchWish = v.InferOutput<typeof searchWish>;

/** The new key is the one that has this person's name now. */
const TRUST_WISHES = ['compareCode', 'block', 'unblock', 'blockNewKey', 'startAnew', 'openNewKey'] as const;
export type TrustWish = (typeof TRUST_WISHES)[number];

/** The Peers view offers them where nothing goes: without a name, or without an engine. */
const WAYS_OUT = ['signUp', 'tryAgain', 'showLog'] as const;
export type WayOut = (typeof WAYS_OUT)[number];

/**
 * `id`: of this asking; a new message's own. `replyTo`: the id of the message that it answers. `editOf`: of the one of mine that says this
 * from now on. From here on it is no draft.
 */
const sendText = v.object({
  kind: v.literal('sendText'),
  id,
  text,
  replyTo: v.exactOptional(id),
  editOf: v.exactOptional(id),
  by: v.exactOptional(Stamp),
});

/** What the page asks of the extension: intents, checked as a page is not trusted with more than these. */
export const FromPanel = v.variant('kind', [
  /** `by`: what the editor has kept of this page said last. `unheard`: what it has sent, and perhaps nobody was there. */
  v.object({
    kind: v.literal('ready'),
    by: v.exactOptional(Stamp),
    unheard: v.exactOptional(v.array(sendText)),
  }),
  sendText,
  v.object({ kind: v.literal('deleteMessage'), id }),
  v.object({ kind: v.literal('react'), id, emoji: v.pipe(v.string(), v.maxLength(64)), on: v.boolean() }),
  /** All that is written here and not sent, whenever it has changed. */
  v.object({
    kind: v.literal('unsent'),
    texts: v.pipe(v.array(UnsentText), v.maxLength(MAX_UNSENT_TEXTS)),
    by: v.exactOptional(Stamp),
  }),
  /** I am writing, or have stopped. */
  v.object({ kind: v.literal('typing'), on: v.boolean() }),
  /** A picture or file from the clipboard or a drop. `bytes` is an ArrayBuffer or Uint8Array. */
  v.object({
    kind: v.literal('sendBytes'),
    name: v.pipe(v.string(), v.maxLength(4096)),
    mediaType: v.pipe(v.string(), v.maxLength(200)),
    bytes: v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)]),
  }),
  /** Dropped from the Explorer: `text/uri-list`. */
  v.object({
    kind: v.literal('sendUris'),
    uris: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4096))), v.maxLength(50)),
  }),
  v.object({ kind: v.literal('pickPicture') }),
  v.object({ kind: v.literal('pickFile') }),
  v.object({ kind: v.literal('loadEarlier') }),
  v.object({ kind: v.literal('loadLater') }),
  /** What was said around this order, in place of what is loaded. */
  v.object({ kind: v.literal('loadAround'), order }),
  /** The newest page, in place of what is loaded. */
  v.object({ kind: v.literal('loadNewest') }),
  searchWish,
  v.object({ kind: v.literal('markRead'), upTo: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.object({ kind: v.literal('connect') }),
  v.object({ kind: v.literal('cancelConnect') }),
  v.object({ kind: v.literal('disconnect') }),
  v.object({ kind: v.literal('trust'), wish: v.picklist(TRUST_WISHES) }),
  v.object({ kind: v.literal('wayOut'), way: v.picklist(WAYS_OUT) }),
  v.object({ kind: v.literal('answerConnection'), accept: v.boolean() }),
  v.object({ kind: v.literal('answerTransfer'), id, accept: v.boolean() }),
  /** Asks for a folder first, then accepts. */
  v.object({ kind: v.literal('acceptInto'), id }),
  v.object({ kind: v.literal('cancelTransfer'), id }),
  v.object({ kind: v.literal('retryTransfer'), id }),
  v.object({ kind: v.literal('openFile'), id }),
  v.object({ kind: v.literal('revealFile'), id }),
  v.object({ kind: v.literal('saveFileAs'), id }),
  v.object({ kind: v.literal('copyText'), text }),
  v.object({ kind: v.literal('openLink'), url: v.pipe(v.string(), v.maxLength(4096)) }),
]);
export type FromPanel = v.InferOutput<typeof FromPanel>;

/** What a page has sent and not been told of that it was heard. */
export type Unheard = v.InferOutput<typeof sendText> & { readonly by: Stamp };

/** What the page leaves with the editor for its next life (setState); the panel's serializer finds the person by it. */
export interface SavedPanel {
  readonly peer: Fingerprint;
  /** Text that was not sent yet. */
  readonly draft: string;
  /** The order of the message at the top of the list; absent while the newest one is in sight. */
  readonly readingAt?: number | undefined;
  readonly writing?: SavedWriting | undefined;
  /** Of the last `unsent`; at 0 before there was one. */
  readonly by?: Stamp | undefined;
  readonly unheard?: readonly Unheard[] | undefined;
}

/** The message that is being answered or changed, by its order. */
export interface SavedWriting {
  readonly kind: 'reply' | 'edit';
  readonly order: number;
  /** What it is to say; its own words where there is none. */
  readonly text?: string | undefined;
}
