// A conversation as rows: day marks, the mark before what is new, and messages in groups.

import type { Millis } from '../../src/base/clock.ts';
import type { Message } from '../../src/contract/message.ts';
import { dayNumber } from './format.ts';

/** Messages of one person within this time are one group. */
const GROUP_MS = 3 * 60 * 1000;

/** `order`: that of the message, or of the one that the mark stands before. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly order: number; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string; readonly order: number }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly order: number;
      readonly message: Message;
      /** Among those that are loaded, from 1. */
      readonly position: number;
      readonly startsGroup: boolean;
      readonly endsGroup: boolean;
    };

/** Where a row is found again after rows were added or let go. */
export type RowName = Pick<Row, 'key' | 'order'>;

/**
 * `messages` sorted by order. `unreadFrom`: the order of the first new message. `today`: by this clock (`dayNumber`). A day mark
 * stands only before a later day than all before it, as two writers' clocks may disagree around midnight.
 */
export function rowsOf(messages: readonly Message[], unreadFrom: number | undefined, today: number): Row[] {
  const seams = seamsOf(messages, unreadFrom, today);
  return messages.flatMap((message, i): Row[] => {
    const { order, at } = message;
    const seam = seams[i];
    const startsGroup = seam?.startsGroup ?? true;
    const endsGroup = seams[i + 1]?.startsGroup ?? true;
    return [
      ...(seam?.isNewDay ? [{ kind: 'day' as const, key: `day ${order}`, order, at }] : []),
      ...(seam?.isFirstUnread ? [{ kind: 'unread' as const, key: 'unread', order }] : []),
      { kind: 'message', key: `${order}`, order, message, position: i + 1, startsGroup, endsGroup },
    ];
  });
}

/** Whether a message of mine at this time would begin a group after these rows. */
export function ownStartsGroup(rows: readonly Row[], at: Millis): boolean {
  const last = rows.at(-1);
  return last?.kind !== 'message' || !follows(last.message, { from: 'me', at });
}

/** The place of the row of this name, or of what stands there now. -1 only where there are no rows. */
export function rowIndexOf(rows: readonly Row[], { key, order }: RowName): number {
  const first = firstFrom(rows, order);
  for (let i = first; rows[i]?.order === order; i += 1) if (rows[i]?.key === key) return i;
  return Math.min(first, rows.length - 1);
}

/** The first row at or after this order: `rows.length` when all are before it. */
function firstFrom(rows: readonly Row[], order: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.order ?? order) < order) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Seam {
  readonly isNewDay: boolean;
  readonly isFirstUnread: boolean;
  readonly startsGroup: boolean;
}

/**
 * What lies between each message and the one before it. A writer's clock that is beyond tomorrow says nothing of days: no later
 * day would have its mark after it.
 */
function seamsOf(messages: readonly Message[], unreadFrom: number | undefined, today: number): Seam[] {
  let latestDay = Number.NEGATIVE_INFINITY;
  return messages.map((message, i) => {
    const day = dayNumber(message.at);
    const isNewDay = day > latestDay && day <= today + 1;
    if (isNewDay) latestDay = day;
    const isFirstUnread = isFirstFrom(unreadFrom, messages[i - 1], message);
    const startsGroup = isNewDay || isFirstUnread || !follows(messages[i - 1], message);
    return { isNewDay, isFirstUnread, startsGroup };
  });
}

function isFirstFrom(from: number | undefined, previous: Message | undefined, message: Message): boolean {
  return from !== undefined && message.order >= from && (previous === undefined || previous.order < from);
}

function follows(previous: Message | undefined, message: Pick<Message, 'from' | 'at'>): boolean {
  return previous?.from === message.from && Math.abs(message.at - previous.at) <= GROUP_MS;
}
