// A receiver whose address changes in the middle of a session, and somebody who only pretends that it did.

import assert from 'node:assert/strict';
import { ReceiveMachine } from '../../../src/engine/transfer/receiveMachine.ts';
import type { ReceiveOut } from '../../../src/engine/transfer/transferIo.ts';
import { encodeData } from '../../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES, DatagramKind } from '../../../src/wire/datagramEnvelope.ts';
import { encodeProbe, MIN_PROBE_BYTES, NO_CHALLENGE } from '../../../src/wire/probeDatagram.ts';
import type { Conditions } from '../../support/lossyNetwork.ts';
import { KEYS, type PairOptions, TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
/** 100 Mbit/s, 40 ms there and back. */
const LINE: Conditions = { latencyMs: 20, bytesPerMs: 12_500, queueBytes: 500_000 };
const TWO_MINUTES = 120_000;

function transfer(options: Partial<PairOptions> = {}): TransferPair {
  return new TransferPair({ seed: 1, sizeBytes: 6 * MIB, path: LINE, ...options }).start();
}

function moveAt(pair: TransferPair, at: number, place: number): TransferPair {
  pair.time.plan(at, () => {
    pair.receiverPlace = place;
  });
  return pair;
}

const moves = (pair: TransferPair) => pair.sent.flatMap((out) => (out.kind === 'moved' ? [out.place] : []));

describe('a receiver that has moved', () => {
  it('is followed within a second, and the file arrives', () => {
    const stays = transfer().run(TWO_MINUTES);
    const pair = moveAt(transfer(), 200, 7).run(TWO_MINUTES);
    assert.ok(pair.isExact);
    assert.deepEqual(moves(pair), [7]);
    assert.ok((pair.finishedAt ?? 0) < (stays.finishedAt ?? 0) + 1500, `${pair.finishedAt}`);
  });

  it('is followed as often as it moves, and back', () => {
    const pair = moveAt(moveAt(moveAt(transfer({ sizeBytes: 24 * MIB }), 150, 3), 900, 4), 1800, 0).run(
      TWO_MINUTES,
    );
    assert.ok(pair.isExact);
    assert.deepEqual(moves(pair), [3, 4, 0]);
  });

  it('is followed where it moves again before what asks for it has come back', () => {
    for (let againAt = 205; againAt < 305; againAt += 20) {
      const pair = moveAt(moveAt(transfer(), 200, 7), againAt, 8).run(TWO_MINUTES);
      assert.ok(pair.isExact, `at ${againAt}`);
      assert.equal(moves(pair).at(-1), 8, `at ${againAt}`);
      assert.ok((pair.finishedAt ?? 0) < 2500, `${pair.finishedAt}`);
    }
  });

  it('is followed a round trip after it is heard there, also where that is longer than all asks take', () => {
    const pair = moveAt(transfer({ sizeBytes: 24 * MIB }), 400, 7);
    pair.time.plan(400, () => {
      for (const path of [pair.forth, pair.back]) path.conditions = { ...LINE, latencyMs: 150 };
    });
    pair.time.runUntil(() => moves(pair).length > 0, TWO_MINUTES);
    assert.ok(pair.time.now() < 400 + 3 * 150 + 50, `${pair.time.now()}`);
    assert.ok(pair.run(TWO_MINUTES).isExact);
  });

  it('is followed where much is lost', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const path = { ...LINE, loss: 0.2, bursts: { share: 0.01, length: 6 } };
      const pair = moveAt(transfer({ seed, sizeBytes: 2 * MIB, path }), 150, 2).run(TWO_MINUTES);
      assert.ok(pair.isExact, `seed ${seed}`);
      assert.deepEqual(moves(pair), [2], `seed ${seed}`);
    }
  });

  it('is sent to as if nothing were known of the path: short datagrams at first, at the pace of the new line', () => {
    const pair = moveAt(transfer({ path: { ...LINE, bytesPerMs: 125_000 } }), 60, 1);
    pair.time.plan(60, () => {
      pair.forth.conditions = { latencyMs: 40, bytesPerMs: 1250, queueBytes: 100_000, mtuBytes: 1252 };
    });
    pair.run(TWO_MINUTES);
    assert.ok(pair.isExact);
    assert.ok(pair.forth.counts.overflowed < 600, `${pair.forth.counts.overflowed}`);
  });

  it('is sent pieces of at most 1200 bytes at first, and longer ones once their probes have come through', () => {
    const pair = moveAt(transfer({ sizeBytes: 12 * MIB }), 200, 1);
    const { send } = pair.forth;
    const lengths: number[] = [];
    pair.forth.send = (bytes) => {
      if (moves(pair).length > 0 && bytes[0] === DatagramKind.data) lengths.push(bytes.length);
      send.call(pair.forth, bytes);
    };
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok(Math.max(...lengths.slice(0, 32)) <= 1200, `${lengths.slice(0, 32)}`);
    assert.ok(Math.max(...lengths) > 1400);
  });

  it('is not found where it moved before anything came, and neither where both have moved', () => {
    const early = new TransferPair({ seed: 1, sizeBytes: 6 * MIB, path: LINE });
    early.receiverPlace = 7;
    const both = moveAt(transfer(), 200, 7);
    both.time.plan(200, () => {
      both.back.isCut = true;
    });
    for (const pair of [early.start(), both]) {
      pair.run(TWO_MINUTES);
      assert.deepEqual(moves(pair), []);
      assert.ok(pair.hasSent('stalled') && pair.hasGot('stalled'));
    }
  });

  it('is looked for, and not followed, where its acknowledgements are copied from elsewhere', () => {
    const pair = transfer();
    const { send } = pair.back;
    let copied = 0;
    pair.back.send = (bytes) => {
      copied += bytes.length;
      // Faster than what is copied, so that the copy is what is new.
      pair.sending.handle({ kind: 'datagram', bytes, place: 9 });
      send.call(pair.back, bytes);
    };
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.deepEqual(moves(pair), []);
    assert.ok(pair.askedPlaces.length > 0 && pair.askedPlaces.length * MIN_PROBE_BYTES <= 3 * copied);
  });

  it('is not looked for where acknowledgements come from that are older than the newest', () => {
    const pair = transfer();
    const { send } = pair.back;
    pair.back.send = (bytes) => {
      send.call(pair.back, bytes);
      const again = Buffer.from(bytes);
      pair.time.plan(pair.time.now() + 60, () =>
        pair.sending.handle({ kind: 'datagram', bytes: again, place: 9 }),
      );
    };
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.deepEqual(pair.askedPlaces, []);
  });
});

