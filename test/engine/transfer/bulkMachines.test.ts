// The two ends of a bulk connection, over a pipe that takes its time, in virtual time.

import assert from 'node:assert/strict';
import { BulkReceiveMachine, type BulkReceiveOut } from '../../../src/engine/transfer/bulkReceiveMachine.ts';
import {
  type BulkOptions,
  BulkSendMachine,
  type BulkSendOut,
} from '../../../src/engine/transfer/bulkSendMachine.ts';
import {
  BULK_AHEAD_BLOCKS,
  BULK_FIRST_BLOCKS,
  BULK_PAUSE_BLOCKS,
  BULK_RESUME_BLOCKS,
  BULK_SENDER_STALL_MS,
  BULK_SOCKET_BLOCKS,
  BULK_STALL_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { encodeBulkHeader } from '../../../src/wire/bulkFrame.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const HOUR_MS = 3_600_000;

/** Drains a machine after each input. */
function told<In, Out>(
  machine: { handle(input: In, now: number): void; poll(): Out | undefined },
  input: In,
  now: number,
): Out[] {
  machine.handle(input, now);
  const outs: Out[] = [];
  for (let out = machine.poll(); out !== undefined; out = machine.poll()) outs.push(out);
  return outs;
}

const kinds = (outs: readonly { kind: string }[]) => outs.map(({ kind }) => kind);

/** The whole way of a file whose connection cuts what it carries at random, and whose disk is late at random. */
function pass(file: Buffer, options: Omit<BulkOptions, 'sizeBytes'>, seed: number) {
  const random = seededRandom(seed);
  const sizeBytes = file.length;
  const sender = new BulkSendMachine({ sizeBytes, ...options });
  const receiver = new BulkReceiveMachine({ sizeBytes, ...options });
  const disk = Buffer.alloc(sizeBytes);
  const said: string[] = [];
  const sentBlocks: number[] = [];
  let toReceiver = Buffer.alloc(0);
  const counts: number[] = [];
  const reads: Extract<BulkSendOut, { kind: 'needBlock' }>[] = [];
  const writes: Extract<BulkReceiveOut, { kind: 'write' }>[] = [];
  let now = 0;
  let isOpen = true;
  let inSocket = 0;
  const fromSender = (outs: BulkSendOut[]) => {
    for (const out of outs) {
      if (out.kind === 'needBlock') reads.push(out);
      else if (out.kind === 'send') {
        inSocket++;
        sentBlocks.push(out.index);
        toReceiver = Buffer.concat([toReceiver, encodeBulkHeader(out.index, out.bytes.length), out.bytes]);
      } else said.push(`sender ${out.kind}`);
    }
  };
  const fromReceiver = (outs: BulkReceiveOut[]) => {
    for (const out of outs) {
      if (out.kind === 'count') counts.push(out.blocks);
      else if (out.kind === 'write') writes.push(out);
      else if (out.kind === 'flow') isOpen = out.isOpen;
      else said.push(`receiver ${out.kind}`);
    }
  };
  fromSender(told(sender, { kind: 'time' }, now));
  fromReceiver(told(receiver, { kind: 'connected' }, now));
  for (let step = 0; step < 100_000 && !said.includes('sender finished'); step++) {
    now += 0.3;
    const read = reads.shift();
    if (read !== undefined) {
      const bytes = file.subarray(read.offset, read.offset + read.length);
      fromSender(told(sender, { kind: 'block', index: read.index, bytes }, now));
    }
    if (inSocket > 0 && random() < 0.5) {
      inSocket--;
      fromSender(told(sender, { kind: 'sent' }, now));
    }
    if (isOpen && toReceiver.length > 0) {
      const length = Math.ceil(random() * 90_000);
      fromReceiver(told(receiver, { kind: 'bytes', bytes: toReceiver.subarray(0, length) }, now));
      toReceiver = toReceiver.subarray(length);
    }
    const write = random() < 0.6 ? writes.splice(Math.floor(random() * writes.length), 1)[0] : undefined;
    if (write !== undefined) {
      write.bytes.copy(disk, write.offset);
      fromReceiver(told(receiver, { kind: 'written', index: write.index, bytes: write.bytes }, now));
    }
    if ((receiver.deadline() ?? Number.POSITIVE_INFINITY) <= now)
      fromReceiver(told(receiver, { kind: 'time' }, now));
    const count = counts.shift();
    if (count !== undefined) fromSender(told(sender, { kind: 'count', blocks: count }, now));
  }
  return { disk, sentBlocks, said };
}

describe('a file over a bulk connection', () => {
  const sizes = [1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 300 * BLOCK_BYTES + 7];
  for (const sizeBytes of sizes) {
    it(`arrives whole: ${sizeBytes} bytes`, () => {
      for (let seed = 1; seed <= 5; seed++) {
        const file = randomBytesOf(seededRandom(seed), sizeBytes);
        const { disk, said } = pass(file, { firstBlock: 0 }, seed);
        assert.ok(disk.equals(file), `seed ${seed}`);
        assert.deepEqual(
          said.filter((word) => !/ (progress|part)$/.test(word)).sort(),
          ['receiver finished', 'sender finished'],
          `seed ${seed}`,
        );
      }
    });
  }

  it('begins at the first block that is missing, leaves out those behind it that are there, and ends with the last', () => {
    const file = randomBytesOf(seededRandom(1), 10 * BLOCK_BYTES);
    const have = [
      { start: 4, end: 6 },
      { start: 8, end: 10 },
    ];
    const { sentBlocks, said } = pass(file, { firstBlock: 3, have }, 1);
    assert.deepEqual(sentBlocks, [3, 6, 7, 9]);
    assert.ok(said.includes('sender finished') && said.includes('receiver finished'));
  });

  describe('at the sender', () => {
    const options = { sizeBytes: 200 * BLOCK_BYTES, firstBlock: 0 };
    const bytes = Buffer.alloc(BLOCK_BYTES);

    it('reads ahead before anybody is there, and sends nothing before the first word', () => {
      const machine = new BulkSendMachine(options);
      const outs = told(machine, { kind: 'time' }, 0);
      assert.deepEqual(kinds(outs), Array(BULK_AHEAD_BLOCKS).fill('needBlock'));
      assert.deepEqual(told(machine, { kind: 'block', index: 0, bytes }, 0), []);
      assert.deepEqual(kinds(told(machine, { kind: 'count', blocks: 0 }, 0)), ['send']);
    });

    it('reads on only as the socket takes what was read', () => {
      const machine = new BulkSendMachine(options);
      told(machine, { kind: 'time' }, 0);
      told(machine, { kind: 'count', blocks: 0 }, 0);
      const outs: BulkSendOut[] = [];
      for (let index = 0; index < BULK_AHEAD_BLOCKS; index++)
        outs.push(...told(machine, { kind: 'block', index, bytes }, 0));
      assert.deepEqual(kinds(outs), ['send']);
      for (let handedOver = 1; handedOver < BULK_FIRST_BLOCKS; handedOver++)
        assert.deepEqual(kinds(told(machine, { kind: 'sent' }, 0)), ['send', 'needBlock']);
      const more = told(machine, { kind: 'count', blocks: BULK_FIRST_BLOCKS }, 0);
      const room = BULK_SOCKET_BLOCKS - 1;
      assert.deepEqual(kinds(more), ['progress', ...Array(room).fill('send')]);
      assert.deepEqual(kinds(told(machine, { kind: 'sent' }, 0)), ['send', 'needBlock']);
    });

    it('ends when the receiver claims what was not sent, or takes a word back', () => {
      for (const words of [[0, 1], [3], [0, 2 ** 32 - 1]]) {
        const machine = new BulkSendMachine(options);
        told(machine, { kind: 'time' }, 0);
        const outs = words.flatMap((blocks) => told(machine, { kind: 'count', blocks }, 0));
        assert.deepEqual(outs.at(-1), { kind: 'stalled' });
        assert.equal(machine.deadline(), undefined);
      }
    });

    it('ends when the receiver takes back what it had', () => {
      const machine = new BulkSendMachine(options);
      told(machine, { kind: 'count', blocks: 0 }, 0);
      for (const index of [0, 1]) {
        told(machine, { kind: 'block', index, bytes }, 0);
        told(machine, { kind: 'sent' }, 0);
      }
      assert.deepEqual(kinds(told(machine, { kind: 'count', blocks: 2 }, 0)), ['progress']);
      assert.deepEqual(told(machine, { kind: 'count', blocks: 1 }, 0), [{ kind: 'stalled' }]);
    });

    it('has ended once the receiver has all, whatever it says then', () => {
      const machine = new BulkSendMachine({ sizeBytes: BLOCK_BYTES, firstBlock: 0 });
      told(machine, { kind: 'count', blocks: 0 }, 0);
      told(machine, { kind: 'block', index: 0, bytes }, 0);
      assert.deepEqual(kinds(told(machine, { kind: 'count', blocks: 1 }, 0)), ['progress', 'finished']);
      assert.deepEqual(told(machine, { kind: 'count', blocks: 0 }, 0), []);
    });

    it('ends when nobody comes, and later when nobody takes what was sent', () => {
      const machine = new BulkSendMachine(options);
      told(machine, { kind: 'time' }, 0);
      assert.equal(machine.deadline(), BULK_STALL_MS);
      told(machine, { kind: 'block', index: 0, bytes }, 1);
      told(machine, { kind: 'count', blocks: 0 }, 5);
      assert.equal(machine.deadline(), 5 + BULK_SENDER_STALL_MS);
      assert.deepEqual(told(machine, { kind: 'time' }, 5 + BULK_SENDER_STALL_MS), [{ kind: 'stalled' }]);
    });

    it('waits no longer for the receiver where its own disk has gone on meanwhile', () => {
      const machine = new BulkSendMachine({ sizeBytes: 3 * BLOCK_BYTES, firstBlock: 0 });
      const block = Buffer.alloc(BLOCK_BYTES);
      told(machine, { kind: 'block', index: 0, bytes: block }, 0);
      told(machine, { kind: 'count', blocks: 0 }, 5);
      told(machine, { kind: 'block', index: 1, bytes: block }, 5_000);
      assert.equal(machine.deadline(), 5 + BULK_SENDER_STALL_MS);
    });

    it('waits for its own disk as long as that takes, and then for the receiver as ever', () => {
      const machine = new BulkSendMachine(options);
      told(machine, { kind: 'time' }, 0);
      told(machine, { kind: 'count', blocks: 0 }, 0);
      const late = 4 * BULK_SENDER_STALL_MS - 1;
      for (let now = BULK_SENDER_STALL_MS; now < late; now += BULK_SENDER_STALL_MS) {
        assert.deepEqual(told(machine, { kind: 'time' }, now), []);
        assert.equal(machine.deadline(), now + BULK_SENDER_STALL_MS);
      }
      assert.deepEqual(kinds(told(machine, { kind: 'block', index: 0, bytes }, late)), ['send']);
      assert.equal(machine.deadline(), late + BULK_SENDER_STALL_MS);
      assert.deepEqual(told(machine, { kind: 'time' }, late + BULK_SENDER_STALL_MS), [{ kind: 'stalled' }]);
    });

    /** Whose receiver has had a block `tookMs` after its first word. */
    const counted = (tookMs: number) => {
      const machine = new BulkSendMachine(options);
      for (let index = 0; index < 4; index++) told(machine, { kind: 'block', index, bytes }, 0);
      told(machine, { kind: 'count', blocks: 0 }, 0);
      for (let index = 0; index < 4; index++) told(machine, { kind: 'sent' }, 0);
      told(machine, { kind: 'count', blocks: 1 }, tookMs);
      return machine;
    };

    it('doubts that the other end is there when nothing was counted for 10 s, again and again, and goes on', () => {
      const machine = counted(50);
      for (let times = 1; times <= 3; times++) {
        const now = 50 + times * BULK_STALL_MS;
        assert.equal(machine.deadline(), now);
        assert.deepEqual(told(machine, { kind: 'time' }, now), [{ kind: 'doubt' }]);
      }
      assert.deepEqual(kinds(told(machine, { kind: 'count', blocks: 4 }, 40_000)), ['progress']);
    });

    it('doubts nobody before a thin line brings four blocks, nor while nothing is on the way, nor after a sleep', () => {
      const thin = counted(13_000);
      assert.deepEqual(told(thin, { kind: 'time' }, 5 * 13_000 - 1), []);
      assert.deepEqual(told(thin, { kind: 'time' }, 5 * 13_000), [{ kind: 'doubt' }]);
      const machine = counted(50);
      assert.deepEqual(told(machine, { kind: 'time' }, HOUR_MS), []);
      told(machine, { kind: 'count', blocks: 4 }, HOUR_MS);
      assert.deepEqual(told(machine, { kind: 'time' }, HOUR_MS + 2 * BULK_STALL_MS), []);
    });

    it('waits anew after a sleep', () => {
      const machine = new BulkSendMachine(options);
      told(machine, { kind: 'time' }, 0);
      assert.deepEqual(told(machine, { kind: 'time' }, HOUR_MS), []);
      assert.equal(machine.deadline(), HOUR_MS + BULK_STALL_MS);
    });
  });

  describe('at the receiver', () => {
    const options = { sizeBytes: 200 * BLOCK_BYTES, firstBlock: 0 };
    const block = (index: number) =>
      Buffer.concat([encodeBulkHeader(index, BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)]);

    it('stops listening while the disk is behind, and listens again when it has caught up', () => {
      const machine = new BulkReceiveMachine(options);
      told(machine, { kind: 'connected' }, 0);
      const outs: BulkReceiveOut[] = [];
      for (let index = 0; index < BULK_PAUSE_BLOCKS; index++)
        outs.push(...told(machine, { kind: 'bytes', bytes: block(index) }, 0));
      assert.deepEqual(outs.at(-1), { kind: 'flow', isOpen: false });
      const opened: number[] = [];
      for (const out of outs) {
        if (out.kind !== 'write') continue;
        const then = told(machine, { kind: 'written', index: out.index, bytes: out.bytes }, 0);
        if (then.some((what) => what.kind === 'flow' && what.isOpen)) opened.push(out.index);
      }
      assert.deepEqual(opened, [BULK_PAUSE_BLOCKS - BULK_RESUME_BLOCKS - 1]);
    });

    it('says how far the disk is once in a millisecond at most, without a gap, and at the end at once', () => {
      const machine = new BulkReceiveMachine({ sizeBytes: 4 * BLOCK_BYTES, firstBlock: 0 });
      const bytes = Buffer.alloc(BLOCK_BYTES);
      const written = (index: number, now: number) =>
        told(machine, { kind: 'written', index, bytes }, now).filter(({ kind }) => kind !== 'progress');
      told(machine, { kind: 'connected' }, 0);
      for (let index = 0; index < 4; index++) told(machine, { kind: 'bytes', bytes: block(index) }, 0);
      assert.deepEqual(written(1, 5), []);
      assert.deepEqual(written(0, 5), [{ kind: 'count', blocks: 2 }]);
      assert.deepEqual(written(2, 5.5), []);
      assert.equal(machine.deadline(), 6);
      assert.deepEqual(told(machine, { kind: 'time' }, 6), [{ kind: 'count', blocks: 3 }]);
      assert.deepEqual(written(3, 6), [{ kind: 'count', blocks: 4 }, { kind: 'finished' }]);
    });

    it('ends when what comes may not come: another block, another length, noise', () => {
      for (const bytes of [block(1), encodeBulkHeader(0, 5), Buffer.from('GET / HTTP/1.1')]) {
        const machine = new BulkReceiveMachine(options);
        told(machine, { kind: 'connected' }, 0);
        assert.deepEqual(told(machine, { kind: 'bytes', bytes }, 0), [{ kind: 'stalled' }]);
        assert.deepEqual(told(machine, { kind: 'bytes', bytes: block(0) }, 0), []);
      }
    });

    it('ends when a block comes behind the last one', () => {
      const machine = new BulkReceiveMachine({ sizeBytes: BLOCK_BYTES, firstBlock: 0 });
      told(machine, { kind: 'bytes', bytes: block(0) }, 0);
      assert.deepEqual(told(machine, { kind: 'bytes', bytes: encodeBulkHeader(1, 0) }, 0), [
        { kind: 'stalled' },
      ]);
      assert.equal(machine.deadline(), undefined);
    });

    it('tells progress as far as there is no gap', () => {
      const machine = new BulkReceiveMachine({ sizeBytes: 3 * BLOCK_BYTES, firstBlock: 0 });
      const bytes = Buffer.alloc(BLOCK_BYTES);
      for (const index of [0, 1]) told(machine, { kind: 'bytes', bytes: block(index) }, 0);
      assert.deepEqual(told(machine, { kind: 'written', index: 1, bytes }, 0), []);
      assert.deepEqual(told(machine, { kind: 'written', index: 0, bytes }, 0)[0], {
        kind: 'progress',
        verifiedBytes: 2 * BLOCK_BYTES,
      });
    });

    it('is patient as long as bytes come, however slowly, and anew when the disk has taken a block', () => {
      const machine = new BulkReceiveMachine(options);
      told(machine, { kind: 'connected' }, 0);
      const wait = BULK_STALL_MS - 1;
      for (const times of [1, 2, 3]) {
        const part = block(0).subarray((times - 1) * 1000, times * 1000);
        assert.deepEqual(kinds(told(machine, { kind: 'bytes', bytes: part }, times * wait)), ['part']);
        assert.deepEqual(told(machine, { kind: 'time' }, (times + 1) * wait), []);
      }
      const [write] = told(machine, { kind: 'bytes', bytes: block(0).subarray(3000) }, 4 * wait);
      assert.ok(write?.kind === 'write');
      told(machine, { kind: 'written', index: 0, bytes: write.bytes }, 5 * wait);
      assert.deepEqual(told(machine, { kind: 'time' }, 6 * wait), []);
      assert.deepEqual(told(machine, { kind: 'time' }, 6 * wait + 1), [{ kind: 'stalled' }]);
    });

    it('takes no block twice', () => {
      const machine = new BulkReceiveMachine(options);
      told(machine, { kind: 'bytes', bytes: block(0) }, 0);
      assert.deepEqual(told(machine, { kind: 'bytes', bytes: block(0) }, 0), [{ kind: 'stalled' }]);
    });

    it('waits anew when it hears that the source is being read', () => {
      const machine = new BulkReceiveMachine(options);
      told(machine, { kind: 'connected' }, 0);
      assert.deepEqual(told(machine, { kind: 'reading' }, BULK_STALL_MS - 1), []);
      assert.deepEqual(told(machine, { kind: 'time' }, BULK_STALL_MS), []);
      assert.deepEqual(told(machine, { kind: 'time' }, 2 * BULK_STALL_MS - 1), [{ kind: 'stalled' }]);
    });

    it('ends when nothing comes, but neither while the disk works nor after a sleep', () => {
      const machine = new BulkReceiveMachine(options);
      told(machine, { kind: 'connected' }, 0);
      const [write] = told(machine, { kind: 'bytes', bytes: block(0) }, 1);
      assert.deepEqual(told(machine, { kind: 'time' }, 1 + BULK_STALL_MS), []);
      assert.ok(write?.kind === 'write');
      told(machine, { kind: 'written', index: 0, bytes: write.bytes }, HOUR_MS);
      assert.deepEqual(told(machine, { kind: 'time' }, 2 * HOUR_MS), []);
      assert.deepEqual(told(machine, { kind: 'time' }, 2 * HOUR_MS + BULK_STALL_MS), [{ kind: 'stalled' }]);
    });
  });
});
