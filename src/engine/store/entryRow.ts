// How an entry stands in its row, and what later entries have made of it.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Reaction } from '../../contract/message.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { decodeEntryBody, type Entry, type EntryBody } from '../../wire/linkFrames.ts';

export interface StoredEntry extends Entry {
  /** The conversation: the other person. */
  readonly peer: Fingerprint;
  readonly from: 'me' | 'peer';
  /** Its place in this store, over all conversations and both writers. */
  readonly order: number;
  /** My clock. */
  readonly storedAt: Millis;
  /** What it says now, and since when by its writer's clock; the body is what it said first. */
  readonly editedText?: string;
  readonly editedAt?: Millis;
  /** Its writer has taken it back; the body is `withdrawn`. */
  readonly isDeleted?: true;
  readonly reactions?: readonly Reaction[];
}

export interface EntryRow {
  readonly position: number;
  readonly mine: number;
  readonly number: number;
  readonly id: string;
  readonly at: Millis;
  readonly storedAt: Millis;
  readonly body: string;
  readonly editedText?: string;
  readonly editedAt?: Millis;
  readonly deleted: number;
  readonly reactions?: string;
}

/** The entries of a conversation, in SQL. */
export const OF_PEER = 'conversation = (SELECT id FROM conversations WHERE peer = :peer)';
export const COLUMNS =
  'position, mine, number, entries.id, at, storedAt, body, editedText, editedAt, deleted, reactions';

export function entryOf(peer: Fingerprint, row: EntryRow): StoredEntry {
  const { position, mine, body, deleted, reactions, ...rest } = row;
  return {
    ...rest,
    peer,
    from: mine === 1 ? 'me' : 'peer',
    order: position,
    body: bodyOf(body),
    ...(deleted === 0 ? {} : { isDeleted: true }),
    ...(reactions === undefined ? {} : { reactions: JSON.parse(reactions) as Reaction[] }),
  };
}

/** What a message says and can be found by: its text as it is now, or the name of its file. */
export function searchableText({ body, editedText, isDeleted }: StoredEntry): string {
  if (isDeleted) return '';
  if (body.kind === 'offer') return body.name;
  return body.kind === 'text' ? (editedText ?? body.text) : '';
}

/** Shown in the conversation; the others only move transfers on, or change what is shown. */
export function isVisible(body: EntryBody): boolean {
  return body.kind === 'text' || body.kind === 'offer';
}

/** The entry that this one speaks of. */
export function aboutOf(body: EntryBody): string | undefined {
  if (body.kind === 'text') return body.replyTo;
  return body.kind === 'edit' || body.kind === 'delete' || body.kind === 'react' ? body.entryId : undefined;
}

/** As on the wire, so that a later version understands what this one could only keep. */
export function bodyText(body: EntryBody): string {
  return JSON.stringify(body.kind === 'unknown' ? body.original : body);
}

/** A body that an earlier version stored without knowing its rules must not make the whole conversation unreadable. */
function bodyOf(text: string): EntryBody {
  const original = JSON.parse(text) as Record<string, unknown>;
  try {
    return decodeEntryBody(original);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'unknown', original };
    throw error;
  }
}
