import assert from 'node:assert/strict';
import { dateFormat, numberFormat } from '../../src/extension/formats.ts';

describe('formats of numbers and dates', () => {
  it('are the same ones for the same language and options', () => {
    const percent = { style: 'percent' } as const;
    assert.equal(numberFormat('en', percent), numberFormat('en', { style: 'percent' }));
    assert.deepEqual(
      [numberFormat('en', percent), numberFormat('en'), numberFormat('fa')].map((each) => each.format(0.5)),
      ['50%', '0.5', '۰٫۵'],
    );
  });

  it('go by the time zone where the computer is now', () => {
    const { getTimezoneOffset } = Date.prototype;
    const clock = () => dateFormat('en', { timeStyle: 'short' });
    const here = clock();
    try {
      Date.prototype.getTimezoneOffset = () => getTimezoneOffset.call(new Date()) + 60;
      assert.notEqual(clock(), here);
    } finally {
      Date.prototype.getTimezoneOffset = getTimezoneOffset;
    }
    assert.equal(clock(), here);
  });
});
