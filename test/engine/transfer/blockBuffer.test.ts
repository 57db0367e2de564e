import assert from 'node:assert/strict';
import { BlockBuffer } from '../../../src/engine/transfer/blockBuffer.ts';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';

describe('BlockBuffer', () => {
  const bufferOf = (sealedBytes: number) => new BlockBuffer(new BufferPool(3000, 2), sealedBytes);

  it('is whole when every byte is there, whatever the order', () => {
    const buffer = bufferOf(2500);
    buffer.add(2000, Buffer.alloc(500, 3));
    buffer.add(0, Buffer.alloc(1000, 1));
    buffer.add(0, Buffer.alloc(1000, 9));
    assert.equal(buffer.isWhole, false);
    buffer.add(1000, Buffer.alloc(1000, 2));
    assert.equal(buffer.isWhole, true);
    const expected = [Buffer.alloc(1000, 1), Buffer.alloc(1000, 2), Buffer.alloc(500, 3)];
    assert.deepEqual(buffer.sealed, Buffer.concat(expected));
  });

  it('takes what is new of a piece that is there in part, if it is one byte', () => {
    const buffer = bufferOf(1001);
    buffer.add(0, Buffer.alloc(1000, 1));
    assert.equal(buffer.add(489, Buffer.alloc(512, 1)), 1);
    assert.deepEqual(buffer.sealed, Buffer.alloc(1001, 1));
  });

  it('takes small pieces at its end alone, and none beyond it', () => {
    const buffer = bufferOf(2500);
    assert.ok(buffer.fits(0, 512) && buffer.fits(2499, 1) && buffer.fits(1988, 512));
    assert.equal(buffer.fits(0, 511), false);
    assert.equal(buffer.fits(2000, 501), false);
    assert.equal(buffer.fits(0xffffffff, 600), false);
  });

  it('is empty again once cleared', () => {
    const buffer = bufferOf(600);
    buffer.add(0, Buffer.alloc(600, 1));
    buffer.clear();
    assert.equal(buffer.isWhole, false);
  });
});
