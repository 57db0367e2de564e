import assert from 'node:assert/strict';
import { estimatedHeight } from '../../../webview/model/rowHeight.ts';
import { rowsOf } from '../../../webview/model/rows.ts';
import { messageAt } from '../support/conversation.ts';

function heightOf(text: string, width = 800): number {
  const [, row] = rowsOf([messageAt(1, 'me', { at: 0, body: { kind: 'text', text } })], undefined, 0);
  return row === undefined ? 0 : estimatedHeight(row, width);
}

describe('rowHeight', () => {
  it('grows with each line, and with what does not fit into one', () => {
    const one = heightOf('word');
    assert.ok(heightOf('one\ntwo\nthree') > one);
    assert.ok(heightOf('word '.repeat(60)) > one);
    assert.ok(heightOf('word '.repeat(60), 240) > heightOf('word '.repeat(60)));
  });

  it('is a positive number for any text and width', () => {
    for (const width of [0, 1, 240, 5_000])
      for (const text of ['', '\n'.repeat(500), 'x'.repeat(32_768)]) {
        const height = heightOf(text, width);
        assert.ok(Number.isFinite(height) && height > 0);
      }
  });
});
