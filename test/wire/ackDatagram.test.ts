import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  type Ack,
  decodeAck,
  encodeAck,
  MAX_ACK_DAMAGED,
  MAX_ACK_RANGES,
} from '../../src/wire/ackDatagram.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const KEY = createSecretKey(Buffer.alloc(16, 3));
const TOKEN = Buffer.from('a1a2a3a4a5a6a7a8', 'hex');
const SEAL = { key: KEY, token: TOKEN, number: 7 };

const ACK: Ack = {
  verifiedBlocks: 5,
  blockLimit: 261,
  delayMs: 1.5,
  echo: 0xc1c2c3c4c5c6c7c8n,
  ranges: [
    { start: 20, end: 30 },
    { start: 3, end: 4 },
  ],
  damaged: [{ block: 9, times: 2 }],
};

/** Seals any body as the codec should. */
function sealed(body: Buffer): Buffer {
  const header = Buffer.concat([Buffer.from([0x49]), TOKEN, Buffer.from('00000007', 'hex')]);
  const nonce = Buffer.from('000000000000000000000007', 'hex');
  const cipher = createCipheriv('aes-128-gcm', KEY, nonce).setAAD(header);
  const inner = Buffer.concat([header, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(inner));
  return Buffer.concat([inner, checksum]);
}

const BODY = Buffer.from(
  [
    '00000005', // verified blocks
    '00000105', // block limit
    '000005dc', // delay, 1500 us
    'c1c2c3c4 c5c6c7c8', // echo
    '02', // ranges
    '01', // damaged blocks
    '00000014 0000000a', // 20 and nine more
    '00000003 00000001', // 3
    '00000009 02', // block 9, twice
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

describe('an ACK datagram', () => {
  it('has the bytes that its page draws', () => {
    assert.deepEqual(encodeAck(ACK, SEAL), sealed(BODY));
  });

  it('is read back as it was written', () => {
    assert.deepEqual(decodeAck(encodeAck(ACK, SEAL), KEY), { number: 7, ...ACK });
    for (const echo of [0n, 2n ** 64n - 1n]) {
      const bare = { ...ACK, echo, ranges: [], damaged: [] };
      assert.deepEqual(decodeAck(encodeAck(bare, SEAL), KEY), { number: 7, ...bare });
    }
  });

  it('leaves room for what a later version adds to its body', () => {
    assert.deepEqual(decodeAck(sealed(Buffer.concat([BODY, Buffer.from('later')])), KEY), {
      number: 7,
      ...ACK,
    });
  });

  it('fits one datagram with all it may hold', () => {
    const ranges = Array.from({ length: 100 }, (_, i) => ({ start: 4000 - 3 * i, end: 4001 - 3 * i }));
    const damaged = Array.from({ length: 20 }, (_, block) => ({ block, times: 1 }));
    const bytes = encodeAck({ ...ACK, ranges, damaged }, SEAL);
    assert.ok(bytes.length < 700, `${bytes.length}`);
    const read = decodeAck(bytes, KEY);
    assert.deepEqual(read.ranges, ranges.slice(0, MAX_ACK_RANGES));
    assert.deepEqual(read.damaged, damaged.slice(0, MAX_ACK_DAMAGED));
  });

  it('has as much as fits a length: damaged blocks first, and then the highest ranges', () => {
    const read = (mostBytes: number) => {
      const bytes = encodeAck(ACK, SEAL, mostBytes);
      assert.ok(bytes.length <= Math.max(mostBytes, 55), `${bytes.length}`);
      const { ranges, damaged, ...all } = decodeAck(bytes, KEY);
      assert.deepEqual([all.verifiedBlocks, all.echo], [ACK.verifiedBlocks, ACK.echo]);
      return [ranges.map(({ start }) => start), damaged.length];
    };
    assert.deepEqual([0, 55, 59].map(read), Array(3).fill([[], 0]));
    assert.deepEqual([60, 67].map(read), Array(2).fill([[], 1]));
    assert.deepEqual([68, 75].map(read), Array(2).fill([[20], 1]));
    assert.deepEqual([76, 600].map(read), Array(2).fill([[20, 3], 1]));
  });

  it('tells of any number there is, up to the last: somebody may have forged it', () => {
    const ranges = [{ start: 0xffffffff, end: 0x100000000 }];
    assert.deepEqual(decodeAck(encodeAck({ ...ACK, ranges }, SEAL), KEY).ranges, ranges);
  });

  it('tells of all numbers there are but one, which is as many as a range holds', () => {
    const ranges = [{ start: 0, end: 0x100000000 }];
    const told = [{ start: 0, end: 0xffffffff }];
    assert.deepEqual(decodeAck(encodeAck({ ...ACK, ranges }, SEAL), KEY).ranges, told);
  });

  it('is refused when any one bit is flipped', () => {
    const good = encodeAck(ACK, SEAL);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const damaged = Buffer.from(good);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.throws(() => decodeAck(damaged, KEY), DecodeError, `bit ${bit}`);
    }
  });

  it('is refused when somebody else sealed it, though its checksum is right', () => {
    const other = encodeAck(ACK, { ...SEAL, key: createSecretKey(Buffer.alloc(16, 4)) });
    assert.throws(() => decodeAck(other, KEY), { name: 'DecodeError', place: 'ack.tag' });
  });

  for (const [problem, place, at, hex] of [
    ['more ranges than bytes', 'ack.body', 20, '05'],
    ['more damaged blocks than bytes', 'ack.body', 21, '02'],
    ['more ranges than allowed', 'ack.rangeCount', 20, '41'],
    ['more damaged blocks than allowed', 'ack.damagedCount', 21, '09'],
    ['an empty range', 'ack.ranges', 22, '0000001400000000'],
    ['ranges out of order', 'ack.ranges', 30, '0000002800000001'],
    ['ranges that touch', 'ack.ranges', 30, '0000001300000001'],
    ['a range past the last number', 'ack.ranges', 22, 'ffffffff00000002'],
  ] as const) {
    it(`is refused with ${problem}`, () => {
      const body = Buffer.from(BODY);
      body.write(hex, at, 'hex');
      assert.throws(() => decodeAck(sealed(body), KEY), { name: 'DecodeError', place });
    });
  }

  it('is a value or a DecodeError whatever is sealed in it, and whatever the bytes are', () => {
    const random = seededRandom(6);
    for (let count = 0; count < 3000; count++) {
      const bytes = randomBytesOf(random, Math.floor(120 * random()));
      for (const datagram of [bytes, sealed(bytes)]) {
        try {
          const { ranges } = decodeAck(datagram, KEY);
          assert.ok(ranges.length <= MAX_ACK_RANGES);
        } catch (error) {
          assert.ok(error instanceof DecodeError, String(error));
        }
      }
    }
  });
});
