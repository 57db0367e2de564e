import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { DATA_OVERHEAD_BYTES, decodeData, encodeData, MAX_DATA_BYTES } from '../../src/wire/dataDatagram.ts';
import { CHECKSUM_BYTES, isAddressedTo, routeOf, routeOfToken } from '../../src/wire/datagramEnvelope.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const TOKEN = Buffer.from('a1a2a3a4a5a6a7a8', 'hex');

function encoded(sealed: Buffer, header: { number: number; block: number; offset: number }): Buffer {
  const bytes = Buffer.alloc(DATA_OVERHEAD_BYTES + sealed.length - header.offset);
  encodeData({ bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) }, { token: TOKEN, ...header }, sealed);
  return bytes;
}

describe('a DATA datagram', () => {
  const byHand = Buffer.concat([
    Buffer.from('48', 'hex'), // kind
    TOKEN,
    Buffer.from('00010203', 'hex'), // number
    Buffer.from('fffffffe', 'hex'), // block
    Buffer.from('00000003', 'hex'), // offset
    Buffer.from('7061796c6f6164', 'hex'), // payload
    Buffer.from('c53e5e61', 'hex'), // CRC-32, little-endian
  ]);
  const sealed = Buffer.from('xxxpayload');

  it('has the bytes that its page draws', () => {
    assert.deepEqual(encoded(sealed, { number: 0x00010203, block: 0xfffffffe, offset: 3 }), byHand);
    assert.equal(byHand.readUInt32LE(byHand.length - 4), crc32(byHand.subarray(0, -4)));
  });

  it('is read back as it was written', () => {
    const { bytes, start, end, ...header } = decodeData(byHand);
    assert.deepEqual(header, { number: 0x00010203, block: 0xfffffffe, offset: 3 });
    assert.equal(bytes.toString('utf8', start, end), 'payload');
  });

  it('is refused when any one bit is flipped', () => {
    for (let bit = 0; bit < byHand.length * 8; bit++) {
      const damaged = Buffer.from(byHand);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.throws(() => decodeData(damaged), DecodeError, `bit ${bit}`);
    }
  });

  it('is refused when it is cut anywhere', () => {
    for (let length = 0; length < byHand.length; length++) {
      assert.throws(() => decodeData(byHand.subarray(0, length)), DecodeError, `${length} bytes`);
    }
  });

  it('is refused when it carries nothing or is of another kind, though its checksum is right', () => {
    const place = { number: 0, block: 0, offset: 3 };
    assert.throws(() => decodeData(encoded(Buffer.alloc(3), place)), { name: 'DecodeError', place: 'data' });
    const other = Buffer.from(byHand);
    other[0] = 0x4b;
    other.writeUInt32LE(crc32(other.subarray(0, -4)), other.length - 4);
    assert.throws(() => decodeData(other), { name: 'DecodeError', place: 'data.kind' });
  });

  it('is refused when it is longer than any that is sent, though its checksum is right', () => {
    const place = { number: 0, block: 0, offset: 0 };
    const most = MAX_DATA_BYTES - DATA_OVERHEAD_BYTES;
    assert.equal(decodeData(encoded(Buffer.alloc(most), place)).block, 0);
    assert.throws(() => decodeData(encoded(Buffer.alloc(most + 1), place)), { name: 'DecodeError' });
  });

  it('is a value or a DecodeError whatever the bytes are', () => {
    const random = seededRandom(5);
    for (let count = 0; count < 2000; count++) {
      const bytes = randomBytesOf(random, Math.floor(80 * random()));
      if (bytes.length > 0) bytes[0] = 0x48;
      assert.throws(() => decodeData(bytes), DecodeError);
    }
  });

  it('is found by its token, and by no other', () => {
    assert.equal(routeOf(byHand), routeOfToken(TOKEN));
    assert.ok(isAddressedTo(byHand, 0x48, TOKEN));
    assert.equal(isAddressedTo(byHand, 0x49, TOKEN), false);
    for (let at = 0; at < TOKEN.length; at++) {
      const other = Buffer.from(TOKEN);
      other[at] = (other[at] as number) ^ 0x80;
      assert.equal(isAddressedTo(byHand, 0x48, other), false);
    }
    assert.equal(isAddressedTo(byHand.subarray(0, 16), 0x48, TOKEN), false);
  });

  it('is told from STUN and from what is too short by its first bytes', () => {
    assert.equal(routeOf(Buffer.alloc(20)), undefined);
    assert.equal(routeOf(Buffer.from([0x4c, ...byHand.subarray(1)])), undefined);
    assert.equal(routeOf(Buffer.from([0x47, ...byHand.subarray(1)])), undefined);
    assert.equal(routeOf(byHand.subarray(0, 16)), undefined);
    assert.equal(routeOf(Buffer.alloc(0)), undefined);
  });
});
