// One file that many ask for at once, and whose digest nobody knows.

import assert from 'node:assert/strict';
import { CommonDigests } from '../../../src/engine/files/commonDigests.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';

describe('the digest of a file that many ask for', () => {
  let digests: CommonDigests;
  let readings: PromiseWithResolvers<string>[];
  let heard: string[];
  let onRead: () => void;
  let now: number;

  beforeEach(() => {
    now = 5_000;
    [digests, readings, heard] = [new CommonDigests({ now: () => now }), [], []];
  });

  const ask = (who: string, file = 'a') =>
    digests.of(
      file,
      () => heard.push(who),
      (tell) => {
        const reading = Promise.withResolvers<string>();
        readings.push(reading);
        onRead = tell;
        return reading.promise;
      },
    );

  it('is made once, and told to all who have asked meanwhile, as is how far that is', async () => {
    const both = [ask('first'), ask('second')];
    onRead();
    assert.deepEqual([readings.length, heard], [1, ['first', 'second']]);
    readings[0]?.resolve('digest');
    assert.deepEqual(await Promise.all(both), ['digest', 'digest']);
  });

  it('is made anew for whoever asks later, and for another file', async () => {
    const [first, other] = [ask('first'), ask('other', 'b')];
    assert.equal(readings.length, 2);
    for (const { resolve } of readings) resolve('digest');
    await Promise.all([first, other]);
    void ask('later');
    assert.equal(readings.length, 3);
  });

  it('is made by the next one where the first one has failed, and once for the others', async () => {
    const first = ask('first');
    const others = [ask('second'), ask('third')];
    readings[0]?.reject(new Error('its session is over'));
    await assert.rejects(first, /over/);
    while (readings.length < 2) await new Promise(setImmediate);
    heard.length = 0;
    onRead();
    assert.deepEqual([readings.length, heard], [2, ['second', 'third']]);
    readings[1]?.resolve('digest');
    assert.deepEqual(await Promise.all(others), ['digest', 'digest']);
  });

  it('is made anew for whoever comes after its disk has not answered for two minutes, and then for others, too', async () => {
    const first = ask('first');
    now += LONGEST_DISK_CALL_MS - 1;
    onRead();
    now += LONGEST_DISK_CALL_MS - 1;
    void ask('second');
    assert.equal(readings.length, 1);
    now += 1;
    void ask('third');
    assert.equal(readings.length, 2);
    readings[0]?.resolve('late');
    assert.equal(await first, 'late');
    void ask('fourth');
    assert.equal(readings.length, 2);
  });
});
