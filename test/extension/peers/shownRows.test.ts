import assert from 'node:assert/strict';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import { ShownRows } from '../../../src/extension/peers/shownRows.ts';
import { english, NOW, person, stateWith } from '../people.ts';

const treeWith = (unread: number) =>
  peersTree(stateWith({ people: [person('b', { unread })] }), NOW, english);

describe('the rows that the editor shows', () => {
  it('are those that it was told of, when it asks in a moment in which they say something else', () => {
    let unread = 0;
    const shown = new ShownRows(() => treeWith(unread));
    unread = 1;
    const asked = shown.rows;
    unread = 0;
    assert.equal(shown.renew(), false);
    assert.deepEqual(asked, treeWith(0));
  });

  it('are other ones once one of them says something else', () => {
    let unread = 0;
    const shown = new ShownRows(() => treeWith(unread));
    unread = 1;
    assert.equal(shown.renew(), true);
    assert.match(shown.rows[1]?.description ?? '', /1 unread/);
    assert.equal(shown.renew(), false);
  });

  it('stay the same objects while they say the same', () => {
    const shown = new ShownRows(() => treeWith(2));
    const before = shown.rows;
    shown.renew();
    assert.equal(shown.rows, before);
  });
});
