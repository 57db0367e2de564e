// What a key seals twice under one nonce is open to everybody on the path: so nothing may be, whatever the path and others do.

import assert from 'node:assert/strict';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import type { ReceiveOut, SendOut } from '../../../src/engine/transfer/transferIo.ts';
import { DATA_OVERHEAD_BYTES, decodeData, encodeData } from '../../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES, DatagramKind, isIntact, NUMBER_OFFSET } from '../../../src/wire/datagramEnvelope.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { KEYS, TransferPair } from './transferPair.ts';

const TWO_MINUTES = 120_000;

/** All that a machine has sent, wherever to: each a copy, as the buffers are used again. */
function tapped(machine: { poll(): SendOut | ReceiveOut | undefined }): Buffer[] {
  const poll = machine.poll.bind(machine);
  const datagrams: Buffer[] = [];
  machine.poll = () => {
    const out = poll();
    if (out?.kind === 'datagram' || out?.kind === 'probePlace') datagrams.push(Buffer.from(out.bytes));
    return out;
  };
  return datagrams;
}

function worldOf(random: () => number): Conditions {
  return {
    latencyMs: 20 * random(),
    bytesPerMs: 5_000,
    queueBytes: 100_000,
    loss: 0.2 * random(),
    reorder: 0.1,
    duplicate: 0.05,
    corrupt: 0.05,
    ...(random() < 0.5 ? { mtuBytes: 1_300 } : {}),
  };
}

/** With a number that the sender has not come to: whoever sees the path can make it. */
function forged(): Buffer {
  const bytes = Buffer.alloc(DATA_OVERHEAD_BYTES + 1_000);
  const covered = bytes.subarray(0, -CHECKSUM_BYTES);
  encodeData(
    { bytes, covered },
    { token: KEYS.token, number: 1e6, block: 40, offset: 0 },
    Buffer.alloc(1_000),
  );
  return bytes;
}

/** In which much goes wrong: the paths, the place of the receiver in the middle, and then somebody forges. */
function transferOf(seed: number): { pair: TransferPair; forth: Buffer[]; back: Buffer[] } {
  const random = seededRandom(seed);
  const path = worldOf(random);
  const pair = new TransferPair({ seed, sizeBytes: 3_000_000, path, back: worldOf(random) });
  const [forth, back] = [tapped(pair.sender), tapped(pair.receiver)];
  // Not before anything has come: a receiver that does not know its sender cannot be found.
  const movesAt = (path.mtuBytes === undefined ? 100 : 1_200) + 200 * random();
  pair.time.plan(movesAt, () => {
    pair.receiverPlace = 3;
  });
  pair.time.plan(movesAt + 50, () => pair.receiving.handle({ kind: 'datagram', bytes: forged() }));
  pair.start().run(TWO_MINUTES);
  return { pair, forth, back };
}

const kindsOf = (datagrams: readonly Buffer[]) => new Set(datagrams.map(([kind]) => kind));

function assertNumbersOnce(datagrams: readonly Buffer[], seed: number): void {
  const numbers = datagrams.map((bytes) => bytes.readUInt32BE(NUMBER_OFFSET));
  assert.equal(new Set(numbers).size, numbers.length, `seed ${seed}`);
}

/** Where two DATA have bytes of one place, they are the same bytes. */
function assertBlocksOnce(datagrams: readonly Buffer[], seed: number): void {
  const blocks = new Map<number, Buffer>();
  const isThere = new Map<number, Uint8Array>();
  for (const bytes of datagrams.filter(([kind]) => kind === DatagramKind.data)) {
    assert.ok(isIntact(bytes));
    const { block, offset, start, end } = decodeData(bytes);
    const sealed = blocks.get(block) ?? Buffer.alloc(BLOCK_BYTES + 16);
    const there = isThere.get(block) ?? new Uint8Array(sealed.length);
    blocks.set(block, sealed);
    isThere.set(block, there);
    for (let at = start, to = offset; at < end; at++, to++) {
      if (there[to] === 1 && sealed[to] !== bytes[at])
        assert.fail(`seed ${seed}: block ${block} was sealed twice`);
      sealed[to] = bytes[at] as number;
      there[to] = 1;
    }
  }
}

describe('a session’s keys', () => {
  it('seal nothing twice under one number, and no block twice', () => {
    const kinds = new Set<number | undefined>();
    for (let seed = 1; seed <= 12; seed++) {
      const { pair, forth, back } = transferOf(seed);
      assert.ok(pair.isExact, `seed ${seed}`);
      assertNumbersOnce(forth, seed);
      assertNumbersOnce(back, seed);
      assertBlocksOnce(forth, seed);
      for (const kind of [...kindsOf(forth), ...kindsOf(back)]) kinds.add(kind);
    }
    assert.deepEqual([...kinds].sort(), Object.values(DatagramKind).sort());
  });
});
