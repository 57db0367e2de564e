import assert from 'node:assert/strict';
import {
  countText,
  durationText,
  shareText,
  sizeText,
  speedText,
} from '../../../src/extension/peers/amounts.ts';
import { formatOf } from '../../../webview/model/format.ts';

const MINUTE = 60_000;

describe('amounts', () => {
  it('are sizes in the unit that people would say', () => {
    const said = [0, 999, 1_000, 412_345, 8_140_000, 3_200_000_000].map((bytes) => sizeText(bytes, 'en'));
    assert.deepEqual(said, ['0 B', '999 B', '1 KB', '412 KB', '8.1 MB', '3.2 GB']);
  });

  it('are speeds per second', () => {
    assert.equal(speedText(8_140_000, 'en'), '8.1 MB/s');
  });

  it('are times in their largest whole unit, never zero', () => {
    const said = [0, 4_400, 59 * MINUTE, 3 * 60 * MINUTE, 49 * 60 * MINUTE].map((ms) =>
      durationText(ms, 'en'),
    );
    assert.deepEqual(said, ['1 s', '4 s', '59 min', '3 h', '2 days']);
  });

  it('are written as the chat page writes them', () => {
    const page = formatOf('en');
    const inOneLine = (text: string) => text.replaceAll('\u00a0', ' ');
    for (const minutes of [0, 0.07, 1, 1.4, 1.8, 59, 70, 119, 180, 1439, 1440, 49 * 60]) {
      const ms = minutes * MINUTE;
      assert.equal(durationText(ms, 'en'), inOneLine(page.duration(ms)));
    }
    for (const bytes of [999, 1_000, 412_345, 999_600, 8_140_000]) {
      assert.equal(sizeText(bytes, 'en'), inOneLine(page.bytes(bytes)));
      assert.equal(speedText(bytes * 1_000, 'en'), inOneLine(page.speed(bytes * 1_000)));
    }
  });

  it('are 100 % only when all is there', () => {
    assert.equal(shareText(999_999, 1_000_000, 'en'), '99%');
    assert.equal(shareText(1_000_000, 1_000_000, 'en'), '100%');
  });

  it('are written in the digits of the language', () => {
    assert.match(sizeText(412_345, 'fa'), /۴۱۲/);
  });

  it('are written in Persian without a word of English', () => {
    assert.equal(sizeText(412_345, 'fa'), '۴۱۲ کیلوبایت');
    assert.equal(sizeText(8_140_000, 'fa-IR'), '۸٫۱ مگابایت');
    assert.equal(speedText(3_200_000_000, 'fa'), '۳٫۲ گیگابایت در ثانیه');
    assert.equal(countText(7, 'fa'), '۷');
    assert.equal(durationText(70 * MINUTE, 'fa'), '۱ ساعت و ۱۰ دقیقه');
  });
});
