import assert from 'node:assert/strict';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { SealedBlocks } from '../../../src/engine/transfer/sealedBlocks.ts';
import { KEYS } from './transferPair.ts';

describe('SealedBlocks', () => {
  it('cuts a block into pieces of nearly one length that fit', () => {
    const blocks = new SealedBlocks(KEYS.data, 100_000, 1452, BufferPool.ofSealedBlocks());
    blocks.seal(0, Buffer.alloc(65_536));
    blocks.seal(1, Buffer.alloc(100_000 - 65_536));
    const [first, last] = [blocks.get(0), blocks.get(1)];
    assert.deepEqual([first?.pieceCount, first?.pieceBytes], [46, 1426]);
    assert.deepEqual([last?.pieceCount, last?.pieceBytes], [25, 1380]);
  });

  it('names pieces so that they are found again until their block is released', () => {
    const blocks = new SealedBlocks(KEYS.data, 100_000, 1452, BufferPool.ofSealedBlocks());
    blocks.seal(1, Buffer.alloc(100_000 - 65_536));
    const block = blocks.get(1);
    assert.ok(block);
    const name = blocks.nameOf({ block, piece: 24 });
    assert.equal(blocks.blockOf(name), block);
    assert.equal(blocks.pieceOf(name), 24);
    blocks.release(1);
    assert.equal(blocks.blockOf(name), undefined);
  });

  it('cuts a block anew, and remembers what is there as far as that is whole pieces', () => {
    const blocks = new SealedBlocks(KEYS.data, 100_000, 1452, BufferPool.ofSealedBlocks());
    blocks.seal(0, Buffer.alloc(65_536));
    const block = blocks.get(0);
    assert.ok(block);
    block.isThere.fill(1, 0, 10);
    blocks.setDatagramBytes(1200);
    blocks.cutAnew(block);
    assert.equal(block.pieceCount, 56);
    assert.equal(block.isThere.indexOf(0), Math.floor(14_260 / block.pieceBytes));
    blocks.sealAllSingly();
    blocks.cutAnew(block);
    assert.ok(block.pieceBytes + 41 <= 1200);
  });

  it('refuses bytes that are not as many as the block has', () => {
    const blocks = new SealedBlocks(KEYS.data, 100_000, 1452, BufferPool.ofSealedBlocks());
    assert.throws(() => blocks.seal(1, Buffer.alloc(65_536)), /65536 bytes/);
  });
});
