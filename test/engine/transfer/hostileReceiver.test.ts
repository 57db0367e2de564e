// A receiver that has all keys and means harm, or is where nobody looks for it: acknowledgements by hand.

import assert from 'node:assert/strict';
import { RangeSet } from '../../../src/base/rangeSet.ts';
import {
  BLOCK_BYTES,
  DATAGRAM_BYTES,
  LARGE_DATAGRAM_BYTES,
  STALL_MS,
} from '../../../src/engine/transfer/params.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import { SentHistory } from '../../../src/engine/transfer/sentHistory.ts';
import type { SendIn, SendOptions } from '../../../src/engine/transfer/transferIo.ts';
import { type Ack, encodeAck } from '../../../src/wire/ackDatagram.ts';
import { DatagramKind, MAX_NUMBER, NUMBER_OFFSET } from '../../../src/wire/datagramEnvelope.ts';
import { decodeProbe, NO_CHALLENGE } from '../../../src/wire/probeDatagram.ts';
import { KEYS } from './transferPair.ts';

interface Sent {
  readonly kind: number | undefined;
  readonly number: number;
  readonly bytes: number;
  /** Undefined where all the others go. */
  readonly place: number | undefined;
  readonly challenge: bigint;
}

/** A sender whose receiver is this hand. */
class Hand {
  readonly machine: SendMachine;
  readonly sent: Sent[] = [];
  readonly kinds: string[] = [];
  now = 0;
  #acks = 0;
  #lastAck: Uint8Array = new Uint8Array();

  constructor(options: Partial<SendOptions> & Pick<SendOptions, 'sizeBytes'>) {
    this.machine = new SendMachine({ keys: KEYS, firstBlock: 0, ...options });
    this.#tell({ kind: 'time' });
  }

  acknowledge(ack: Partial<Ack>, place = 0): void {
    const nothing = { verifiedBlocks: 0, delayMs: 0, echo: NO_CHALLENGE, ranges: [], damaged: [] };
    const said = { ...nothing, blockLimit: 1_000, ...ack };
    this.#lastAck = encodeAck(said, { key: KEYS.ack, token: KEYS.token, number: this.#acks++ });
    this.repeat(place);
  }

  /** The last acknowledgement, byte by byte. */
  repeat(place: number): void {
    this.#tell({ kind: 'datagram', bytes: this.#lastAck, place });
  }

  /** Of these datagrams alone, with the last challenge of theirs. */
  acknowledgeThe(sent: readonly Sent[], place = 0): void {
    const numbers = new RangeSet();
    for (const { number } of sent) numbers.add(number);
    const echo = sent.findLast(({ challenge }) => challenge !== NO_CHALLENGE)?.challenge ?? NO_CHALLENGE;
    this.acknowledge({ ranges: numbers.ranges.toReversed(), echo }, place);
  }

  /** Lets its timers fire, one by one, up to the first that was more than `pauseMs` away. */
  waitFor(pauseMs: number): void {
    for (let passed = 0; passed <= pauseMs; ) {
      const at = Math.max(this.now, this.machine.deadline() ?? assert.fail('it is over'));
      passed = at - this.now;
      this.now = at;
      this.#tell({ kind: 'time' });
    }
  }

  #tell(input: SendIn): void {
    this.machine.handle(input, this.now);
    for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll()) {
      this.kinds.push(out.kind);
      if (out.kind === 'needBlock')
        this.machine.handle({ kind: 'block', index: out.index, bytes: Buffer.alloc(out.length) }, this.now);
      if (out.kind === 'datagram' || out.kind === 'probePlace') this.#note(Buffer.from(out.bytes), out);
    }
  }

  #note(bytes: Buffer, out: object): void {
    const number = bytes.readUInt32BE(NUMBER_OFFSET);
    const place = 'place' in out ? Number(out.place) : undefined;
    const isProbe = bytes[0] === DatagramKind.probe;
    const challenge = isProbe ? decodeProbe(bytes, KEYS.piece).challenge : NO_CHALLENGE;
    this.sent.push({ kind: bytes[0], number, bytes: bytes.length, place, challenge });
  }
}

