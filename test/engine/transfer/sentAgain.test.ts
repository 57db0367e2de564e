// What the machines say of bytes that left twice, compared with what went into the network.

import assert from 'node:assert/strict';
import { RangeSet } from '../../../src/base/rangeSet.ts';
import { BulkReceiveMachine } from '../../../src/engine/transfer/bulkReceiveMachine.ts';
import { BulkSendMachine } from '../../../src/engine/transfer/bulkSendMachine.ts';
import { BLOCK_BYTES, TAG_BYTES } from '../../../src/engine/transfer/params.ts';
import { SentTally } from '../../../src/engine/transfer/sentTally.ts';
import { encodeBulkHeader } from '../../../src/wire/bulkFrame.ts';
import { decodeData } from '../../../src/wire/dataDatagram.ts';
import { DatagramKind } from '../../../src/wire/datagramEnvelope.ts';
import { decodePiece } from '../../../src/wire/pieceDatagram.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { KEYS, type PairOptions, TransferPair } from './transferPair.ts';

const BLOCKS = 40;
const SIZE_BYTES = BLOCKS * BLOCK_BYTES - 7;
const A_MINUTE = 60_000;
const SEALED_BYTES = BLOCK_BYTES + TAG_BYTES;

/** Two machines, and what the network has seen of sealed blocks: every byte once, and those that it saw before. */
function watched(options: Partial<PairOptions> & { readonly path: Conditions }) {
  const pair = new TransferPair({ seed: 1, sizeBytes: SIZE_BYTES, ...options });
  const seen = new RangeSet();
  const network = { againBytes: 0, blocks: new RangeSet(), pieceBytes: [] as number[] };
  const send = pair.forth.send.bind(pair.forth);
  pair.forth.send = (bytes) => {
    send(bytes);
    if (bytes[0] !== DatagramKind.data && bytes[0] !== DatagramKind.sealedPiece) return;
    const isData = bytes[0] === DatagramKind.data;
    const { block, offset, start, end } = isData ? decodeData(bytes) : decodePiece(bytes, KEYS.piece);
    const at = block * SEALED_BYTES + offset;
    network.againBytes += end - start - seen.add(at, at + end - start);
    network.blocks.add(block);
    network.pieceBytes.push(end - start);
  };
  return { pair: pair.start(), network };
}

describe('what the sender of datagrams counts', () => {
  it('is nothing where nothing is lost', () => {
    const { pair } = watched({ path: { latencyMs: 5 } });
    assert.ok(pair.run(A_MINUTE).isExact);
    assert.deepEqual(pair.sender.counts, { piecesAgainBytes: 0, blocks: [{ start: 0, end: BLOCKS }] });
    assert.equal(pair.receiver.unfinishedBytes, 0);
  });

  it('is each byte of a sealed block that the network sees again, whatever is lost, late or damaged', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const loss = 0.1 * seededRandom(seed)();
      const path = { latencyMs: 5, loss, reorder: loss, corrupt: loss / 5, duplicate: loss };
      const { pair, network } = watched({ seed, path });
      assert.ok(pair.run(A_MINUTE).isExact, `seed ${seed}`);
      assert.ok(network.againBytes > 0, `seed ${seed}`);
      assert.equal(pair.sender.counts.piecesAgainBytes, network.againBytes, `seed ${seed}`);
    }
  });

  it('holds where what is long vanishes, and all is cut anew', () => {
    const { pair, network } = watched({ path: { latencyMs: 5, mtuBytes: 1_300 } });
    assert.ok(pair.run(A_MINUTE).isExact);
    assert.ok(network.againBytes > 0);
    assert.equal(pair.sender.counts.piecesAgainBytes, network.againBytes);
  });

  it('leaves out the blocks that are not sent', () => {
    const { pair } = watched({ path: { latencyMs: 5 }, firstBlock: 3, have: [{ start: 5, end: 39 }] });
    assert.ok(pair.run(A_MINUTE).isExact);
    const blocks = [
      { start: 3, end: 5 },
      { start: 39, end: BLOCKS },
    ];
    assert.deepEqual(pair.sender.counts, { piecesAgainBytes: 0, blocks });
  });

  it('can be read at any time', () => {
    const { pair, network } = watched({ path: { latencyMs: 5, loss: 0.05, bytesPerMs: 5_000 } });
    for (let ms = 10; ms < 300; ms += 10) {
      pair.time.runUntil(() => false, ms);
      const { piecesAgainBytes, blocks } = pair.sender.counts;
      assert.deepEqual(
        { againBytes: piecesAgainBytes, blocks },
        { againBytes: network.againBytes, blocks: network.blocks.ranges },
        `after ${ms} ms`,
      );
    }
    assert.ok(network.againBytes > 0 && !pair.hasSent('finished'));
  });
});

