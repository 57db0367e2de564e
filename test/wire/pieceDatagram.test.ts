import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CHECKSUM_BYTES, DatagramKind, routeOf, routeOfToken } from '../../src/wire/datagramEnvelope.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { decodePiece, encodePiece, PIECE_OVERHEAD_BYTES } from '../../src/wire/pieceDatagram.ts';
import { decodeProbe, encodeProbe, MIN_PROBE_BYTES, NO_CHALLENGE } from '../../src/wire/probeDatagram.ts';
import { SEALED_OVERHEAD_BYTES, sealDatagram } from '../../src/wire/sealedDatagram.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const TOKEN = Buffer.from('a1a2a3a4a5a6a7a8', 'hex');
const KEY = createSecretKey(Buffer.alloc(16, 1));

function spaceOf(length: number) {
  const bytes = Buffer.alloc(length, 0xee);
  return { bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) };
}

function piece(): Buffer {
  const space = spaceOf(PIECE_OVERHEAD_BYTES + 7);
  encodePiece(space, { token: TOKEN, number: 9, block: 5, offset: 3 }, Buffer.from('xxxpayload'), KEY);
  return space.bytes;
}

describe('a PIECE datagram', () => {
  it('is read back as it was written, by whoever has the key', () => {
    const { bytes, start, end, ...place } = decodePiece(piece(), KEY);
    assert.deepEqual(place, { number: 9, block: 5, offset: 3 });
    assert.equal(bytes.toString('utf8', start, end), 'payload');
    assert.equal(routeOf(piece()), routeOfToken(TOKEN));
  });

  it('begins with kind, token and number, and hides the rest', () => {
    assert.equal(piece().subarray(0, 13).toString('hex'), '4aa1a2a3a4a5a6a7a800000009');
    assert.equal(piece().includes('payload'), false);
  });

  it('is refused when any one bit is flipped, or under another key', () => {
    for (let bit = 0; bit < piece().length * 8; bit++) {
      const bytes = piece();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.throws(() => decodePiece(bytes, KEY), DecodeError, `bit ${bit}`);
    }
    assert.throws(() => decodePiece(piece(), createSecretKey(Buffer.alloc(16, 2))), DecodeError);
  });

  it('is refused when it carries nothing', () => {
    const space = spaceOf(PIECE_OVERHEAD_BYTES);
    encodePiece(space, { token: TOKEN, number: 9, block: 5, offset: 3 }, Buffer.from('xxx'), KEY);
    assert.throws(() => decodePiece(space.bytes, KEY), DecodeError);
  });

  it('is no PROBE, though one key is for both', () => {
    assert.throws(() => decodeProbe(piece(), KEY), DecodeError);
  });

  it('is a DecodeError and nothing else when it is random bytes', () => {
    const random = seededRandom(3);
    for (let count = 0; count < 2000; count++) {
      const bytes = randomBytesOf(random, Math.floor(100 * random()));
      assert.throws(() => decodePiece(bytes, KEY), DecodeError);
      assert.throws(() => decodeProbe(bytes, KEY), DecodeError);
    }
  });
});

describe('a PROBE datagram', () => {
  const CHALLENGE = 0xc1c2c3c4c5c6c7c8n;

  function probe(length: number, challenge = CHALLENGE): Buffer {
    const space = spaceOf(length);
    encodeProbe(space, { key: KEY, token: TOKEN, number: 77 }, challenge);
    return space.bytes;
  }

  it('has the bytes that its page draws', () => {
    const header = Buffer.from('4ba1a2a3a4a5a6a7a80000004d', 'hex');
    const body = Buffer.from('c1c2c3c4c5c6c7c80000000000', 'hex');
    const cipher = createCipheriv('aes-128-gcm', KEY, Buffer.from('00000000000000000000004d', 'hex'));
    const sealed = [cipher.setAAD(header).update(body), cipher.final(), cipher.getAuthTag()];
    const inner = Buffer.concat([header, ...sealed]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(inner));
    assert.deepEqual(probe(MIN_PROBE_BYTES + 5), Buffer.concat([inner, sum]));
  });

  it('has the length that is asked for, a number and a challenge, for whoever has the key', () => {
    assert.equal(MIN_PROBE_BYTES, 41);
    for (const length of [MIN_PROBE_BYTES, 64, 1200]) {
      for (const challenge of [CHALLENGE, NO_CHALLENGE, 2n ** 64n - 1n])
        assert.deepEqual(decodeProbe(probe(length, challenge), KEY), { number: 77, challenge });
      assert.equal(probe(length).subarray(0, 13).toString('hex'), '4ba1a2a3a4a5a6a7a80000004d');
      assert.equal(routeOf(probe(length)), routeOfToken(TOKEN));
    }
  });

  it('is refused when any one bit is flipped, cut short, or under another key', () => {
    for (let bit = 0; bit < 64 * 8; bit++) {
      const bytes = probe(64);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.throws(() => decodeProbe(bytes, KEY), DecodeError, `bit ${bit}`);
    }
    assert.throws(() => decodeProbe(probe(64).subarray(0, -1), KEY), DecodeError);
    assert.throws(() => decodeProbe(probe(64), createSecretKey(Buffer.alloc(16, 2))), DecodeError);
  });

  it('is refused when it has no room for a challenge, though its seal is right', () => {
    for (let length = 0; length < 8; length++) {
      const space = spaceOf(SEALED_OVERHEAD_BYTES + length);
      sealDatagram(space, DatagramKind.probe, { key: KEY, token: TOKEN, number: 77 }, Buffer.alloc(length));
      assert.throws(() => decodeProbe(space.bytes, KEY), { name: 'DecodeError', place: 'probe' });
    }
  });

  it('is a DecodeError also where its sum is right and its seal is not', () => {
    const space = spaceOf(64);
    const seal = { key: createSecretKey(Buffer.alloc(16, 2)), token: TOKEN, number: 77 };
    encodeProbe(space, seal, CHALLENGE);
    assert.throws(() => decodeProbe(space.bytes, KEY), /sealed by somebody else/);
  });
});
