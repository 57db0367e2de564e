import assert from 'node:assert/strict';
import { type Row, rowsOf } from '../../../webview/model/rows.ts';
import {
  covers,
  extentOf,
  hangingOf,
  type Layout,
  layoutOf,
  type Place,
  rowAt,
  viewAt,
} from '../../../webview/model/rowWindow.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { messageAt } from '../support/conversation.ts';

const HEIGHT = 600;

/** A day mark and messages with orders from 1. */
const list = (messages: number): Row[] =>
  rowsOf(
    Array.from({ length: messages }, (_, i) => messageAt(i + 1, 'peer', { at: 0 })),
    undefined,
    0,
  );
const evenly = (rows: readonly Row[], height = 20): Layout => layoutOf(rows, () => height);
const at = (order: number, top = 0): Place => ({ kind: 'row', row: { key: `${order}`, order }, top });

describe('rowWindow', () => {
  it('puts each row below the one before it', () => {
    const rows = list(3);
    const layout = layoutOf(rows, ({ kind }) => (kind === 'day' ? 40 : 20));
    assert.deepEqual(layout, { tops: [0, 40, 60, 80], total: 100 });
  });

  it('sees the last rows at the end, and a row where it stands', () => {
    const rows = list(100);
    const layout = evenly(rows);
    assert.deepEqual(viewAt({ kind: 'end' }, rows, layout, HEIGHT), { top: 1420, bottom: 2020 });
    assert.deepEqual(viewAt(at(50, 30), rows, layout, HEIGHT), { top: 970, bottom: 1570 });
  });

  it('draws a bounded number of rows, however many there are', () => {
    const rows = list(1_500);
    const layout = evenly(rows);
    const { first, end } = extentOf(layout, viewAt(at(700), rows, layout, HEIGHT));
    assert.ok(first < 700 && end > 730);
    assert.ok(end - first <= 4 * (HEIGHT / 20) + 2, `${end - first} rows`);
  });

  it('draws all of a short list', () => {
    const rows = list(5);
    const layout = evenly(rows);
    assert.deepEqual(extentOf(layout, viewAt({ kind: 'end' }, rows, layout, HEIGHT)), { first: 0, end: 6 });
    assert.deepEqual(extentOf(evenly([]), { top: -HEIGHT, bottom: 0 }), { first: 0, end: 0 });
  });

  it('draws more only when what is drawn comes to its end', () => {
    const rows = list(1_000);
    const layout = evenly(rows);
    const seen = (order: number) => viewAt(at(order), rows, layout, HEIGHT);
    const drawn = extentOf(layout, seen(500));
    assert.equal(covers(drawn, layout, seen(500)), true);
    assert.equal(covers(drawn, layout, seen(515)), true);
    assert.equal(covers(drawn, layout, seen(540)), false);
    assert.equal(covers(drawn, layout, seen(460)), false);
  });

  it('is content at both ends of the list', () => {
    const rows = list(1_000);
    const layout = evenly(rows);
    for (const place of [at(1, 40), { kind: 'end' } as const]) {
      const view = viewAt(place, rows, layout, HEIGHT);
      assert.equal(covers(extentOf(layout, view), layout, view), true);
    }
  });

  it('draws what is in sight and enough around it, wherever that is and however high the rows are', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 500; round += 1) {
      const rows = list(Math.floor(random() * 300) + 1);
      const layout = layoutOf(rows, () => 10 + random() * 400);
      const place = at(Math.ceil(random() * rows.length), (random() - 0.5) * 2_000);
      const view = viewAt(place, rows, layout, 100 + random() * 1_500);
      const extent = extentOf(layout, view);
      assert.ok(extent.first >= 0 && extent.end <= rows.length && extent.first < extent.end);
      assert.ok(covers(extent, layout, view), `round ${round}`);
    }
  });

  it('is as high as its rows at rest, and hangs the drawn ones where they belong', () => {
    const layout = evenly(list(99));
    assert.deepEqual(hangingOf(layout, { first: 20, end: 60 }, undefined), { height: 2_000, below: 800 });
    assert.deepEqual(hangingOf(layout, { first: 60, end: 100 }, undefined), { height: 2_000, below: 0 });
  });

  it('keeps its height while it moves, and makes up for wrong guesses in the room below', () => {
    const layout = evenly(list(99));
    const moving = { height: 2_300, shift: -50 };
    assert.deepEqual(hangingOf(layout, { first: 20, end: 60 }, moving), { height: 2_300, below: 750 });
  });

  it('hangs the last row at the end, whatever was guessed', () => {
    const moving = { height: 2_300, shift: 70 };
    assert.equal(hangingOf(evenly(list(99)), { first: 60, end: 100 }, moving).below, 0);
  });

  it('grows while it moves only when there is no room left above', () => {
    const layout = evenly(list(99));
    const grown = hangingOf(layout, { first: 30, end: 60 }, { height: 1_500, shift: 0 });
    assert.deepEqual(grown, { height: 2_000, below: 800 });
  });

  it('tells which row is at a height, above and below the list too', () => {
    const layout = { tops: [0, 40, 60], total: 80 };
    assert.deepEqual(
      [-5, 0, 39, 40, 59.9, 60, 500].map((y) => rowAt(layout, y)),
      [0, 0, 0, 1, 1, 2, 2],
    );
    assert.equal(rowAt({ tops: [], total: 0 }, 3), -1);
  });
});
