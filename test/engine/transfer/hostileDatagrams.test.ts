// What comes to a session that its peer did not send.

import assert from 'node:assert/strict';
import { DATA_OVERHEAD_BYTES, encodeData } from '../../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES } from '../../../src/wire/datagramEnvelope.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { KEYS, type PairOptions, TransferPair } from './transferPair.ts';

const MIB = 1024 * 1024;
const TWO_MINUTES = 120_000;

function transfer(options: Partial<PairOptions> = {}): TransferPair {
  return new TransferPair({ seed: 1, sizeBytes: MIB, path: { latencyMs: 5 }, ...options }).start();
}

interface Forged {
  readonly number: number;
  readonly block: number;
  readonly offset: number;
  readonly payload: Buffer;
}

/** As somebody makes it who has seen a datagram on the path: right token, right checksum, wrong bytes. */
function forged({ number, block, offset, payload }: Forged): Buffer {
  const bytes = Buffer.alloc(DATA_OVERHEAD_BYTES + payload.length);
  const sealed = Buffer.concat([Buffer.alloc(offset), payload]);
  const covered = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  encodeData({ bytes, covered }, { token: KEYS.token, number, block, offset }, sealed);
  return bytes;
}

function injectInto(pair: TransferPair, at: number, bytes: Uint8Array): void {
  pair.time.plan(at, () => pair.receiving.handle({ kind: 'datagram', bytes }));
}

