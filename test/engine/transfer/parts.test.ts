// The parts that the machines are made of, each by itself.

import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { BlockBuffer } from '../../../src/engine/transfer/blockBuffer.ts';
import { openBlock, sealBlock } from '../../../src/engine/transfer/blockSeal.ts';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { Nudge } from '../../../src/engine/transfer/nudge.ts';
import { FIRST_RTT_MS } from '../../../src/engine/transfer/params.ts';
import { PeerPlace } from '../../../src/engine/transfer/peerPlace.ts';
import { RttEstimate } from '../../../src/engine/transfer/rttEstimate.ts';
import { type SealedBlock, SealedBlocks } from '../../../src/engine/transfer/sealedBlocks.ts';
import { SentHistory } from '../../../src/engine/transfer/sentHistory.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import { TailProbes } from '../../../src/engine/transfer/tailProbes.ts';
import { KEYS } from './transferPair.ts';

const MARK = { delivered: 0, deliveredAt: 0, sentAt: 0, isLimited: false, madeAt: 0 };

describe('session keys', () => {
  const name = {
    secret: Buffer.alloc(32, 7),
    transferId: '00112233445566778899aabbccddeeff',
    session: '0123456789abcdef',
  };
  const printOf = (keys: ReturnType<typeof sessionKeysOf>) =>
    [keys.data.export(), keys.ack.export(), keys.token].map((bytes) => Buffer.from(bytes).toString('hex'));

  it('are the same at both ends, and made as the page says', () => {
    // HKDF-SHA256 computed apart from this code.
    assert.deepEqual(printOf(sessionKeysOf(name)), [
      '3f3afab841677ef044d27566b0b78158',
      'ff3bc0c5c46150a1e9dac4428cc8c36b',
      '57e8870500c643aa',
    ]);
  });

  it('differ by secret, transfer and session, and from each other', () => {
    const all = [
      name,
      { ...name, secret: Buffer.alloc(32, 8) },
      { ...name, transferId: '10112233445566778899aabbccddeeff' },
      { ...name, session: '1123456789abcdef' },
    ].flatMap((each) => printOf(sessionKeysOf(each)));
    assert.equal(new Set(all).size, 12);
  });
});

describe('a sealed block', () => {
  const plain = Buffer.from('some bytes of a picture');
  const seal = (index: number) => {
    const sealed = Buffer.alloc(plain.length + 16);
    sealBlock(KEYS.data, index, plain, sealed);
    return sealed;
  };

  it('is sealed as the page says, with its number as the nonce', () => {
    const nonce = Buffer.from('000000000000000000000003', 'hex');
    const cipher = createCipheriv('aes-128-gcm', KEYS.data, nonce);
    const byHand = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    assert.deepEqual(seal(3), byHand);
  });

  it('opens under its own number and no other', () => {
    assert.deepEqual(openBlock(KEYS.data, 3, seal(3)), plain);
    assert.equal(openBlock(KEYS.data, 4, seal(3)), undefined);
    assert.equal(openBlock(KEYS.ack, 3, seal(3)), undefined);
  });

  it('does not open when a bit of it is flipped', () => {
    for (let at = 0; at < plain.length + 16; at++) {
      const sealed = seal(3);
      sealed[at] = (sealed[at] as number) ^ 4;
      assert.equal(openBlock(KEYS.data, 3, sealed), undefined, `byte ${at}`);
    }
  });

  it('opens into memory of its own, which can be given back without anything else', () => {
    for (const length of [11, 65_536]) {
      const sealed = Buffer.alloc(length + 16);
      sealBlock(KEYS.data, 3, Buffer.alloc(length), sealed);
      assert.equal(openBlock(KEYS.data, 3, sealed)?.buffer.byteLength, length);
    }
  });

  it('leaves nothing behind of what the cipher has made', () => {
    const [block, sealed] = [Buffer.alloc(65_536), Buffer.alloc(65_536 + 16)];
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 16; index++) sealBlock(KEYS.data, index, block, sealed);
    const left = process.memoryUsage().arrayBuffers - before;
    assert.ok(left < 65_536, `${left}`);
  });
});

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

