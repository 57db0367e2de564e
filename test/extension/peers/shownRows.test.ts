import assert from 'node:assert/strict';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import { ShownRows } from '../../../src/extension/peers/shownRows.ts';
import { english, NOW, person, stateWith, transfer } from '../people.ts';

const treeWith = (unread: number) =>
  peersTree(stateWith({ people: [person('b', { unread })] }), NOW, english);

/** Somebody who sends a file, of whose 1,000 bytes so many have come. */
const treeAt = (bytes: number, unread = 0) => {
  const state = { kind: 'running', bytes, bytesPerSecond: 0, attempt: 1 } as const;
  const transfers = [transfer('1', { sizeBytes: 1_000, state })];
  return peersTree(stateWith({ people: [person('b', { unread })], transfers }), NOW, english);
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

  it('are other ones once one that has rows below it says something else', () => {
    let unread = 0;
    const shown = new ShownRows(() => treeAt(0, unread));
    unread = 1;
    assert.equal(shown.renew(), 'all');
    assert.match(shown.rows[1]?.description ?? '', /1 unread/);
    assert.equal(shown.renew(), 'none');
  });

  it('are other ones once there are more or fewer of them', () => {
    let make = () => treeWith(0);
    const shown = new ShownRows(() => make());
    make = () => treeAt(500);
    assert.equal(shown.renew(), 'all');
    make = () => treeWith(0);
    assert.equal(shown.renew(), 'all');
    assert.deepEqual(shown.rows, treeWith(0));
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
