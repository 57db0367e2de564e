// The rows of the Peers view about shared files.

import assert from 'node:assert/strict';
import type { OwnSharedItem, SharedItem } from '../../../src/contract/shared.ts';
import type { State } from '../../../src/contract/state.ts';
import { MAX_STRIPPED_BYTES } from '../../../src/contract/transfer.ts';
import { COMMANDS, personOf, sharedItemOf } from '../../../src/extension/commands.ts';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import type { Row } from '../../../src/extension/peers/row.ts';
import { english, fingerprintOf, NOW, person, stateWith, transfer } from '../people.ts';

const BOB = person('b', { name: 'bob', link: 'connected', path: 'lan' });

function item(digit: string, changes: Partial<SharedItem> = {}): SharedItem {
  const file = { name: `${digit}.txt`, mediaType: 'text/plain', sizeBytes: 3_200_000, modifiedAt: NOW };
  return { id: digit.repeat(32), ...file, ...changes };
}

function own(digit: string, changes: Partial<OwnSharedItem> = {}): OwnSharedItem {
  return { ...item(digit), path: `/home/sara/${digit}.txt`, with: 'accepted', ...changes };
}

const rowsOf = (changes: Partial<State>, transfers = [] as ReturnType<typeof transfer>[]) =>
  peersTree(stateWith({ people: [BOB, person('c', { name: 'carol' })], transfers }, changes), NOW, english);

const shared = (...items: SharedItem[]) => ({ sharedBy: { [BOB.fingerprint]: items } });

const below = (row: Row | undefined, label: string): Row => {
  const found = row?.children.find((child) => child.label === label);
  assert.ok(found, label);
  return found;
};

const bobsOf = (items: SharedItem[], transfers = [] as ReturnType<typeof transfer>[]) =>
  below(rowsOf(shared(...items), transfers)[1], `Shared (${items.length})`);

describe('shared files in the Peers view', () => {
  it('stand folded below whoever shares them, and below nobody else', () => {
    const [, bob, carol] = rowsOf(shared(item('1'), item('2')));
    const group = below(bob, 'Shared (2)');
    assert.deepEqual([group.isFolded, group.children.length, group.command], [true, 2, undefined]);
    assert.deepEqual(carol?.children, []);
  });

  it('are fetched by a click, which names the item and its owner', () => {
    const [row] = bobsOf([item('1')]).children;
    assert.equal(row?.command, COMMANDS.fetchShared);
    assert.deepEqual([sharedItemOf(row), personOf(row)], ['1'.repeat(32), BOB.fingerprint]);
    assert.equal(row?.description, '3.2 MB');
    assert.match(row?.tooltip ?? '', /^1\.txt · 3\.2 MB\nChanged: .*\nClick to fetch it\.$/);
  });

  it('say by shape what they are, and to screen readers in words', () => {
    const picture = item('2', { name: 'a.png', mediaType: 'image/png' });
    const other = item('3', { name: 'a.zip', mediaType: 'application/octet-stream' });
    const rows = bobsOf([item('1'), picture, other]).children;
    assert.deepEqual(
      rows.map(({ icon }) => icon.id),
      ['file', 'file-media', 'file-binary'],
    );
    assert.equal(rows[1]?.spoken, 'a.png, picture, 3.2 MB');
  });

  it('leave long names whole that would read the same, theirs and mine', () => {
    const names = [
      'notes of the meeting in March, final version.pdf',
      'notes of the minister, final version.pdf',
    ];
    const [first, second] = names.map((name, at) => own(`${at}`, { name }));
    assert.ok(first && second);
    const labels = (row: Row) => row.children.map(({ label }) => label);
    assert.deepEqual(labels(bobsOf([first, second])), names);
    const [me] = rowsOf({ shared: [first, second] });
    assert.deepEqual(labels(below(me, 'Shared by me (2)')), names);
    assert.deepEqual(labels(bobsOf([first])), ['notes of th…ersion.pdf']);
  });

  it('show how far a fetch has got', () => {
    const state = { kind: 'running', bytes: 1_600_000, bytesPerSecond: 0, attempt: 1 } as const;
    const running = transfer('9', { itemId: item('1').id, sizeBytes: 3_200_000, state });
    const [row] = bobsOf([item('1')], [running]).children;
    assert.equal(row?.description, '50%');
    assert.match(row?.tooltip ?? '', /It is on its way\.$/);
  });

  it('of mine stand below me, with who may fetch them and where they are', () => {
    const chosen = own('2', { with: [fingerprintOf('b'), fingerprintOf('c')] });
    const [me] = rowsOf({ shared: [own('1'), chosen] });
    const rows = below(me, 'Shared by me (2)').children;
    assert.deepEqual(
      rows.map(({ description, contextValue, command }) => [description, contextValue, command]),
      [
        ['3.2 MB · everybody you have accepted', 'ownSharedItem', undefined],
        ['3.2 MB · bob, carol', 'ownSharedItem', undefined],
      ],
    );
    assert.match(rows[0]?.tooltip ?? '', /^\/home\/sara\/1\.txt\n/);
    assert.equal(personOf(rows[0]), undefined, 'mine is nobody else’s');
  });

  it('of mine say what goes with a picture', () => {
    const tooltipOf = (changes: Partial<OwnSharedItem>) =>
      below(rowsOf({ shared: [own('1', changes)] })[0], 'Shared by me (1)').children[0]?.tooltip ?? '';
    const clean =
      /\nIt goes without location and camera data\. Send it as a file to send all that it says\.$/;
    for (const kind of ['jpeg', 'png', 'gif', 'webp'])
      assert.match(tooltipOf({ mediaType: `image/${kind}` }), clean);
    const asItIs = /\nIt goes as it is, and may say where and with what it was taken\.$/;
    for (const kind of ['heic', 'tiff', 'bmp', 'avif'])
      assert.match(tooltipOf({ mediaType: `image/${kind}` }), asItIs);
    assert.match(tooltipOf({ mediaType: 'image/jpeg', sizeBytes: MAX_STRIPPED_BYTES + 1 }), asItIs);
    assert.doesNotMatch(tooltipOf({}), /It goes/);
  });

  it('are not spoken of where there are none', () => {
    const [me, bob] = rowsOf({ shared: [], sharedBy: {} });
    assert.deepEqual([me?.children, bob?.children], [[], []]);
  });

  it('are named by nothing but the id of an item', () => {
    for (const argument of [undefined, 'x', { item: 7 }, { item: '../etc' }, { transfer: '1'.repeat(32) }])
      assert.equal(sharedItemOf(argument), undefined);
  });
});