describe('RttEstimate', () => {
  it('takes the first sample as it is', () => {
    const rtt = new RttEstimate();
    assert.equal(rtt.hasSample, false);
    rtt.update(40, 25);
    assert.equal(rtt.smoothedMs, 40);
    assert.equal(rtt.probeTimeoutMs, 40 + 4 * 20 + 6);
  });

  it('smooths further samples, less what the receiver waited (RFC 9002, 5.3)', () => {
    const rtt = new RttEstimate();
    rtt.update(40, 0);
    rtt.update(60, 4);
    assert.equal(rtt.smoothedMs, 40 + (56 - 40) / 8);
    assert.equal(rtt.longerMs, 60);
  });

  it('has a probe wait for as long as samples vary (RFC 9002, 5.3 and 6.2.1)', () => {
    const rtt = new RttEstimate();
    assert.equal(rtt.probeTimeoutMs, FIRST_RTT_MS + 2 * FIRST_RTT_MS + 6);
    for (const sampleMs of [40, 40, 120]) rtt.update(sampleMs, 0);
    const variationMs = 15 + (80 - 15) / 4;
    assert.equal(rtt.probeTimeoutMs, 50 + 4 * variationMs + 6);
  });

  it('takes the receiver’s word down to the shortest that was seen of late', () => {
    const rtt = new RttEstimate();
    for (const sampleMs of [40, 24]) rtt.update(sampleMs, 0);
    assert.equal(rtt.smoothedMs, 38);
    rtt.update(40, 10);
    assert.equal(rtt.smoothedMs, 37);
  });

  it('is not talked below the shortest that was seen', () => {
    const rtt = new RttEstimate();
    rtt.update(40, 0);
    rtt.update(41, 30);
    assert.equal(rtt.smoothedMs, 40 + 1 / 8);
  });
});

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

describe('PeerPlace', () => {
  it('is another one once a PROBE that went there alone was acknowledged', () => {
    const place = new PeerPlace();
    place.onNews(3, 10);
    assert.deepEqual(place.asks, { place: 3, at: 10 });
    place.onAsked(77, 60);
    assert.equal(place.onAcked(76), undefined);
    assert.equal(place.onAcked(77), 3);
    assert.equal(place.asks, undefined);
  });

  it('is asked for three times for one acknowledgement, and again for another', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    for (const number of [1, 2, 3]) place.onAsked(number, 10 * number);
    assert.equal(place.asks, undefined);
    place.onNews(3, 20);
    assert.equal(place.asks, undefined);
    place.onNews(3, 30);
    assert.deepEqual(place.asks, { place: 3, at: 30 });
  });

  it('is proved by whichever of the PROBEs was acknowledged, however late', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(3, 20);
    place.onAsked(2, 30);
    assert.equal(place.onAcked(1), 3);
  });

  it('is looked for where the newest news came from', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(4, 5);
    assert.deepEqual(place.asks, { place: 4, at: 5 });
    assert.equal(place.onAcked(1), undefined);
  });

  it('is not looked for elsewhere when news come from where it was', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(0, 5);
    assert.equal(place.asks, undefined);
    assert.equal(place.onAcked(1), undefined);
  });
});

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
    history.add(-1200, 1200, 0, MARK);
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

describe('Nudge', () => {
  it('comes after a quarter of a second without news, then twice as late each time, up to a second', () => {
    const nudge = new Nudge();
    assert.equal(nudge.at, undefined);
    nudge.hear(100);
    const times = Array.from({ length: 4 }, () => {
      const { at = 0 } = nudge;
      assert.ok(!nudge.take(at - 1) && nudge.take(at));
      return at;
    });
    assert.deepEqual(times, [350, 850, 1850, 2850]);
    nudge.hear(3000);
    assert.equal(nudge.at, 3250);
  });
});
