import assert from 'node:assert/strict';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { encodeFrame, FrameDecoder, MAX_FRAME_BYTES } from '../../src/wire/frame.ts';
import { seededRandom } from '../support/seededRandom.ts';

describe('a frame', () => {
  it('is a big-endian length and the JSON text in UTF-8', () => {
    const length = [0x00, 0x00, 0x00, 0x0d];
    const open = [0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22]; // {"a":"
    const text = [0xd8, 0xb3, 0xe2, 0x80, 0xa6];
    const close = [0x22, 0x7d];
    const bytes = Uint8Array.from([...length, ...open, ...text, ...close]);
    assert.deepEqual(encodeFrame({ a: 'س…' }), bytes);
    assert.deepEqual(decodeAll([bytes]), [{ a: 'س…' }]);
  });

  it('is found again however the stream is cut', () => {
    const values = [{ kind: 'ping', id: 1 }, null, [], 'سلام', { text: 'x'.repeat(70_000) }, 0];
    const stream = Buffer.concat(values.map((value) => encodeFrame(value)));
    const random = seededRandom(7);
    for (let round = 0; round < 50; round++)
      assert.deepEqual(decodeAll(cut(stream, random, round < 25 ? 9 : 40_000)), values);
    assert.deepEqual(decodeAll(cut(stream.subarray(0, 200), () => 0, 1)), values.slice(0, 4));
  });

  it('is not given before its last byte is there', () => {
    const decoder = new FrameDecoder();
    const frame = encodeFrame([1]);
    decoder.push(frame.subarray(0, frame.length - 1));
    assert.equal(decoder.next(), undefined);
    decoder.push(frame.subarray(frame.length - 1));
    assert.deepEqual(decoder.next(), [1]);
    assert.equal(decoder.next(), undefined);
  });

  it('may be as long as the limit and no longer', () => {
    const longest = 'x'.repeat(MAX_FRAME_BYTES - 2);
    assert.deepEqual(decodeAll([encodeFrame(longest)]), [longest]);
    assert.throws(() => encodeFrame(`${longest}x`), RangeError);
  });

  it('is refused by its length alone, before a byte of its text came', () => {
    const decoder = new FrameDecoder();
    decoder.push(Uint8Array.from([0x00, 0x04, 0x00, 0x01]));
    assert.throws(() => decoder.next(), { name: 'DecodeError', place: 'frame.length', offset: 0 });
  });

  for (const [what, text] of [
    ['a byte that UTF-8 has no place for', [0x22, 0xff, 0x22]],
    ['half a character', [0x22, 0xd8, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x31]],
    ['nothing', []],
    ['text that is not JSON', [0x7b]],
    ['two values', [0x31, 0x20, 0x31]],
  ] as const) {
    it(`is refused when its text is ${what}`, () => {
      const decoder = new FrameDecoder();
      decoder.push(Uint8Array.from([0, 0, 0, text.length, ...text]));
      assert.throws(() => decoder.next(), { name: 'DecodeError', place: 'frame.text', offset: 4 });
    });
  }

  it('has no successor after a wrong one', () => {
    const decoder = new FrameDecoder();
    decoder.push(Buffer.concat([encodeFrame(1), Uint8Array.from([0xff, 0xff, 0xff, 0xff]), encodeFrame(2)]));
    assert.equal(decoder.next(), 1);
    assert.throws(() => decoder.next(), DecodeError);
    decoder.push(encodeFrame(3));
    assert.throws(() => decoder.next(), DecodeError);
  });

  it('has no successor after a text that is wrong', () => {
    const decoder = new FrameDecoder();
    decoder.push(Buffer.from([0, 0, 0, 1, 0x7b]));
    assert.throws(() => decoder.next(), DecodeError);
    decoder.push(encodeFrame(3));
    assert.throws(() => decoder.next(), DecodeError);
  });

  it('of brackets alone, as many as fit, is a wrong one or a value and nothing worse', () => {
    const half = MAX_FRAME_BYTES / 2;
    const text = Buffer.from('['.repeat(half) + ']'.repeat(half));
    const bytes = Buffer.concat([Uint8Array.from([0, 4, 0, 0]), text]);
    assert.equal(decodeAll([bytes]).length, 1);
    bytes.fill('[', 4);
    assert.throws(() => decodeAll([bytes]), DecodeError);
  });

  it('made of random bytes is a value or a DecodeError', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2_000; round++) {
      const bytes = Uint8Array.from({ length: 40 }, () => Math.floor(random() * 256));
      bytes.set([0, 0, 0, Math.floor(random() * 6)]);
      assert.equal(isTotal(bytes), true, `round ${round}`);
    }
  });
});

function decodeAll(chunks: Iterable<Uint8Array>): unknown[] {
  const decoder = new FrameDecoder();
  const values: unknown[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  }
  return values;
}

function* cut(stream: Uint8Array, random: () => number, longest: number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; ) {
    const end = at + 1 + Math.floor(random() * longest);
    yield stream.subarray(at, end);
    at = end;
  }
}

function isTotal(bytes: Uint8Array): boolean {
  try {
    decodeAll([bytes]);
    return true;
  } catch (error) {
    return error instanceof DecodeError;
  }
}