/** Forty blocks on their way, and an acknowledgement from place 5, where others are. */
function handThatNamesAnotherPlace(options: Partial<SendOptions> = {}): Hand {
  const hand = new Hand({ sizeBytes: 40 * BLOCK_BYTES, ...options });
  hand.now = 20;
  hand.acknowledgeThe(hand.sent.slice(0, 1));
  hand.now = 40;
  hand.acknowledge({}, 5);
  return hand;
}

describe('a receiver that means harm', () => {
  it('is not followed to where it does not get what goes there, though it acknowledges every number', () => {
    const hand = handThatNamesAnotherPlace();
    for (; hand.now < 600; hand.waitFor(5)) {
      const here = hand.sent.filter(({ place }) => place === undefined);
      hand.acknowledgeThe(here, 5);
      hand.acknowledge({ ranges: [{ start: 0, end: hand.sent.length }] }, 5);
    }
    assert.ok(!hand.kinds.includes('moved'));
    assert.ok(hand.sent.filter(({ place }) => place === 5).length > 3);
  });

  it('is not followed with the challenge of another place, or of another time', () => {
    const hand = handThatNamesAnotherPlace();
    const [first] = hand.sent.filter(({ place }) => place === 5);
    assert.ok(first !== undefined && first.challenge !== NO_CHALLENGE);
    hand.acknowledge({}, 6);
    hand.acknowledge({ echo: first.challenge }, 6);
    hand.acknowledge({}, 5);
    hand.acknowledge({ echo: first.challenge }, 5);
    assert.ok(!hand.kinds.includes('moved'));
    hand.acknowledge({}, 0);
    hand.acknowledge({ echo: first.challenge }, 0);
    assert.ok(!hand.kinds.includes('moved'));
  });

  it('is asked for at new places as long as numbers are free for that, and nobody is woken for more', () => {
    const hand = new Hand({ sizeBytes: 1_000 });
    for (let place = 1; place <= 1_000; place++) hand.acknowledge({}, place);
    const asked = hand.sent.filter(({ place }) => place !== undefined).length;
    assert.ok(asked > 100 && asked < 300, `${asked}`);
    assert.ok((hand.machine.deadline() ?? 0) > hand.now, 'it would be woken in each turn of the loop');
  });

  it('is not asked for where the numbers of the session are used up', () => {
    const next = Object.getOwnPropertyDescriptor(SentHistory.prototype, 'next') ?? {};
    const hand = new Hand({ sizeBytes: 1_000 });
    Object.defineProperty(SentHistory.prototype, 'next', { ...next, get: () => MAX_NUMBER + 1 });
    try {
      hand.acknowledge({}, 5);
    } finally {
      Object.defineProperty(SentHistory.prototype, 'next', next);
    }
    assert.equal(hand.kinds.at(-1), 'stalled');
  });

  it('says nothing new with what is repeated: nobody looks for it elsewhere, and the sender gives up as ever', () => {
    const hand = new Hand({ sizeBytes: 40 * BLOCK_BYTES });
    hand.now = 20;
    hand.acknowledgeThe(hand.sent.slice(0, 1));
    for (; !hand.kinds.includes('stalled') && hand.now < 2 * STALL_MS; hand.waitFor(0)) hand.repeat(5);
    assert.ok(hand.now >= STALL_MS && hand.now < STALL_MS + 2_000, `${hand.now}`);
    assert.ok(hand.sent.every(({ place }) => place === undefined));
  });

  it('costs a look at what was sent lately, however many numbers it acknowledges', () => {
    const hand = new Hand({ sizeBytes: 40 * BLOCK_BYTES });
    for (; hand.sent.length < 39 * 46; hand.waitFor(5)) hand.acknowledgeThe(hand.sent);
    hand.acknowledgeThe(hand.sent);
    const { isInFlight } = SentHistory.prototype;
    let looks = 0;
    SentHistory.prototype.isInFlight = function (number) {
      looks++;
      return isInFlight.call(this, number);
    };
    try {
      hand.acknowledge({ ranges: [{ start: 0, end: MAX_NUMBER }] });
    } finally {
      SentHistory.prototype.isInFlight = isInFlight;
    }
    assert.ok(looks > 0 && looks < 1_000, `${looks}`);
  });

  it('shows that somebody forges with the very next number: all goes as PIECEs from then on', () => {
    const hand = new Hand({ sizeBytes: 40 * BLOCK_BYTES });
    hand.now = 20;
    const { length } = hand.sent;
    hand.acknowledge({ ranges: [{ start: 0, end: length }] });
    assert.ok(hand.sent.slice(length).every(({ kind }) => kind === DatagramKind.data));
    const before = hand.sent.length;
    hand.acknowledge({ ranges: [{ start: 0, end: before + 1 }] });
    hand.waitFor(5);
    const kinds = new Set(hand.sent.slice(before).map(({ kind }) => kind));
    assert.deepEqual([...kinds], [DatagramKind.sealedPiece]);
  });

  it('cannot have a piece sent of which its block, cut anew meanwhile, has none', () => {
    const hand = new Hand({
      sizeBytes: 16 * BLOCK_BYTES,
      datagramBytes: LARGE_DATAGRAM_BYTES,
      firstDatagramBytes: 1_200,
    });
    hand.now = 5;
    hand.acknowledgeThe(hand.sent.slice(0, 1));
    hand.waitFor(1);
    hand.acknowledgeThe(hand.sent.filter(({ bytes }) => bytes === LARGE_DATAGRAM_BYTES));
    // From here on blocks are cut into three. What asks after the old pieces is one datagram more than leaves in one turn.
    hand.waitFor(8);
    hand.acknowledge({ damaged: [0, 1, 2].map((block) => ({ block, times: 1 })) });
    assert.ok(hand.sent.some(({ kind }) => kind === DatagramKind.sealedPiece));
  });
});

