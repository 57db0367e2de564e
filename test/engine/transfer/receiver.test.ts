// A receiver by itself: what each datagram makes it do, by hand. When it acknowledges: ackTimes.test.ts.

import assert from 'node:assert/strict';
import { sealBlock } from '../../../src/engine/transfer/blockSeal.ts';
import { DatagramWriter } from '../../../src/engine/transfer/datagramWriter.ts';
import {
  BLOCK_BYTES,
  LINGER_MS,
  SLEPT_MS,
  STALL_MS,
  TAG_BYTES,
} from '../../../src/engine/transfer/params.ts';
import { ReceivedDatagrams } from '../../../src/engine/transfer/receivedDatagrams.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { DATA_OVERHEAD_BYTES, encodeData } from '../../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES, MAX_NUMBER } from '../../../src/wire/datagramEnvelope.ts';
import { MIN_PROBE_BYTES } from '../../../src/wire/probeDatagram.ts';
import { BLOCKS, ReceiveTrial } from './receiveTrial.ts';
import { KEYS } from './transferPair.ts';

/** All blocks have come. Their writes are still to be said. */
function whole(now: number): ReceiveTrial {
  const trial = new ReceiveTrial();
  for (let index = 0; index < BLOCKS - 1; index++)
    trial.data(2 * index, index, 0, now).data(2 * index + 1, index, 1, now);
  trial.tell({ kind: 'written', index: 0 }, now);
  return trial.data(8, BLOCKS - 1, 0, now).data(9, BLOCKS - 1, 1, now);
}

