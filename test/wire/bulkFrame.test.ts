import assert from 'node:assert/strict';
import {
  BulkBlockDecoder,
  BulkCountDecoder,
  encodeBulkCount,
  encodeBulkHeader,
} from '../../src/wire/bulkFrame.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const LENGTHS = new Map([
  [1, 3],
  [2, 5],
  [7, 1],
]);

function blocksIn(...chunks: readonly Uint8Array[]): [number, string][] {
  const decoder = new BulkBlockDecoder((index) => LENGTHS.get(index), Buffer.alloc);
  const blocks: [number, string][] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let block = decoder.next(); block !== undefined; block = decoder.next())
      blocks.push([block.index, block.bytes.toString('hex')]);
  }
  return blocks;
}

describe('a bulk connection', () => {
  const stream = hex('00000001 00000003 aabbcc  00000007 00000001 ff  00000002 00000005 0102030405');
  const blocks = [
    [1, 'aabbcc'],
    [7, 'ff'],
    [2, '0102030405'],
  ];

  it('carries a block as its index, its length and its bytes', () => {
    assert.deepEqual(encodeBulkHeader(0x01020304, 0x10000), hex('01020304 00010000'));
    assert.deepEqual(blocksIn(stream), blocks);
  });

  it('gives the same blocks however it is cut', () => {
    const random = seededRandom(1);
    assert.deepEqual(blocksIn(...[...stream].map((byte) => Buffer.of(byte))), blocks);
    for (let round = 0; round < 200; round++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const length = Math.floor(random() * 12);
        chunks.push(stream.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(blocksIn(...chunks), blocks);
    }
  });

  it('makes no room for a block that may not come, or for one of another length', () => {
    const refused = (text: string, place: string) => {
      const decoder = new BulkBlockDecoder(
        (index) => LENGTHS.get(index),
        () => assert.fail('room was made'),
      );
      decoder.push(hex(text));
      assert.throws(
        () => decoder.next(),
        (error) => error instanceof DecodeError && error.place === place,
      );
      decoder.push(stream);
      assert.throws(() => decoder.next(), DecodeError, 'a stream is not found again');
    };
    refused('00000003 00000003', 'bulk.index');
    refused('00000001 00000004', 'bulk.length');
    refused('00000001 ffffffff', 'bulk.length');
    refused('ffffffff 00000000', 'bulk.index');
  });

  it('gives blocks or a DecodeError for random bytes, and nothing else', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 2_000; round++) {
      const decoder = new BulkBlockDecoder((index) => LENGTHS.get(index & 7), Buffer.alloc);
      decoder.push(randomBytesOf(random, Math.floor(random() * 64)));
      try {
        while (decoder.next() !== undefined);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
      }
    }
  });

  it('carries counts back, of which the newest is heard', () => {
    assert.deepEqual(encodeBulkCount(0xfffefdfc), hex('fffefdfc'));
    const decoder = new BulkCountDecoder();
    assert.equal(decoder.push(hex('00 00')), undefined);
    assert.equal(decoder.push(hex('00 05 00000007 0000')), 7);
    assert.equal(decoder.push(hex('01')), undefined);
    assert.equal(decoder.push(hex('02')), 0x102);
  });
});
