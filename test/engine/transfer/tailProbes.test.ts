import assert from 'node:assert/strict';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { type SealedBlock, SealedBlocks } from '../../../src/engine/transfer/sealedBlocks.ts';
import { PROBE, SentHistory } from '../../../src/engine/transfer/sentHistory.ts';
import { TailProbes } from '../../../src/engine/transfer/tailProbes.ts';
import { KEYS } from './transferPair.ts';

const MARK = { delivered: 0, deliveredAt: 0, sentAt: 0, isLimited: false, madeAt: 0 };

describe('TailProbes', () => {
  /** Blocks of 46 pieces, and as many datagrams of the first one's in flight. */
  function inFlight(datagrams: number) {
    const blocks = new SealedBlocks(KEYS.data, 2 * 65_536, 1452, BufferPool.ofSealedBlocks());
    for (const index of [0, 1]) blocks.seal(index, Buffer.alloc(65_536));
    const [first, second] = [blocks.get(0), blocks.get(1)];
    assert.ok(first !== undefined && second !== undefined);
    const history = new SentHistory(64);
    const send = (block: SealedBlock, piece: number) =>
      history.add(blocks.nameOf({ block, piece }), 1452, 0, MARK);
    for (let piece = 0; piece < datagrams; piece++) send(first, piece);
    const probes = new TailProbes(blocks);
    const rest = () => {
      const pieces: string[] = [];
      for (let at = probes.next(); at !== undefined; at = probes.next())
        pieces.push(`${at.block.index}.${at.piece}`);
      return pieces;
    };
    return { blocks, history, probes, rest, sendSecond: (piece: number) => send(second, piece) };
  }

  it('are the oldest in flight, so many at most, and anew each time', () => {
    const { history, probes, rest } = inFlight(5);
    history.settle(1);
    assert.ok(probes.addOldest(history, 3));
    history.settle(0);
    assert.ok(probes.addOldest(history, 2));
    assert.deepEqual(rest(), ['0.2', '0.3']);
    assert.ok(probes.isEmpty);
  });

  it('are the only one twice: one is easily lost', () => {
    const { history, probes, rest } = inFlight(1);
    assert.ok(probes.addOldest(history, 8));
    assert.deepEqual(rest(), ['0.0', '0.0']);
  });

  it('are none of a block that was verified, before or meanwhile, and none where nothing of use is in flight', () => {
    const { blocks, history, probes, rest, sendSecond } = inFlight(2);
    history.add(PROBE, 1200, 0, MARK);
    sendSecond(7);
    assert.ok(probes.addOldest(history, 3));
    blocks.release(0);
    assert.deepEqual(rest(), ['1.7']);
    assert.ok(probes.addOldest(history, 3));
    assert.deepEqual(rest(), ['1.7', '1.7']);
    blocks.release(1);
    assert.equal(probes.addOldest(history, 3), false);
  });
});