describe('a receiver', () => {
  it('acknowledges a PROBE by its number at once', () => {
    assert.deepEqual(new ReceiveTrial().probe(7, 1).probe(8, 1.1).told, [7, 8]);
  });

  it('brings the last challenge back with each acknowledgement, as any of them may be lost', () => {
    const trial = new ReceiveTrial().probe(0, 1).probe(1, 2, 0xc0n).probe(2, 3).probe(3, 4, 0xc1n);
    trial.data(4, 0, 0, 5).tell({ kind: 'time' }, 6);
    assert.deepEqual(
      trial.acks.map(({ echo }) => echo),
      [0n, 0xc0n, 0xc0n, 0xc1n, 0xc1n],
    );
  });

  it('acknowledges what it has already, and nothing that it does not take', () => {
    const trial = new ReceiveTrial().data(0, 0, 0, 1).data(1, 0, 1, 1);
    trial.data(2, 0, 1, 1).tell({ kind: 'time' }, 2);
    assert.deepEqual(trial.told, [0, 1, 2]);
    const { length } = trial.acks;
    trial.data(3, 4, 0, 3).tell({ kind: 'time' }, 3.25);
    assert.deepEqual(trial.told, [0, 1, 2], 'that block is beyond its window');
    assert.equal(trial.machine.dropped.unexpected, 1);
    assert.deepEqual([trial.acks.length, trial.acks.at(-1)?.blockLimit], [length + 1, 4], 'and it says so');
  });

  it('takes no block behind the last, though it opens', () => {
    const machine = new ReceiveMachine({ keys: KEYS, sizeBytes: BLOCK_BYTES, firstBlock: 0 });
    const sealed = Buffer.alloc(TAG_BYTES);
    sealBlock(KEYS.data, 1, Buffer.alloc(0), sealed);
    const bytes = Buffer.alloc(DATA_OVERHEAD_BYTES + TAG_BYTES);
    const space = { bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) };
    encodeData(space, { token: KEYS.token, number: 0, block: 1, offset: 0 }, sealed);
    machine.handle({ kind: 'datagram', bytes }, 1);
    assert.deepEqual([machine.poll()?.kind, machine.dropped.unexpected], ['datagram', 1], 'an ACK alone');
  });

  it('counts what it has of blocks that are not whole', () => {
    const trial = new ReceiveTrial().data(0, 0, 0, 1).data(1, 1, 1, 1);
    assert.equal(trial.machine.unfinishedBytes, BLOCK_BYTES + TAG_BYTES);
    assert.equal(trial.data(2, 0, 1, 1).machine.unfinishedBytes, (BLOCK_BYTES + TAG_BYTES) / 2);
  });

  it('hands no block to the disk twice, whichever comes first', () => {
    const trial = new ReceiveTrial();
    for (const number of [0, 2]) trial.data(number, 2, 0, 1).data(number + 1, 2, 1, 1);
    trial.tell({ kind: 'time' }, 2);
    assert.deepEqual(trial.told, [0, 1, 2, 3]);
    assert.deepEqual(
      trial.kinds.filter((kind) => kind === 'write'),
      ['write'],
    );
  });

  it('takes nothing of blocks that an earlier session has brought', () => {
    const trial = new ReceiveTrial({ firstBlock: 2, have: [{ start: 3, end: 4 }] });
    for (const [index, block] of [0, 1, 3].entries())
      trial.data(2 * index, block, 0, 1).data(2 * index + 1, block, 1, 1);
    trial.tell({ kind: 'time' }, 2);
    assert.deepEqual([trial.told, trial.outs], [[0, 1, 2, 3, 4, 5], []]);
    trial.data(6, 2, 0, 3).data(7, 2, 1, 3);
    assert.deepEqual(
      trial.outs.flatMap((out) => (out.kind === 'write' ? [out.index, out.offset] : [])),
      [2, 2 * BLOCK_BYTES],
    );
    assert.deepEqual(trial.outs.at(-1), { kind: 'progress', verifiedBytes: 4 * BLOCK_BYTES });
  });

  it('is at its end once the disk has all, and says at once that all has come', () => {
    const trial = whole(1);
    trial.tell({ kind: 'time' }, 1.25);
    assert.equal(trial.acks.at(-1)?.verifiedBlocks, BLOCKS);
    for (const index of [3, 1, 4]) trial.tell({ kind: 'written', index }, 2);
    trial.tell({ kind: 'time' }, 1 + STALL_MS);
    assert.equal(trial.kinds.includes('finished'), false);
    assert.equal(trial.tell({ kind: 'written', index: 2 }, 2 * STALL_MS).kinds.at(-1), 'finished');
  });

  const signs: [string, (trial: ReceiveTrial) => void][] = [
    ['DATA', (trial) => trial.data(0, 0, 0, 5_000)],
    ['a PIECE', (trial) => trial.piece(0, 0, 0, 5_000)],
    ['a PROBE', (trial) => trial.probe(0, 5_000)],
    ['the word that its sender reads', (trial) => trial.tell({ kind: 'reading' }, 5_000)],
  ];
  for (const [what, hear] of signs) {
    it(`waits for ten seconds after ${what}`, () => {
      const trial = new ReceiveTrial();
      hear(trial);
      assert.equal(trial.wait(14_999).kinds.includes('stalled'), false);
      assert.equal(trial.wait(15_000).kinds.at(-1), 'stalled');
    });
  }

  it('waits for ten seconds after its start, and after what came, whenever the disk takes that', () => {
    const trial = new ReceiveTrial();
    assert.deepEqual(trial.wait(9_999).kinds, []);
    assert.deepEqual(trial.wait(10_000).kinds, ['stalled']);
    const later = new ReceiveTrial()
      .data(0, 0, 0, 1)
      .data(1, 0, 1, 1)
      .tell({ kind: 'written', index: 0 }, 5_000);
    assert.equal(later.wait(10_001).kinds.at(-1), 'stalled');
  });

  it('gives up at a timer that is two seconds late: that is no sleep yet', () => {
    assert.deepEqual(new ReceiveTrial().tell({ kind: 'time' }, STALL_MS + SLEPT_MS).kinds, ['stalled']);
  });

  it('waits for ten seconds more after its computer slept, and no longer', () => {
    const woke = STALL_MS + SLEPT_MS + 1;
    const trial = new ReceiveTrial().tell({ kind: 'time' }, woke);
    assert.deepEqual([trial.kinds, trial.machine.deadline()], [[], woke + STALL_MS]);
    assert.deepEqual(trial.tell({ kind: 'time' }, woke + STALL_MS).kinds, ['stalled']);
  });

  it('is woken no more than each ten seconds while the disk has something', () => {
    const trial = whole(1).tell({ kind: 'time' }, 1 + STALL_MS);
    assert.equal(trial.machine.deadline(), 1 + 2 * STALL_MS);
  });

  it('takes nothing of another session', () => {
    const { machine } = new ReceiveTrial();
    const writer = new DatagramWriter({ ...KEYS, token: Buffer.alloc(8, 1) });
    machine.handle({ kind: 'datagram', bytes: writer.probe(MIN_PROBE_BYTES, 0) }, 1);
    assert.deepEqual([machine.poll(), machine.dropped.strangers], [undefined, 1]);
  });

  it('closes ten seconds after its end, though the sender says that it reads', () => {
    const trial = whole(1);
    for (const index of [1, 2, 3, 4]) trial.tell({ kind: 'written', index }, 5_000);
    trial.tell({ kind: 'reading' }, LINGER_MS).tell({ kind: 'time' }, 5_000 + LINGER_MS - 1);
    assert.equal(trial.kinds.includes('closed'), false);
    assert.equal(trial.tell({ kind: 'time' }, 5_000 + LINGER_MS).kinds.at(-1), 'closed');
  });

  it('says nothing any more once it is over, whatever comes', () => {
    const trial = new ReceiveTrial().tell({ kind: 'time' }, STALL_MS);
    assert.equal(trial.kinds.at(-1), 'stalled');
    const [said, acks] = [trial.kinds.length, trial.acks.length];
    trial
      .probe(0, STALL_MS + 1)
      .data(1, 0, 0, STALL_MS + 1)
      .data(2, 0, 1, STALL_MS + 1);
    trial.tell({ kind: 'time' }, 2 * STALL_MS);
    assert.deepEqual([trial.kinds.length, trial.acks.length], [said, acks]);
  });
});

