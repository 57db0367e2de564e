import assert from 'node:assert/strict';
import { UNTIL_TURNED_OFF } from '../../../src/contract/doNotDisturb.ts';
import { inOneHour, quietText, timeText, tomorrowMorning } from '../../../src/extension/notices/quietText.ts';
import { english } from '../people.ts';

/** A Friday, by the clock of whoever runs this. */
const FRIDAY = new Date(2026, 10, 20, 21, 30).getTime();

describe('do not disturb, in words', () => {
  it('says the time of the same day, and the day where it is another one', () => {
    const inHalfAnHour = FRIDAY + 1_800_000;
    assert.equal(quietText(inHalfAnHour, FRIDAY, english), 'do not disturb until 10:00 PM');
    assert.match(timeText(tomorrowMorning(FRIDAY), FRIDAY, 'en'), /^Saturday.* 8:00 AM$/);
    assert.equal(timeText(inHalfAnHour, FRIDAY, 'fa'), '۲۲:۰۰');
  });

  it('says no time where there is none', () => {
    assert.equal(quietText(UNTIL_TURNED_OFF, FRIDAY, english), 'do not disturb');
  });

  it('ends in an hour, or at eight on the next day, over the end of a month too', () => {
    assert.equal(inOneHour(FRIDAY) - FRIDAY, 3_600_000);
    const ends = [FRIDAY, new Date(2026, 11, 31, 0, 5).getTime()].map((at) => new Date(tomorrowMorning(at)));
    assert.deepEqual(
      ends.map((end) => [end.getMonth(), end.getDate(), end.getHours(), end.getMinutes()]),
      [
        [10, 21, 8, 0],
        [0, 1, 8, 0],
      ],
    );
  });
});
