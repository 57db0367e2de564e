// One entry of a conversation as a person sees it.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Receipts } from './peer.ts';

/** A message's text is at most this many UTF-16 units: one frame with room to spare (wire/frame.ts). */
export const MAX_TEXT_LENGTH = 32_768;

/** One reaction is at most this many UTF-16 units: an emoji of several code points fits. */
export const MAX_REACTION_LENGTH = 32;
/** Different reactions of one person to one message. */
export const MAX_REACTIONS = 8;
/** UTF-16 units of the message that an answer shows. */
export const MAX_EXCERPT_LENGTH = 200;

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'transfer'; readonly transferId: string }
  /** Its writer has taken it back; what it said is gone from both stores. */
  | { readonly kind: 'deleted' };

/** The message that another one answers, as it stands now. */
export interface Quote {
  readonly id: string;
  /** Absent for a message that is not in this store. */
  readonly order?: number;
  readonly from?: 'me' | 'peer';
  /** Its beginning, or the name of its file; empty for one that is deleted or not here. */
  readonly excerpt: string;
}

/** The beginning of what a message says, as answers quote it. Cuts no character in half. */
export function quotedText(text: string): string {
  const cut = text.slice(0, MAX_EXCERPT_LENGTH);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

export interface Reaction {
  readonly emoji: string;
  readonly from: 'me' | 'peer';
}

export interface Message {
  /** Chosen by its writer, unique in the conversation. */
  readonly id: string;
  /** The conversation: the other person. */
  readonly peer: Fingerprint;
  readonly from: 'me' | 'peer';
  /** Its place among its writer's entries in this conversation, from 1; control entries take numbers too, so there are gaps. */
  readonly number: number;
  /** Its place in this store, over all conversations: what history is sorted and paged by. */
  readonly order: number;
  /** The writer's clock. */
  readonly at: Millis;
  readonly body: Body;
  readonly replyTo?: Quote;
  /** When its writer last changed its text, by their clock. */
  readonly editedAt?: Millis;
  /** In the order in which they came. */
  readonly reactions?: readonly Reaction[];
}

export type MessageState = 'queued' | 'sent' | 'delivered' | 'read';

/** How far my own message number `number` has got. */
export function messageState(number: number, receipts: Receipts): MessageState {
  if (number <= receipts.read) return 'read';
  if (number <= receipts.delivered) return 'delivered';
  return number <= receipts.sent ? 'sent' : 'queued';
}
