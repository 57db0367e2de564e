import assert from 'node:assert/strict';
import type { OwnSharedItem } from '../../../src/contract/shared.ts';
import type { State } from '../../../src/contract/state.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import type { Row } from '../../../src/extension/peers/row.ts';
import { ShownRows } from '../../../src/extension/peers/shownRows.ts';
import { english, NOW, person, stateWith, transfer } from '../people.ts';

const treeWith = (unread: number, transfers: readonly Transfer[] = [], changes: Partial<State> = {}) =>
  peersTree(stateWith({ people: [person('b', { unread })], transfers }, changes), NOW, english);

/** A file of 1,000 bytes of which so many have come. */
const fileAt = (bytes: number, digit = '1') =>
  transfer(digit, { sizeBytes: 1_000, state: { kind: 'running', bytes, bytesPerSecond: 0, attempt: 1 } });

/** Somebody who sends a file. */
const treeAt = (bytes: number, unread = 0) => treeWith(unread, [fileAt(bytes)]);

const SHARED: OwnSharedItem = {
  ...{ id: '5'.repeat(32), name: 'notes.txt', mediaType: 'text/plain', sizeBytes: 100, modifiedAt: NOW },
  ...{ path: '/home/sara/notes.txt', with: 'accepted' },
};

const bobIn = (rows: readonly Row[]): Row => {
  const bob = rows[1];
  assert.ok(bob);
  return bob;
};

describe('the rows that the editor shows', () => {
  it('are those that it was told of, when it asks in a moment in which they say something else', () => {
    let unread = 0;
    const shown = new ShownRows(() => treeWith(unread));
    unread = 1;
    const asked = shown.rows;
    unread = 0;
    assert.equal(shown.renew(), 'none');
    assert.deepEqual(asked, treeWith(0));
  });

  it('stay the same objects when one that has rows below it says something else', () => {
    let unread = 0;
    const shown = new ShownRows(() => treeAt(0, unread));
    const had = shown.rows;
    const bob = bobIn(had);
    unread = 1;
    assert.deepEqual(shown.renew(), [bob]);
    assert.equal(shown.rows, had);
    assert.match(shown.now(bob).description, /1 unread/);
    assert.equal(shown.renew(), 'none');
  });

  it('stay the same objects when there are more or fewer below one of them, and only that one is news', () => {
    let files: Transfer[] = [];
    const shown = new ShownRows(() => treeWith(0, files, { shared: [SHARED] }));
    const bob = bobIn(shown.rows);
    files = [fileAt(500)];
    assert.deepEqual(shown.renew(), [bob]);
    const [first] = shown.below(bob);
    assert.deepEqual(first, bobIn(treeAt(500)).children[0]);
    files = [fileAt(700), fileAt(0, '2')];
    assert.deepEqual(shown.renew(), [bob, first]);
    assert.equal(shown.below(bob)[0], first);
    assert.equal(shown.below(bob).length, 2);
    files = [];
    assert.deepEqual(shown.renew(), [bob]);
    assert.deepEqual(shown.below(bob), []);
    assert.equal(bobIn(shown.rows), bob);
  });

  it('are all news, and the same objects, when the first of them gets rows below it, and when the last one has none: they move aside', () => {
    let files: Transfer[] = [];
    const shown = new ShownRows(() => treeWith(0, files));
    const had = shown.rows;
    files = [fileAt(500)];
    assert.deepEqual(shown.renew(), had);
    files = [fileAt(500), fileAt(0, '2')];
    assert.deepEqual(shown.renew(), [bobIn(had)]);
    files = [];
    assert.deepEqual(shown.renew(), had);
    assert.equal(shown.rows, had);
    assert.equal(shown.renew(), 'none');
  });

  it('are other ones once there is somebody else at the top', () => {
    let people = [person('b')];
    const shown = new ShownRows(() => peersTree(stateWith({ people }), NOW, english));
    people = [person('b', { unread: 1 }), person('c')];
    assert.equal(shown.renew(), 'all');
    assert.match(bobIn(shown.rows).description, /1 unread/);
    assert.equal(shown.rows.length, 3);
    people = [person('c')];
    assert.equal(shown.renew(), 'all');
    assert.equal(shown.rows.length, 2);
    assert.equal(shown.renew(), 'none');
  });

  it('stay the same objects while a transfer runs, and the row of that alone says something else', () => {
    let bytes = 100;
    const shown = new ShownRows(() => treeAt(bytes));
    const [had] = shown.rows[1]?.children ?? [];
    assert.ok(had);
    for (const [next, said] of [
      [500, '50%'],
      [700, '70%'],
    ] as const) {
      bytes = next;
      assert.deepEqual(shown.renew(), [had]);
      assert.equal(shown.rows[1]?.children[0], had);
      assert.equal(shown.now(had).description, said);
    }
    assert.equal(shown.renew(), 'none');
  });
});
