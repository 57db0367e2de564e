import assert from 'node:assert/strict';
import { dayNumber, formatOf } from '../../../webview/model/format.ts';

/** Units stand behind a no-break space; here it is an ordinary one. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('format', () => {
  const format = formatOf('en');

  it('says sizes with at most two or three digits that matter, in units of 1000', () => {
    const sizes = [0, 1, 999, 1000, 1500, 9_940, 412_345, 999_499, 999_500, 3_200_000, 5e9, 7e15];
    const expected = '0 B|1 B|999 B|1 KB|1.5 KB|9.9 KB|412 KB|999 KB|1 MB|3.2 MB|5 GB|7,000 TB';
    assert.equal(sizes.map((size) => plain(format.bytes(size))).join('|'), expected);
  });

  it('takes sizes that no file has for zero', () => {
    for (const size of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(plain(format.bytes(size)), '0 B');
  });

  it('says speeds per second', () => {
    assert.equal(plain(format.speed(8_100_000)), '8.1 MB/s');
  });

  it('says 100 % only when nothing is missing', () => {
    assert.equal(format.percent(0.9999), '99%');
    assert.equal(format.percent(1), '100%');
    assert.equal(format.percent(Number.NaN), '0%');
  });

  it('says durations in the one or two units that matter', () => {
    const seconds = [0, 4.2, 59, 60, 119, 3599, 3600, 4200, 86_400, 200_000];
    const expected = '1 s|4 s|59 s|1 min|2 min|60 min|1 h|1 h 10 min|1 day|2 days';
    assert.equal(seconds.map((value) => plain(format.duration(value * 1000))).join('|'), expected);
  });

  it('calls the last two days Today and Yesterday, and names the year of another year only', () => {
    const now = new Date(2026, 10, 20, 0, 5).getTime();
    assert.equal(format.day(now, now), 'Today');
    assert.equal(format.day(new Date(2026, 10, 19, 23, 59).getTime(), now), 'Yesterday');
    assert.equal(format.day(new Date(2026, 10, 18, 12).getTime(), now), 'Wednesday, November 18');
    assert.equal(format.day(new Date(2025, 10, 18, 12).getTime(), now), 'Tuesday, November 18, 2025');
  });

  it('counts days from midnight to midnight of the local time', () => {
    const midnight = new Date(2026, 10, 20).getTime();
    assert.equal(dayNumber(midnight), dayNumber(new Date(2026, 10, 20, 23, 59, 59, 999).getTime()));
    assert.equal(dayNumber(midnight - 1), dayNumber(midnight) - 1);
  });

  it('writes numbers and days in the digits and words of the locale', () => {
    const persian = formatOf('fa');
    const now = new Date(2026, 10, 20, 12).getTime();
    assert.equal(persian.day(now, now), 'امروز');
    assert.equal(plain(persian.bytes(412_000)), '۴۱۲ KB');
  });

  it('falls back to English for a locale that does not exist', () => {
    for (const locale of ['', 'not a locale', '\u0000']) assert.equal(formatOf(locale).percent(0.5), '50%');
  });

  it('survives any number in place of a time', () => {
    for (const at of [Number.NaN, 1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const words = [format.time(at), format.moment(at), format.day(at, 0), format.day(0, at)];
      assert.ok(words.every((text) => text !== ''));
      assert.ok(Number.isInteger(dayNumber(at)));
    }
  });
});
