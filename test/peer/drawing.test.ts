import assert from 'node:assert/strict';
import { Jimp } from 'jimp';
import { drawn, mirroredGrey } from '../../src/peer/drawing.ts';

describe('the pictures of the demo peer', () => {
  it('are PNG files of 480 × 320 pixels, each another one', async () => {
    const [first, second] = [await drawn(0), await drawn(1)];
    const { width, height } = (await Jimp.fromBuffer(first)).bitmap;
    assert.deepEqual([width, height], [480, 320]);
    assert.notDeepEqual(first, second);
  });

  it('come back mirrored and grey', async () => {
    const image = new Jimp({ width: 2, height: 1, color: 0xff0000ff });
    image.setPixelColor(0xffffffff, 1, 0);
    const changed = await mirroredGrey(await image.getBuffer('image/png'), 2);
    const { data } = (await Jimp.fromBuffer(changed as Buffer)).bitmap;
    const [white, red] = [[...data.subarray(0, 4)], [...data.subarray(4)]];
    assert.ok(Math.min(...white) >= 254, `${white}`);
    assert.ok(red[0] === red[1] && red[1] === red[2] && Number(red[0]) < 200, `${red}`);
  });

  it('stay as they are when they are none, or too large to open', async () => {
    assert.equal(await mirroredGrey(Buffer.from('not a picture'), 1), undefined);
    assert.equal(await mirroredGrey(await drawn(0), 1e9), undefined);
  });
});
