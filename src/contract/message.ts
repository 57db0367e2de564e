// One entry of a conversation as a person sees it.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Receipts } from './peer.ts';

/** A message's text is at most this many UTF-16 units: one frame with room to spare (wire/frame.ts). */
export const MAX_TEXT_LENGTH = 32_768;

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'transfer'; readonly transferId: string };

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
}

export type MessageState = 'queued' | 'sent' | 'delivered' | 'read';

/** How far my own message number `number` has got. */
export function messageState(number: number, receipts: Receipts): MessageState {
  if (number <= receipts.read) return 'read';
  if (number <= receipts.delivered) return 'delivered';
  return number <= receipts.sent ? 'sent' : 'queued';
}
