import assert from 'node:assert/strict';
import type { Message } from '../../../src/contract/message.ts';
import { dayNumber } from '../../../webview/model/format.ts';
import { ownStartsGroup, rowIndexOf, rowsOf } from '../../../webview/model/rows.ts';
import { messageAt } from '../support/conversation.ts';

/** The day of `messageAt`. */
const TODAY = dayNumber(new Date(2026, 10, 20).getTime());

/** Rows in short: `day`, `new`, or the order in brackets that open and close a group. */
function shape(messages: readonly Message[], unreadFrom?: number): string {
  const rows = rowsOf(messages, unreadFrom, TODAY).map((row) => {
    if (row.kind === 'day') return 'day';
    if (row.kind === 'unread') return 'new';
    return `${row.startsGroup ? '(' : ''}${row.message.order}${row.endsGroup ? ')' : ''}`;
  });
  return rows.join(' ');
}

const at = (...time: [day: number, hour: number, minute: number, second?: number]) => {
  const [day, hour, minute, second = 0] = time;
  return { at: new Date(2026, 10, day, hour, minute, second).getTime() };
};

describe('rows', () => {
  it('put messages of one person within three minutes in one group', () => {
    const messages = [
      messageAt(1, 'peer', at(20, 9, 0)),
      messageAt(2, 'peer', at(20, 9, 3)),
      messageAt(3, 'peer', at(20, 9, 6, 1)),
      messageAt(4, 'me', at(20, 9, 6, 2)),
    ];
    assert.equal(shape(messages), 'day (1 2) (3) (4)');
  });

  it('say whether what I send next would begin a group', () => {
    const mine = rowsOf([messageAt(1, 'me', at(20, 9, 0))], undefined, TODAY);
    const theirs = rowsOf([messageAt(1, 'peer', at(20, 9, 0))], undefined, TODAY);
    const next = [at(20, 9, 3), at(20, 9, 3, 1)].map(({ at }) => ownStartsGroup(mine, at));
    assert.deepEqual(next, [false, true]);
    assert.equal(ownStartsGroup(theirs, at(20, 9, 1).at), true);
    assert.equal(ownStartsGroup([], at(20, 9, 1).at), true);
  });

  it('start each day with a mark and a new group', () => {
    const messages = [messageAt(1, 'me', at(19, 23, 59)), messageAt(2, 'me', at(20, 0, 1))];
    assert.equal(shape(messages), 'day (1) day (2)');
  });

  it('do not go back a day when two clocks disagree around midnight', () => {
    const messages = [
      messageAt(1, 'me', at(20, 0, 1)),
      messageAt(2, 'peer', at(19, 23, 59)),
      messageAt(3, 'me', at(20, 0, 2)),
    ];
    assert.equal(shape(messages), 'day (1) (2) (3)');
  });

  it('take no day from a clock that is far ahead, and put it under the day before it', () => {
    const messages = [
      messageAt(1, 'peer', { at: Number.MAX_SAFE_INTEGER }),
      messageAt(2, 'me', at(18, 9, 0)),
      messageAt(3, 'peer', at(22, 9, 0)),
      messageAt(4, 'me', at(19, 9, 0)),
      messageAt(5, 'me', at(20, 9, 0)),
    ];
    assert.equal(shape(messages), '(1) day (2) (3) day (4) day (5)');
  });

  it('take a day from a clock that has passed midnight already', () => {
    const messages = [messageAt(1, 'me', at(20, 23, 59)), messageAt(2, 'peer', at(21, 0, 1))];
    assert.equal(shape(messages), 'day (1) day (2)');
  });

  it('put the mark before the first new message, inside of what would be a group', () => {
    const messages = [1, 2, 3].map((order) => messageAt(order, 'peer'));
    assert.equal(shape(messages, 2), 'day (1) new (2 3)');
  });

  it('put the mark on top when the first new message is older than the loaded page', () => {
    assert.equal(shape([messageAt(5, 'peer'), messageAt(6, 'peer')], 3), 'day new (5 6)');
  });

  it('have keys of their own, which stay when an older page comes', () => {
    const page = [messageAt(3, 'peer'), messageAt(4, 'me')];
    const keys = rowsOf([messageAt(1, 'peer'), messageAt(2, 'me'), ...page], 3, TODAY).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    const messageKeys = rowsOf(page, undefined, TODAY).flatMap((row) =>
      row.kind === 'message' ? [row.key] : [],
    );
    assert.ok(messageKeys.every((key) => keys.includes(key)));
  });

  it('are found again by name, and what is gone by where it stood', () => {
    const rows = rowsOf(
      [2, 3, 6].map((order) => messageAt(order, 'peer')),
      3,
      TODAY,
    );
    const keyAt = (key: string, order: number) => rows[rowIndexOf(rows, { key, order })]?.key;
    assert.deepEqual(
      [
        keyAt('unread', 3),
        keyAt('3', 3),
        keyAt('day 2', 2),
        keyAt('4', 4),
        keyAt('unread', 2),
        keyAt('9', 9),
      ],
      ['unread', '3', 'day 2', '6', 'day 2', '6'],
    );
    assert.equal(rowIndexOf([], { key: '1', order: 1 }), -1);
  });
});