describe('what a receiver takes for a sign of where the sender is', () => {
  const space = (length: number) => {
    const bytes = Buffer.alloc(length);
    return { bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) };
  };
  const probe = (number: number, key = KEYS.piece) => {
    const made = space(64);
    encodeProbe(made, { key, token: KEYS.token, number }, NO_CHALLENGE);
    return made.bytes;
  };
  const data = (number: number) => {
    const made = space(1200);
    encodeData(made, { token: KEYS.token, number, block: 0, offset: 0 }, Buffer.alloc(2000));
    return made.bytes;
  };

  function heardOf(datagrams: readonly Buffer[]): number {
    const machine = new ReceiveMachine({ keys: KEYS, sizeBytes: MIB, firstBlock: 0 });
    const outs: ReceiveOut[] = [];
    for (const bytes of datagrams) {
      machine.handle({ kind: 'datagram', bytes }, 0);
      for (let out = machine.poll(); out !== undefined; out = machine.poll()) outs.push(out);
    }
    return outs.filter(({ kind }) => kind === 'heard').length;
  }

  it('is each sealed datagram that is newer than all before', () => {
    assert.equal(heardOf([probe(1), probe(5), probe(6)]), 3);
    assert.equal(heardOf([probe(5), probe(5), probe(4)]), 1);
  });

  it('is none that somebody on the path can make', () => {
    assert.equal(heardOf([data(1), data(2), probe(3, KEYS.ack)]), 0);
    assert.equal(probe(3)[0], DatagramKind.probe);
  });

  it('is the block that was whole and right', () => {
    const pair = transfer({ sizeBytes: 3 * 65_536, path: { latencyMs: 1 } }).run(TWO_MINUTES);
    assert.equal(pair.got.filter(({ kind }) => kind === 'heard').length, 3);
  });
});

describe('a receiver that hears nothing', () => {
  it('says what it has, less and less often, until its patience ends', () => {
    const pair = transfer({ path: LINE });
    pair.time.plan(100, () => {
      pair.forth.isCut = true;
    });
    pair.time.runUntil(() => false, 200);
    const before = pair.back.counts.sent;
    pair.run(TWO_MINUTES);
    const said = pair.back.counts.sent - before;
    assert.ok(pair.hasGot('stalled') && said >= 10 && said <= 14, `${said}`);
  });
});
