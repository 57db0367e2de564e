// What entries make of messages that were there before: edits, deletions and reactions, mine and theirs alike.
// Each writer's come in the order of their numbers, so the last one holds; a deletion holds for ever.

import { MAX_REACTIONS, type Reaction } from '../../contract/message.ts';
import { isReaction } from '../../contract/reaction.ts';
import type { EntryBody } from '../../wire/linkFrames.ts';
import type { StoredEntry } from '../store/entryRow.ts';
import type { Store } from '../store/store.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/**
 * Does to the store what `entry`, which was just stored there, says of another message. Answers that message as it was, or
 * nothing where nothing changes: it is not here, not its writer's, deleted, or what a reaction may not be.
 */
export function applyChange(store: Store, entry: StoredEntry): StoredEntry | undefined {
  switch (entry.body.kind) {
    case 'edit':
      return applyEdit(store, entry, entry.body);
    case 'delete':
      return applyDelete(store, entry, entry.body);
    case 'react':
      return applyReaction(store, entry, entry.body);
    default:
      return undefined;
  }
}

/** A message that its writer may change. */
export function ownMessage(
  store: Store,
  { peer, from }: Pick<StoredEntry, 'peer' | 'from'>,
  id: string,
): StoredEntry | undefined {
  const message = store.messages.get(peer, id, from);
  return message?.isDeleted ? undefined : message;
}

/** What stands under a message once this person has given or taken back this one; undefined where that changes nothing. */
export function reactionsAfter(
  before: readonly Reaction[],
  { emoji, from, on }: Reaction & { readonly on: boolean },
): readonly Reaction[] | undefined {
  const isThere = before.some((other) => other.emoji === emoji && other.from === from);
  if (isThere === on) return undefined;
  if (!on) return before.filter((other) => other.emoji !== emoji || other.from !== from);
  const count = before.filter((other) => other.from === from).length;
  return count < MAX_REACTIONS ? [...before, { emoji, from }] : undefined;
}

function applyEdit(store: Store, entry: StoredEntry, { entryId, text }: Body<'edit'>) {
  const message = ownMessage(store, entry, entryId);
  if (message?.body.kind !== 'text') return undefined;
  store.messages.edit(message, text, entry.at);
  return message;
}

function applyDelete(store: Store, entry: StoredEntry, { entryId }: Body<'delete'>) {
  const message = ownMessage(store, entry, entryId);
  if (message !== undefined) forgetMessage(store, message);
  return message;
}

/** What it said is gone, and what the file that it offered looked like. Call it in a transaction. */
export function forgetMessage(store: Store, message: StoredEntry): void {
  const { peer, from, body } = message;
  store.messages.forget(message);
  if (body.kind !== 'offer') return;
  store.transfers.forget({ id: body.transferId, peer, direction: from === 'me' ? 'send' : 'receive' });
}

function applyReaction(store: Store, entry: StoredEntry, { entryId, emoji, on }: Body<'react'>) {
  const message = store.messages.get(entry.peer, entryId);
  if (message === undefined || message.isDeleted || !isReaction(emoji)) return undefined;
  const reactions = reactionsAfter(message.reactions ?? [], { emoji, from: entry.from, on });
  if (reactions === undefined) return undefined;
  store.messages.setReactions(message, reactions);
  return message;
}
