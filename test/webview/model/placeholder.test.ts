import assert from 'node:assert/strict';
import { rgbaToThumbHash } from 'thumbhash';
import { placeholderUrl } from '../../../webview/model/placeholder.ts';

const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('placeholder', () => {
  it('is a PNG as a data URL', () => {
    const pixels = Uint8Array.from({ length: 8 * 8 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i));
    assert.match(placeholderUrl(base64Of(rgbaToThumbHash(8, 8, pixels))) ?? '', /^data:image\/png;base64,/);
  });

  it('is absent for what is no base64, too short or too long', () => {
    for (const text of ['', '!!!', 'AA==', 'A'.repeat(1000)]) assert.equal(placeholderUrl(text), undefined);
  });

  it('is a PNG or absent for any bytes', () => {
    let seed = 7;
    for (let round = 0; round < 300; round += 1) {
      const bytes = Uint8Array.from({ length: round % 40 }, () => {
        seed = (seed * 48271) % 2147483647;
        return seed & 255;
      });
      assert.match(placeholderUrl(base64Of(bytes)) ?? 'absent', /^(data:image\/png;base64,|absent$)/);
    }
  });
});
