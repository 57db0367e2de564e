// When a receiver says that its disk has caught up: neither for each block, nor only when the sender already waits.

import assert from 'node:assert/strict';
import { DatagramWriter } from '../../../src/engine/transfer/datagramWriter.ts';
import { BLOCK_BYTES, LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import type { ReceiveOut } from '../../../src/engine/transfer/transferIo.ts';
import { decodeAck } from '../../../src/wire/ackDatagram.ts';
import { decodeData } from '../../../src/wire/dataDatagram.ts';
import { MIN_PROBE_BYTES } from '../../../src/wire/probeDatagram.ts';
import { ReceiveTrial } from './receiveTrial.ts';
import { KEYS } from './transferPair.ts';

const WINDOW_BLOCKS = 16;
const session = { keys: KEYS, sizeBytes: 64 * BLOCK_BYTES, firstBlock: 0 };
/** Later than any acknowledgement of what came. */
const LATER_MS = 100;

/** All datagrams of the first blocks of a file. */
function datagramsOf(blocks: number): Buffer[] {
  const sender = new SendMachine({ ...session, datagramBytes: LARGE_DATAGRAM_BYTES, windowBlocks: blocks });
  const datagrams: Buffer[] = [];
  for (let now = 0; now < 10; now++) {
    sender.handle({ kind: 'time' }, now);
    for (let out = sender.poll(); out !== undefined; out = sender.poll()) {
      if (out.kind === 'datagram') datagrams.push(Buffer.from(out.bytes));
      if (out.kind === 'needBlock')
        sender.handle({ kind: 'block', index: out.index, bytes: Buffer.alloc(out.length) }, now);
    }
  }
  return datagrams;
}

function isOf(block: number): (bytes: Buffer) => boolean {
  return (bytes) => decodeData(bytes).block === block;
}

/** The limits that it says at `now`. */
function limitsOf(receiver: ReceiveMachine): number[] {
  const limits: number[] = [];
  for (let out: ReceiveOut | undefined = receiver.poll(); out !== undefined; out = receiver.poll())
    if (out.kind === 'datagram') limits.push(decodeAck(out.bytes, KEYS.ack).blockLimit);
  return limits;
}

describe('a receiver whose disk is behind', () => {
  it('says at once how far the sender may go when that has grown by an eighth of the window', () => {
    const receiver = new ReceiveMachine({ ...session, windowBlocks: WINDOW_BLOCKS });
    for (const bytes of datagramsOf(8)) receiver.handle({ kind: 'datagram', bytes }, 0);
    receiver.handle({ kind: 'time' }, LATER_MS);
    assert.deepEqual(limitsOf(receiver), [16]);
    const saidAfter = (index: number) => {
      receiver.handle({ kind: 'written', index }, LATER_MS + 1 + index);
      return limitsOf(receiver);
    };
    assert.deepEqual([0, 1, 2, 3].map(saidAfter), [[], [18], [], [20]]);
  });

  it('lets 256 blocks come where nothing else is said', () => {
    const receiver = new ReceiveMachine({ ...session, sizeBytes: 1_000 * BLOCK_BYTES });
    receiver.handle({ kind: 'datagram', bytes: new DatagramWriter(KEYS).probe(MIN_PROBE_BYTES, 0) }, 0);
    assert.deepEqual(limitsOf(receiver), [256]);
  });

  it('says each step at once to a sender that has come to its limit', () => {
    const trial = new ReceiveTrial({ sizeBytes: 20 * BLOCK_BYTES, windowBlocks: WINDOW_BLOCKS });
    const comes = (block: number, now: number) =>
      trial.data(2 * block, block, 0, now).data(2 * block + 1, block, 1, now);
    for (let block = 0; block < WINDOW_BLOCKS; block++) comes(block, 0);
    for (const index of [0, 1, 2]) {
      const now = LATER_MS + 2 * index;
      trial.wait(now).tell({ kind: 'written', index }, now);
      assert.deepEqual([trial.acks.at(-1)?.blockLimit, trial.ackedAt.at(-1)], [17 + index, now]);
      comes(WINDOW_BLOCKS + index, now + 1);
    }
  });

  it('says it at once, too, when the first block comes last and the disk has the others', () => {
    const receiver = new ReceiveMachine({ ...session, windowBlocks: WINDOW_BLOCKS });
    const [first, later] = [
      datagramsOf(8).filter(isOf(0)),
      datagramsOf(8).filter((bytes) => !isOf(0)(bytes)),
    ];
    for (const bytes of later) receiver.handle({ kind: 'datagram', bytes }, 0);
    for (let index = 1; index < 8; index++) receiver.handle({ kind: 'written', index }, 1);
    receiver.handle({ kind: 'time' }, LATER_MS);
    assert.deepEqual(limitsOf(receiver), [WINDOW_BLOCKS]);
    for (const bytes of first) receiver.handle({ kind: 'datagram', bytes }, LATER_MS + 1);
    assert.deepEqual(limitsOf(receiver), [WINDOW_BLOCKS + 7]);
  });

  it('never takes back how far the sender may go, in whichever order blocks come', () => {
    const receiver = new ReceiveMachine({ ...session, windowBlocks: WINDOW_BLOCKS });
    for (const block of [0, 2, 3])
      for (const bytes of datagramsOf(8).filter(isOf(block))) receiver.handle({ kind: 'datagram', bytes }, 0);
    receiver.handle({ kind: 'written', index: 0 }, 1);
    receiver.handle({ kind: 'time' }, LATER_MS);
    assert.deepEqual(limitsOf(receiver), [WINDOW_BLOCKS]);
  });
});