describe('datagrams that the peer did not send', () => {
  it('spoil a block for one round, and it is sent again', () => {
    const pair = transfer();
    // As long as the piece that belongs there, or that one would replace it.
    injectInto(pair, 1, forged({ number: 7, block: 2, offset: 0, payload: Buffer.alloc(1426, 9) }));
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok(pair.sentDatagrams >= 17 * 46, `${pair.sentDatagrams}`);
  });

  it('cannot keep a block from arriving, however many are forged', () => {
    const pair = transfer({ sizeBytes: 60_000 });
    const forge = () => {
      injectInto(pair, 0, forged({ number: 3, block: 0, offset: 0, payload: Buffer.alloc(1400, 9) }));
      if (!pair.hasGot('finished')) pair.time.plan(pair.time.now() + 0.1, forge);
    };
    forge();
    assert.ok(pair.run(2000).isExact);
    assert.ok(pair.sentDatagrams <= 3 * 46, `${pair.sentDatagrams}`);
  });

  it('cannot go on spoiling one block after the other: each piece is sealed by itself from then on', () => {
    const pair = transfer({ sizeBytes: 4 * MIB, path: { latencyMs: 5, bytesPerMs: 10_000 } });
    let block = 0;
    const forge = () => {
      for (const at of [block, block + 1])
        injectInto(
          pair,
          0,
          forged({ number: block, block: at, offset: 1427, payload: Buffer.alloc(1400, 9) }),
        );
      block = (block + 1) % 64;
      if (!pair.hasGot('finished')) pair.time.plan(pair.time.now() + 0.2, forge);
    };
    forge();
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok(pair.sentDatagrams < 1.5 * 64 * 46, `${pair.sentDatagrams}`);
    assert.ok(pair.receiver.dropped.unexpected > 20, `${pair.receiver.dropped.unexpected}`);
  });

  it('cannot end it by spoiling blocks that the sender has not come to', () => {
    const pair = transfer({ sizeBytes: 20 * MIB, path: { latencyMs: 5, bytesPerMs: 10_000 } });
    const half = Buffer.alloc(32_776, 9);
    for (const block of [250, 251, 252])
      for (const offset of [0, half.length])
        injectInto(pair, 12, forged({ number: 3, block, offset, payload: half }));
    assert.ok(pair.run(5000).isExact);
    assert.ok(pair.receiver.dropped.unexpected > 0, 'DATA is refused after the third');
    assert.ok(pair.sentDatagrams < 1.2 * 320 * 46, `${pair.sentDatagrams}`);
  });

  it('are acknowledged to no harm, whatever their numbers: what the sender has not sent says that somebody forges', () => {
    const path = { latencyMs: 5, bytesPerMs: 1000 };
    const aloneMs = transfer({ path }).run(TWO_MINUTES).finishedAt ?? 0;
    // The highest there are, or some that the sender comes to much later: 64 ranges, as many as an acknowledgement holds.
    for (const highest of [0xffffffff, 20_000, 1_000]) {
      const pair = transfer({ path });
      for (let range = 0; range < 64; range++) {
        const number = highest - 2 * range;
        injectInto(pair, 200, forged({ number, block: 0, offset: 0, payload: Buffer.alloc(1) }));
      }
      injectInto(pair, 250, forged({ number: highest, block: 0, offset: 0, payload: Buffer.alloc(1) }));
      assert.ok(pair.run(aloneMs + 100).isExact, `from ${highest} down`);
      assert.ok(pair.sentDatagrams < 1.3 * 16 * 46, `${pair.sentDatagrams}`);
      assert.equal(pair.receiver.dropped.unexpected, 1, 'DATA is refused from then on');
    }
  });

  it('leave nothing behind once each piece is sealed by itself', () => {
    const pair = transfer({ sizeBytes: 4 * MIB, path: { latencyMs: 5, bytesPerMs: 1000 } });
    const payload = Buffer.alloc(1426, 9);
    for (let block = 0; block < 64; block++)
      injectInto(pair, 100, forged({ number: 0, block, offset: 0, payload }));
    injectInto(pair, 101, forged({ number: 0xffffffff, block: 60, offset: 0, payload }));
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.ok(pair.sentDatagrams < 1.2 * 64 * 46, `${pair.sentDatagrams}`);
  });

  it('cost time and nothing else when they name any number, block and place, over a bad path', () => {
    const path = {
      latencyMs: 5,
      bytesPerMs: 2000,
      queueBytes: 100_000,
      loss: 0.03,
      reorder: 0.05,
      duplicate: 0.05,
    };
    for (let seed = 1; seed <= 12; seed++) {
      const pair = transfer({ seed, path, windowBlocks: 8 });
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(limit * random());
      for (let count = 0; count < 200; count++) {
        const number = random() < 0.1 ? below(2 ** 32) : below(1500);
        const [block, offset] = [below(16), 1426 * below(45)];
        injectInto(pair, 5 + below(600), forged({ number, block, offset, payload: Buffer.alloc(1426, 9) }));
      }
      assert.ok(pair.run(10_000).isExact, `seed ${seed}`);
      assert.ok(pair.sentDatagrams < 3 * 16 * 46, `seed ${seed}: ${pair.sentDatagrams}`);
    }
  });

  it('are refused when they are longer than any that is sent', () => {
    const pair = transfer();
    injectInto(pair, 1, forged({ number: 0, block: 1, offset: 0, payload: Buffer.alloc(33_000, 9) }));
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.equal(pair.receiver.dropped.damaged, 1);
  });

  it('cannot make the receiver forget what the sender never learns: taken numbers are made good', () => {
    const pair = transfer({ sizeBytes: 300_000 });
    // The numbers of the first flight are taken by pieces of another block, so that the sender thinks its own have arrived.
    for (let number = 0; number < 32; number++) {
      injectInto(pair, 1, forged({ number, block: 4, offset: 0, payload: Buffer.alloc(1400, number) }));
    }
    pair.forth.isCut = true;
    pair.time.plan(60, () => {
      pair.forth.isCut = false;
    });
    assert.ok(pair.run(TWO_MINUTES).isExact);
  });

  it('deliver nothing when they lie outside of the file, the block or the window', () => {
    const pair = transfer({ sizeBytes: 100_000 });
    const payload = Buffer.alloc(1400, 1);
    injectInto(pair, 1, forged({ number: 0, block: 2, offset: 0, payload }));
    injectInto(pair, 1, forged({ number: 0, block: 0xffffffff, offset: 0, payload }));
    injectInto(pair, 1, forged({ number: 0, block: 0, offset: 65_552 - 1399, payload }));
    injectInto(pair, 1, forged({ number: 0, block: 1, offset: 0, payload: payload.subarray(0, 100) }));
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.equal(pair.receiver.dropped.unexpected, 4);
  });

  it('are dropped and counted when the token is another or nothing is right', () => {
    const pair = transfer();
    const random = seededRandom(11);
    for (let count = 0; count < 2000; count++) {
      const bytes = randomBytesOf(random, Math.floor(1500 * random()));
      pair.time.plan(20 * random(), () => {
        pair.sending.handle({ kind: 'datagram', bytes });
        pair.receiving.handle({ kind: 'datagram', bytes });
      });
    }
    assert.ok(pair.run(TWO_MINUTES).isExact);
    assert.equal(pair.sender.dropped.strangers, 2000);
    assert.equal(pair.receiver.dropped.strangers, 2000);
  });

  it('change nothing when they are the session’s own, damaged anywhere', () => {
    const pair = transfer({ path: { latencyMs: 5, corrupt: 0.5 }, sizeBytes: 200_000 }).run(TWO_MINUTES);
    assert.ok(pair.isExact);
    assert.ok(pair.receiver.dropped.damaged > 10);
    assert.ok(pair.sender.dropped.damaged > 0);
  });

  it('change nothing when they are the session’s own, replayed later to either side', () => {
    const pair = transfer({ path: { latencyMs: 5, duplicate: 1, jitterMs: 4, loss: 0.05 } });
    const old: Uint8Array[] = [];
    const [forth, back] = [pair.forth.send.bind(pair.forth), pair.back.send.bind(pair.back)];
    const record = (send: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      if (old.length < 400) old.push(Uint8Array.from(bytes));
      send(bytes);
    };
    pair.forth.send = record(forth);
    pair.back.send = record(back);
    const replay = () => {
      for (const bytes of old) {
        pair.sending.handle({ kind: 'datagram', bytes });
        pair.receiving.handle({ kind: 'datagram', bytes });
      }
      if (!pair.hasSent('finished')) pair.time.plan(pair.time.now() + 10, replay);
    };
    pair.time.plan(15, replay);
    assert.ok(pair.run(TWO_MINUTES).isExact);
  });

  it('of another session of the same transfer are strangers’', () => {
    const pair = transfer();
    const bytes = forged({ number: 0, block: 0, offset: 0, payload: Buffer.alloc(1400) });
    bytes[3] = (bytes[3] as number) ^ 1;
    pair.receiving.handle({ kind: 'datagram', bytes });
    assert.equal(pair.receiver.dropped.strangers, 1);
  });
});
