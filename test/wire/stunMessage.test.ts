// STUN messages: the vectors of RFC 5769, bytes by hand, there and back, and nonsense.

import assert from 'node:assert/strict';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { isComprehensionRequired, StunAttributeType } from '../../src/wire/stunAttributeType.ts';
import { checkFingerprint } from '../../src/wire/stunFingerprint.ts';
import {
  decodeStunHeader,
  decodeStunMessage,
  encodeStunMessage,
  isStunDatagram,
  MAX_STUN_BYTES,
  STUN_BINDING,
  STUN_COOKIE,
  type StunKind,
  stunValue,
} from '../../src/wire/stunMessage.ts';
import { decodeStunText } from '../../src/wire/stunText.ts';
import { decodeXorAddress } from '../../src/wire/stunXorAddress.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  sampleIpv4Address,
  sampleIpv4Response,
  sampleIpv6Address,
  sampleIpv6Response,
  sampleLongTermRequest,
  sampleRequest,
  sampleTransactionId,
} from '../vectors/rfc5769.ts';

const ID = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
const HEADER = { method: STUN_BINDING, kind: 'request', cookie: STUN_COOKIE, transactionId: ID } as const;
const SEED = 5_769;

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

describe('a STUN message', () => {
  it('is read as RFC 5769 says: a request', () => {
    const message = decodeStunMessage(sampleRequest);
    const { method, kind, cookie, transactionId, attributes } = message;
    assert.deepEqual([method, kind, cookie], [STUN_BINDING, 'request', STUN_COOKIE]);
    assert.deepEqual(transactionId, sampleTransactionId);
    const types = attributes.map(({ type }) => type);
    assert.deepEqual(types, [0x8022, 0x0024, 0x8029, 0x0006, 0x0008, 0x8028]);
    assert.equal(
      decodeStunText(stunValue(message, StunAttributeType.software) as Uint8Array),
      'STUN test client',
    );
    assert.equal(decodeStunText(stunValue(message, 0x0006) as Uint8Array), 'evtj:h6vY');
    assert.deepEqual(stunValue(message, 0x0024), Uint8Array.of(0x6e, 0x00, 0x01, 0xff));
  });

  it('is read as RFC 5769 says: answers with IPv4 and IPv6', () => {
    for (const [bytes, address] of [
      [sampleIpv4Response, sampleIpv4Address],
      [sampleIpv6Response, sampleIpv6Address],
    ] as const) {
      const message = decodeStunMessage(bytes);
      assert.equal(message.kind, 'success');
      assert.equal(
        decodeStunText(stunValue(message, StunAttributeType.software) as Uint8Array),
        'test vector',
      );
      const value = stunValue(message, StunAttributeType.xorMappedAddress) as Uint8Array;
      assert.deepEqual(decodeXorAddress(value, message), address);
    }
  });

  it('is read as RFC 5769 says: long-term credentials', () => {
    const message = decodeStunMessage(sampleLongTermRequest);
    assert.equal(decodeStunText(stunValue(message, 0x0006) as Uint8Array), 'マトリックス');
    assert.equal(decodeStunText(stunValue(message, 0x0015) as Uint8Array), 'f//499k954d6OL34oL9FSTvy64sA');
    assert.equal(decodeStunText(stunValue(message, 0x0014) as Uint8Array), 'example.org');
    assert.equal(checkFingerprint(sampleLongTermRequest), 'absent');
  });

  it('has type, length, cookie and id in front, and attributes padded to four bytes', () => {
    const bytes = encodeStunMessage({
      ...HEADER,
      attributes: [
        { type: StunAttributeType.software, value: Buffer.from('Hamta') },
        { type: 0x7fff, value: Buffer.alloc(0) },
      ],
    });
    const header = '0001 0010 2112a442 0102030405060708090a0b0c';
    assert.deepEqual(bytes, bytesOf(`${header} 8022 0005 48616d7461 000000 7fff 0000`));
  });

  it('spreads the class over the bits of the method', () => {
    const types: [StunKind, string][] = [
      ['request', '0001'],
      ['indication', '0011'],
      ['success', '0101'],
      ['error', '0111'],
    ];
    for (const [kind, type] of types) {
      assert.equal(encodeStunMessage({ ...HEADER, kind, attributes: [] }).toString('hex', 0, 2), type);
    }
    assert.equal(
      encodeStunMessage({ ...HEADER, method: 0xfff, attributes: [] }).toString('hex', 0, 2),
      '3eef',
    );
  });

  it('is the same there and back, whatever is in it', () => {
    const random = seededRandom(SEED);
    for (let turn = 0; turn < 300; turn++) {
      const message = {
        method: Math.floor(random() * 0x1000),
        kind: (['request', 'indication', 'success', 'error'] as const)[turn % 4] as StunKind,
        cookie: Math.floor(random() * 2 ** 32),
        transactionId: Uint8Array.from(randomBytesOf(random, 12)),
        attributes: Array.from({ length: Math.floor(random() * 6) }, () => ({
          type: Math.floor(random() * 0x10000),
          value: Uint8Array.from(randomBytesOf(random, Math.floor(random() * 40))),
        })),
      };
      assert.deepEqual(decodeStunMessage(encodeStunMessage(message)), message, `seed ${SEED}, turn ${turn}`);
    }
  });

  it('keeps nothing of the datagram it was read from', () => {
    const bytes = Buffer.from(sampleRequest);
    const message = decodeStunMessage(bytes);
    bytes.fill(0xff);
    assert.deepEqual(message, decodeStunMessage(sampleRequest));
  });

  it('counts the first of several attributes of one type', () => {
    const attributes = [1, 2].map((byte) => ({ type: 0x8022, value: Uint8Array.of(byte) }));
    assert.deepEqual(stunValue({ ...HEADER, attributes }, 0x8022), Uint8Array.of(1));
  });

  it('is refused where it is wrong, and the place is named', () => {
    const id = '2112a442 000000000000000000000000';
    const wrong: [string, string][] = [
      ['', 'stun'],
      ['0001 0000 2112a442 0000000000000000000000', 'stun'],
      [`4000 0000 ${id}`, 'stun.type'],
      [`4001 0000 ${id}`, 'stun.type'],
      [`8001 0000 ${id}`, 'stun.type'],
      [`0001 0002 ${id} 0000`, 'stun.length'],
      [`0001 0004 ${id}`, 'stun.length'],
      [`0001 0000 ${id} 80220000`, 'stun.length'],
      [`0001 ffff ${id}`, 'stun.length'],
      [`0001 0004 ${id} 80220001`, 'stun.attribute'],
      [`0001 0008 ${id} 80220005 61626364`, 'stun.attribute'],
      [`0001 0004 ${id} 8022ffff`, 'stun.attribute'],
    ];
    for (const [hex, place] of wrong) {
      assert.throws(() => decodeStunMessage(bytesOf(hex)), { name: 'DecodeError', place }, hex);
    }
    const long = encodeStunMessage({ ...HEADER, attributes: [{ type: 0x8022, value: Buffer.alloc(1_480) }] });
    assert.equal(long.length, MAX_STUN_BYTES + 4);
    assert.throws(() => decodeStunMessage(long), { place: 'stun' });
  });

  it('has a header that can be read when its attributes cannot', () => {
    const bytes = bytesOf('0001 0004 2112a442 0102030405060708090a0b0c 8022ffff');
    assert.deepEqual(decodeStunHeader(bytes), HEADER);
  });

  it('is told from the other datagrams of its socket by two zero bits and the cookie', () => {
    assert.equal(isStunDatagram(sampleRequest), true);
    assert.equal(isStunDatagram(sampleRequest.subarray(0, 20)), true, 'a question may have no attributes');
    assert.equal(isStunDatagram(sampleRequest.subarray(0, 19)), false);
    const data = Buffer.from(sampleRequest);
    for (const first of [0x40, 0x48, 0xff]) {
      data[0] = first;
      assert.equal(isStunDatagram(data), false);
    }
    for (const at of [4, 5, 6, 7]) {
      const other = Buffer.from(sampleRequest);
      other[at] = 0;
      assert.equal(isStunDatagram(other), false);
    }
  });

  it('need not be understood where the number of an attribute has its upper bit', () => {
    assert.equal(isComprehensionRequired(StunAttributeType.changeRequest), true);
    assert.equal(isComprehensionRequired(0x7fff), true);
    assert.equal(isComprehensionRequired(0x8000), false);
    assert.equal(isComprehensionRequired(StunAttributeType.software), false);
  });

  it('is a value or a DecodeError for any bytes at all', () => {
    const random = seededRandom(SEED);
    for (let turn = 0; turn < 20_000; turn++) {
      const bytes =
        turn % 2 === 0 ? randomBytesOf(random, Math.floor(random() * 60)) : Buffer.from(sampleRequest);
      if (turn % 2 === 1)
        for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      try {
        assert.ok(decodeStunMessage(bytes).attributes.length <= bytes.length / 4);
      } catch (error) {
        assert.ok(error instanceof DecodeError, `seed ${SEED}, turn ${turn}: ${error}`);
      }
    }
  });
});
