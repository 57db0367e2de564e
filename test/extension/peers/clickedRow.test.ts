import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter.ts';
import { clickedRow } from '../../../src/extension/peers/clickedRow.ts';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import type { Row } from '../../../src/extension/peers/row.ts';
import { english, NOW, person, stateWith } from '../people.ts';

const [, bob] = peersTree(stateWith({ people: [person('b')] }), NOW, english);

/** Somebody has clicked; `selected` is what the editor says of it. */
function click(selected: Row | undefined) {
  const editor = { selected, given: new Emitter<void>(), late: new AbortController() };
  const row = clickedRow(() => editor.selected, editor.given.event, editor.late.signal);
  return { editor, row };
}

describe('the row that was clicked', () => {
  it('is the one that is selected by that', async () => {
    assert.equal(await click(bob).row, bob);
  });

  it('is known once the editor has asked for the rows again, when it was doing that', async () => {
    const { editor, row } = click(undefined);
    editor.given.fire();
    editor.selected = bob;
    editor.given.fire();
    assert.equal(await row, bob);
  });

  it('is none where it has gone meanwhile, and nobody waits for it', async () => {
    const { editor, row } = click(undefined);
    editor.given.fire();
    editor.late.abort();
    assert.equal(await row, undefined);
  });
});
