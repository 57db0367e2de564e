// What the registry answers to a STUN datagram: pure, bytes in and bytes out.

import assert from 'node:assert/strict';
import { answerBinding, type BindingPlace } from '../../../registry-server/stun/answerBinding.ts';
import { MAX_AMPLIFICATION } from '../../../registry-server/stun/params.ts';
import { decodeStunAddress } from '../../../src/wire/stunAddress.ts';
import { StunAttributeType } from '../../../src/wire/stunAttributeType.ts';
import { encodeChangeRequest } from '../../../src/wire/stunChangeRequest.ts';
import { decodeErrorCode } from '../../../src/wire/stunErrorCode.ts';
import { checkFingerprint, withFingerprint } from '../../../src/wire/stunFingerprint.ts';
import {
  decodeStunMessage,
  encodeStunMessage,
  STUN_BINDING,
  STUN_COOKIE,
  type StunAttribute,
  type StunKind,
  type StunMessage,
  stunValue,
} from '../../../src/wire/stunMessage.ts';
import { decodeUnknownAttributes } from '../../../src/wire/stunUnknownAttributes.ts';
import { decodeXorAddress } from '../../../src/wire/stunXorAddress.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const FROM = { host: '192.0.2.7', port: 4_100 };
const FROM6 = { host: '2001:db8::7', port: 4_100 };
const PLACE: BindingPlace = { host: '198.51.100.1', port: 8_000, otherPort: 8_001 };
const ID = Uint8Array.from({ length: 12 }, (_, i) => i);
const RFC_3489_COOKIE = 0x01e39b6f;
const SEED = 8_489;

interface Ask {
  readonly attributes?: readonly StunAttribute[];
  readonly kind?: StunKind;
  readonly method?: number;
  readonly cookie?: number;
}

function requestOf({
  attributes = [],
  kind = 'request',
  method = STUN_BINDING,
  cookie = STUN_COOKIE,
}: Ask = {}): Buffer {
  return encodeStunMessage({ method, kind, cookie, transactionId: ID, attributes });
}

function wishFor(change: { address?: boolean; port?: boolean }): StunAttribute {
  return {
    type: StunAttributeType.changeRequest,
    value: encodeChangeRequest({ address: false, port: false, ...change }),
  };
}

function read(
  request: Buffer,
  from = FROM,
  place = PLACE,
): { message: StunMessage; bytes: Buffer; isFromOther: boolean } {
  const answer = answerBinding(request, from, place);
  assert.ok(answer, 'there is an answer');
  assert.ok(answer.bytes.length <= MAX_AMPLIFICATION * request.length, 'it is small enough');
  return { ...answer, message: decodeStunMessage(answer.bytes) };
}

function typesOf({ attributes }: StunMessage): number[] {
  return attributes.map(({ type }) => type);
}

function errorOf(message: StunMessage): number {
  assert.equal(message.kind, 'error');
  return decodeErrorCode(stunValue(message, StunAttributeType.errorCode) as Uint8Array).code;
}

function unknownOf(message: StunMessage): number[] {
  return decodeUnknownAttributes(stunValue(message, StunAttributeType.unknownAttributes) as Uint8Array);
}