describe('a receiver that has moved', () => {
  it('is followed once a challenge has come back, be its number told or not, and wherever that comes from', () => {
    const hand = handThatNamesAnotherPlace();
    const echo = hand.sent.at(-1)?.challenge ?? assert.fail();
    hand.acknowledge({ echo }, 6);
    assert.ok(hand.kinds.includes('moved'));
    assert.ok(
      hand.sent.some(({ place }) => place === 6),
      'it seems to be there by now',
    );
  });

  for (const [from, datagramBytes, most] of [
    ['a network of long frames', LARGE_DATAGRAM_BYTES, DATAGRAM_BYTES],
    ['a tunnel', 1_300, 1_300],
  ] as const)
    it(`is sent datagrams of at most ${most} bytes where it was met over ${from}`, () => {
      const hand = handThatNamesAnotherPlace({ datagramBytes });
      const asked = hand.sent.filter(({ place }) => place === 5);
      const before = hand.sent.length;
      hand.acknowledgeThe(asked, 5);
      assert.ok(hand.kinds.includes('moved'));
      for (; hand.now < 600; hand.waitFor(5)) hand.acknowledgeThe(hand.sent.slice(before), 5);
      assert.equal(Math.max(...hand.sent.slice(before).map(({ bytes }) => bytes)), most);
    });

  it('does not make datagrams longer with a probe that was sent to where it was', () => {
    const hand = new Hand({ sizeBytes: 40 * BLOCK_BYTES, datagramBytes: 1_452, firstDatagramBytes: 1_200 });
    hand.now = 20;
    hand.acknowledgeThe(hand.sent.slice(0, 1));
    const probes = hand.sent.filter(({ kind }) => kind === DatagramKind.probe);
    assert.equal(probes.at(-1)?.bytes, 1_452);
    hand.now = 40;
    hand.acknowledge({}, 5);
    hand.now = 60;
    const before = hand.sent.length;
    hand.acknowledgeThe(
      hand.sent.filter(({ place }) => place === 5),
      5,
    );
    assert.ok(hand.kinds.includes('moved'));
    hand.acknowledgeThe(probes, 5);
    const pieces = () => hand.sent.slice(before).filter(({ kind }) => kind === DatagramKind.data);
    for (; hand.now < 600; hand.waitFor(5)) hand.acknowledgeThe(pieces(), 5);
    assert.ok(
      pieces().length > 39 * 56 && pieces().every(({ bytes }) => bytes <= 1_200),
      `${pieces().length}`,
    );
  });
});
