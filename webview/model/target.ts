// Somewhere in the conversation that the list is sent to: a message that is answered or found, or the newest one.

import type { Conversation } from '../../src/contract/state.ts';

export type Target =
  | { readonly kind: 'newest' }
  /** `order`: the message's, or that of one that is gone and has neighbours. `isSought`: it stands out for a moment. */
  | { readonly kind: 'message'; readonly order: number; readonly isSought: boolean };

/** Whether the list can go there with what is loaded. */
export function isLoaded(target: Target, { messages, hasEarlier, hasLater = false }: Conversation): boolean {
  if (target.kind === 'newest') return !hasLater;
  const [first, last] = [messages[0]?.order, messages.at(-1)?.order];
  if (first === undefined || last === undefined) return !hasEarlier && !hasLater;
  return (target.order >= first || !hasEarlier) && (target.order <= last || !hasLater);
}