describe('the answer to a STUN request', () => {
  it('is the address it came from, by byte', () => {
    const { bytes, isFromOther } = read(requestOf());
    const expected = [
      '0101 0020 2112a442 000102030405060708090a0b', // success, the same transaction
      '0020 0008 0001 3116 e112a645', // 4100 ^ 0x2112, 192.0.2.7 ^ the cookie
      '8022 0005 48616d7461 000000', // Hamta
      '8028 0004',
    ];
    assert.equal(bytes.toString('hex', 0, 48), expected.join('').replaceAll(' ', ''));
    assert.equal(bytes.length, 52);
    assert.equal(checkFingerprint(bytes), 'right');
    assert.equal(isFromOther, false);
  });

  it('says who answers as far as there is room, which the smallest request over IPv6 does not leave', () => {
    const { message, bytes } = read(requestOf(), FROM6);
    const { xorMappedAddress, fingerprint, software } = StunAttributeType;
    assert.deepEqual(typesOf(message), [xorMappedAddress, fingerprint]);
    assert.deepEqual(decodeXorAddress(stunValue(message, xorMappedAddress) as Uint8Array, message), FROM6);
    assert.equal(checkFingerprint(bytes), 'right');
    const larger = requestOf({ attributes: [{ type: software, value: Buffer.from('test') }] });
    assert.ok(typesOf(read(larger, FROM6).message).includes(software));
  });

  it('takes a request with a right fingerprint and none with a wrong one', () => {
    const request = withFingerprint(requestOf());
    assert.equal(read(request).message.kind, 'success');
    request[15] = 0xff;
    assert.equal(answerBinding(request, FROM, PLACE), undefined);
  });

  it('comes from the other port when it is asked to, and says from where', () => {
    const { responseOrigin } = StunAttributeType;
    for (const [from, port] of [
      [FROM, 8_001],
      [FROM6, 8_001],
    ] as const) {
      const { message, isFromOther } = read(requestOf({ attributes: [wishFor({ port: true })] }), from);
      assert.equal(isFromOther, true);
      const origin = decodeStunAddress(stunValue(message, responseOrigin) as Uint8Array);
      assert.deepEqual(origin, { host: PLACE.host, port });
    }
    const { message, isFromOther } = read(requestOf({ attributes: [wishFor({})] }));
    assert.equal(isFromOther, false);
    assert.deepEqual(decodeStunAddress(stunValue(message, responseOrigin) as Uint8Array), {
      host: PLACE.host,
      port: 8_000,
    });
  });

  it('does not say from where when the server cannot know', () => {
    const place = { ...PLACE, host: undefined };
    const { message, isFromOther } = read(requestOf({ attributes: [wishFor({ port: true })] }), FROM, place);
    assert.equal(isFromOther, true);
    assert.equal(stunValue(message, StunAttributeType.responseOrigin), undefined);
  });

  it('is 420 to a wish for another address, or for another port where there is none', () => {
    const byAddress = read(requestOf({ attributes: [wishFor({ address: true, port: true })] }));
    const place = { ...PLACE, otherPort: undefined };
    const byPort = read(requestOf({ attributes: [wishFor({ port: true })] }), FROM, place);
    for (const { message, isFromOther } of [byAddress, byPort]) {
      assert.equal(errorOf(message), 420);
      assert.deepEqual(unknownOf(message), [StunAttributeType.changeRequest]);
      assert.equal(isFromOther, false);
    }
  });

  it('is 420 to what it must understand and does not, naming each once, and nothing else', () => {
    const types = [0x7fff, 0x0006, 0x8fff, 0x7fff, 0x0002, 0x0027];
    const attributes = types.map((type) => ({ type, value: Buffer.alloc(0) }));
    const { message, bytes } = read(requestOf({ attributes }));
    assert.equal(errorOf(message), 420);
    assert.deepEqual(unknownOf(message), [0x7fff, 0x0006, 0x0002, 0x0027]);
    assert.equal(checkFingerprint(bytes), 'right');
  });

  it('is small enough for its request, whatever the request', () => {
    const { software } = StunAttributeType;
    for (let size = 0; size < 60; size++) {
      const known = { type: software, value: Buffer.alloc(size) };
      const many = Array.from({ length: size }, (_, i) => ({ type: 0x7000 + i, value: Buffer.alloc(0) }));
      for (const from of [FROM, FROM6]) {
        for (const attributes of [[known], many, [known, wishFor({})], [wishFor({ address: true })]]) {
          for (const cookie of [STUN_COOKIE, RFC_3489_COOKIE]) {
            const request = requestOf({ attributes, cookie });
            const answer = answerBinding(request, from, PLACE);
            assert.ok((answer?.bytes.length ?? 0) <= MAX_AMPLIFICATION * request.length);
          }
        }
      }
    }
  });

  it('is 400 to a request whose attributes cannot be read', () => {
    const cut = requestOf({ attributes: [{ type: 0x8022, value: Buffer.from('four') }] });
    cut.writeUInt16BE(200, 22);
    const short = requestOf({
      attributes: [{ type: StunAttributeType.changeRequest, value: Buffer.alloc(2) }],
    });
    for (const request of [cut, short]) assert.equal(errorOf(read(request).message), 400);
  });

  it('is silence to indications, answers, other methods and garbage', () => {
    const silent = [
      requestOf({ kind: 'indication' }),
      requestOf({ kind: 'success' }),
      requestOf({ kind: 'error' }),
      requestOf({ method: 0x003 }),
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.alloc(20),
      Buffer.alloc(1_400, 0xff),
      Buffer.concat([requestOf(), Buffer.alloc(4)]),
    ];
    for (const bytes of silent) assert.equal(answerBinding(bytes, FROM, PLACE), undefined);
  });

  it('never makes an answer of an answer', () => {
    const answers = [
      read(requestOf()),
      read(requestOf({ attributes: [{ type: 1, value: Buffer.alloc(8) }] })),
    ];
    for (const { bytes } of answers) assert.equal(answerBinding(bytes, FROM, PLACE), undefined);
  });

  it('is in the words of RFC 3489 to a client of that time', () => {
    const { mappedAddress, sourceAddress, changedAddress } = StunAttributeType;
    const { message } = read(requestOf({ cookie: RFC_3489_COOKIE, attributes: [wishFor({})] }));
    assert.deepEqual([message.cookie, message.transactionId], [RFC_3489_COOKIE, ID]);
    assert.deepEqual(typesOf(message), [mappedAddress, sourceAddress, changedAddress]);
    const [mapped, source, changed] = message.attributes.map(({ value }) => decodeStunAddress(value));
    assert.deepEqual(
      [mapped, source, changed],
      [FROM, { host: PLACE.host, port: 8_000 }, { host: PLACE.host, port: 8_001 }],
    );
  });

  it('comes from the other port to an old client, too, and never to where that one points', () => {
    const ported = read(requestOf({ cookie: RFC_3489_COOKIE, attributes: [wishFor({ port: true })] }));
    assert.equal(ported.isFromOther, true);
    const pointed = requestOf({
      cookie: RFC_3489_COOKIE,
      attributes: [{ type: 0x0002, value: Buffer.alloc(8, 1) }],
    });
    assert.equal(errorOf(read(pointed).message), 420);
  });

  it('is silence to an old client that wishes for another address or makes no sense, for it takes any answer for a yes', () => {
    const wish = requestOf({ cookie: RFC_3489_COOKIE, attributes: [wishFor({ address: true })] });
    const short = requestOf({
      cookie: RFC_3489_COOKIE,
      attributes: [{ type: 0x0003, value: Buffer.alloc(0) }],
    });
    for (const bytes of [wish, short]) assert.equal(answerBinding(bytes, FROM, PLACE), undefined);
  });

  it('is something well formed or nothing, for any bytes at all', () => {
    const random = seededRandom(SEED);
    for (let turn = 0; turn < 20_000; turn++) {
      const bytes = requestOf({
        attributes: [wishFor({}), { type: 0x8022, value: randomBytesOf(random, 9) }],
      });
      for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      const answer = answerBinding(bytes, FROM, PLACE);
      if (answer === undefined) continue;
      assert.ok(answer.bytes.length <= MAX_AMPLIFICATION * bytes.length, `seed ${SEED}, turn ${turn}`);
      assert.match(decodeStunMessage(answer.bytes).kind, /^(success|error)$/);
    }
  });
});