describe('a receiver whose sender has asked for all acknowledgements that have a number', () => {
  const { prototype } = ReceivedDatagrams;
  const nextAck = Object.getOwnPropertyDescriptor(prototype, 'nextAck') ?? {};
  const skipTo = (number: number) => Object.defineProperty(prototype, 'nextAck', { get: () => number });
  afterEach(() => Object.defineProperty(prototype, 'nextAck', nextAck));

  it('says the last one, and gives up instead of another', () => {
    const trial = new ReceiveTrial();
    skipTo(MAX_NUMBER);
    assert.equal(trial.probe(0, 1).acks.length, 1);
    skipTo(MAX_NUMBER + 1);
    assert.deepEqual(trial.probe(1, 2).kinds.slice(-1), ['stalled']);
    assert.equal(trial.acks.length, 1);
    assert.equal(trial.machine.deadline(), undefined);
  });

  it('closes instead of another where it has all', () => {
    const trial = whole(1);
    for (const index of [1, 2, 3, 4]) trial.tell({ kind: 'written', index }, 2);
    skipTo(MAX_NUMBER + 1);
    assert.deepEqual(trial.probe(10, 3).kinds.slice(-3), ['finished', 'heard', 'closed']);
  });
});

describe('a receiver whose blocks somebody spoils', () => {
  it('says at once which one, and takes it as PIECEs alone from then on', () => {
    const trial = new ReceiveTrial().data(0, 1, 0, 1, true).data(1, 1, 1, 1);
    trial.tell({ kind: 'time' }, 1.25);
    assert.deepEqual(trial.acks.at(-1)?.damaged, [{ block: 1, times: 1 }]);
    trial.data(2, 1, 0, 2);
    assert.equal(trial.machine.dropped.unexpected, 1);
    trial.data(3, 0, 0, 2).data(4, 0, 1, 2);
    assert.ok(trial.kinds.includes('write'), 'another block may come as DATA');
    trial.piece(5, 1, 0, 3).piece(6, 1, 1, 3).tell({ kind: 'time' }, 4);
    assert.equal(trial.acks.at(-1)?.verifiedBlocks, 2);
    assert.deepEqual(trial.acks.at(-1)?.damaged, []);
  });

  it('takes no DATA any more once the sender seals what nobody has spoiled: it knows of forgery from somewhere else', () => {
    const trial = new ReceiveTrial().data(0, 0, 0, 1).piece(1, 1, 0, 2).piece(2, 1, 1, 2);
    trial.data(3, 0, 1, 3).tell({ kind: 'time' }, 4);
    assert.equal(trial.machine.dropped.unexpected, 1);
    assert.deepEqual(trial.told, [1, 2], 'the numbers of DATA are worth nothing');
    assert.equal(trial.machine.unfinishedBytes, 0, 'nor is its payload');
    trial.piece(4, 0, 0, 5).piece(5, 0, 1, 5).tell({ kind: 'time' }, 6);
    assert.deepEqual(trial.told, [1, 2, 4, 5]);
    assert.equal(trial.acks.at(-1)?.verifiedBlocks, 2);
  });

  it('says how long the newest of the sender’s own has waited, whatever number somebody made before', () => {
    const trial = new ReceiveTrial().data(1_000, 0, 0, 1).wait(10).piece(0, 1, 0, 50).wait(60);
    assert.deepEqual([trial.told, trial.acks.at(-1)?.delayMs], [[0], 1]);
  });

  it('takes DATA as ever where a PIECE is of a block that it has, or has called damaged', () => {
    const trial = new ReceiveTrial().data(0, 0, 0, 1).data(1, 0, 1, 1).piece(2, 0, 0, 1);
    trial.data(3, 1, 0, 1, true).data(4, 1, 1, 1).piece(5, 1, 0, 1);
    trial.data(6, 2, 0, 2).data(7, 2, 1, 2);
    assert.equal(trial.machine.dropped.unexpected, 0);
  });

  it('takes no DATA any more after the third, of whichever block', () => {
    const trial = new ReceiveTrial();
    for (const block of [0, 1, 2]) trial.data(2 * block, block, 0, 1, true).data(2 * block + 1, block, 1, 1);
    assert.equal(trial.machine.dropped.unexpected, 0);
    trial.data(6, 3, 0, 1);
    assert.equal(trial.machine.dropped.unexpected, 1);
  });

  it('keeps what came as PIECEs, also when it takes nothing else any more', () => {
    const trial = new ReceiveTrial().data(0, 1, 0, 1, true).data(1, 1, 1, 1);
    trial.piece(2, 1, 0, 2).piece(3, 2, 0, 2).piece(4, 1, 1, 2);
    assert.ok(trial.kinds.includes('write'));
  });

  it('gives up where a block is wrong three times: then it is the sender who spoils it', () => {
    const trial = new ReceiveTrial().data(0, 1, 0, 1, true).data(1, 1, 1, 1);
    trial.piece(2, 1, 0, 2, true).piece(3, 1, 1, 2);
    assert.equal(trial.kinds.includes('failed'), false);
    trial.piece(4, 1, 0, 3, true).piece(5, 1, 1, 3);
    assert.equal(trial.kinds.at(-1), 'failed');
  });
});

describe('where a receiver’s sender is', () => {
  const heard = (trial: ReceiveTrial) => trial.kinds.filter((kind) => kind === 'heard').length;

  it('is said by a PROBE or a PIECE that is newer than all before, and by what makes a block whole', () => {
    assert.equal(heard(new ReceiveTrial().probe(0, 1)), 1);
    const trial = new ReceiveTrial();
    assert.equal(heard(trial.probe(3, 1)), 1);
    assert.equal(heard(trial.probe(3, 1).probe(2, 1)), 1, 'these may be copies');
    assert.equal(heard(trial.data(4, 0, 0, 1)), 1, 'anybody can have made it');
    assert.equal(heard(trial.data(5, 0, 1, 1)), 2);
    assert.equal(heard(trial.piece(6, 1, 0, 1)), 3);
    assert.equal(heard(trial.piece(1, 1, 1, 1)), 3, 'an older one may be a copy, too');
  });
});