describe('what the receiver of datagrams has of blocks that are not whole', () => {
  it('is all that came when the path ends in the middle of the first block', () => {
    const { pair, network } = watched({ path: { latencyMs: 5, bytesPerMs: 1_000 } });
    pair.time.runUntil(() => pair.forth.counts.delivered === 10, A_MINUTE);
    const came = network.pieceBytes.slice(0, 10).reduce((a, b) => a + b);
    assert.deepEqual([pair.receiver.unfinishedBytes, came < BLOCK_BYTES], [came, true]);
  });
});

describe('what the sender over a bulk connection counts', () => {
  it('is what the socket has passed on, without what need not be sent', () => {
    const machine = new BulkSendMachine({
      sizeBytes: SIZE_BYTES,
      firstBlock: 2,
      have: [{ start: 3, end: 6 }],
    });
    const counted: number[][] = [];
    const note = () => counted.push(machine.counts.blocks.map(({ start, end }) => end - start));
    machine.handle({ kind: 'time' }, 0);
    for (const index of [2, 6, 7]) {
      machine.handle({ kind: 'block', index, bytes: Buffer.alloc(BLOCK_BYTES) }, 0);
    }
    machine.handle({ kind: 'count', blocks: 2 }, 0);
    while (machine.poll() !== undefined);
    note();
    for (let times = 0; times < 3; times++) {
      machine.handle({ kind: 'sent' }, 0);
      note();
    }
    assert.deepEqual(counted, [[], [1], [1, 1], [1, 2]]);
    assert.equal(machine.counts.piecesAgainBytes, 0);
  });
});

describe('what the sender over a bulk connection counts of blocks that its socket has not spoken of', () => {
  it('is those that the receiver has', () => {
    const machine = new BulkSendMachine({ sizeBytes: SIZE_BYTES, firstBlock: 0 });
    machine.handle({ kind: 'time' }, 0);
    for (const index of [0, 1]) machine.handle({ kind: 'block', index, bytes: Buffer.alloc(BLOCK_BYTES) }, 0);
    machine.handle({ kind: 'count', blocks: 0 }, 0);
    while (machine.poll() !== undefined);
    machine.handle({ kind: 'count', blocks: 1 }, 0);
    assert.deepEqual(machine.counts.blocks, [{ start: 0, end: 1 }]);
  });
});

describe('what the receiver over a bulk connection has of a block that is not whole', () => {
  it('is what came of its bytes', () => {
    const machine = new BulkReceiveMachine({ sizeBytes: SIZE_BYTES, firstBlock: 0 });
    const hear = (bytes: Buffer) => {
      machine.handle({ kind: 'bytes', bytes }, 0);
      return machine.unfinishedBytes;
    };
    const block = Buffer.alloc(BLOCK_BYTES);
    const heard = [hear(encodeBulkHeader(0, BLOCK_BYTES).subarray(0, 5))];
    heard.push(hear(encodeBulkHeader(0, BLOCK_BYTES).subarray(5)), hear(block.subarray(0, 100)));
    heard.push(hear(block.subarray(100)));
    assert.deepEqual(heard, [0, 0, 100, 0]);
  });
});

describe('what is counted over all sessions', () => {
  const session = (start: number, end: number, piecesAgainBytes = 0) => ({
    ...{ piecesAgainBytes, blocks: [{ start, end }] },
  });

  it('is each block that had left before, once for each time', () => {
    const tally = new SentTally(SIZE_BYTES);
    tally.add(session(0, 10, 5));
    assert.equal(tally.blocksAgainBytes, 0);
    tally.add(session(8, 20, 6));
    assert.equal(tally.blocksAgainBytes, 2 * BLOCK_BYTES);
    tally.add(session(8, 9));
    assert.deepEqual([tally.blocksAgainBytes, tally.piecesAgainBytes], [3 * BLOCK_BYTES, 11]);
  });

  it('knows that the last block is shorter', () => {
    const tally = new SentTally(SIZE_BYTES);
    for (let times = 0; times < 2; times++) tally.add(session(BLOCKS - 1, BLOCKS));
    assert.equal(tally.blocksAgainBytes, BLOCK_BYTES - 7);
  });

  it('leaves out what is behind a gap, and was not sent', () => {
    const tally = new SentTally(SIZE_BYTES);
    const blocks = [
      { start: 0, end: 2 },
      { start: 5, end: 7 },
    ];
    tally.add({ piecesAgainBytes: 0, blocks });
    tally.add(session(1, 6));
    assert.equal(tally.blocksAgainBytes, 2 * BLOCK_BYTES);
  });
});
