// The values of STUN attributes: bytes by hand, there and back, and nonsense.

import assert from 'node:assert/strict';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { decodeStunAddress, encodeStunAddress } from '../../src/wire/stunAddress.ts';
import { decodeChangeRequest, encodeChangeRequest } from '../../src/wire/stunChangeRequest.ts';
import { decodeErrorCode, encodeErrorCode } from '../../src/wire/stunErrorCode.ts';
import { checkFingerprint, withFingerprint } from '../../src/wire/stunFingerprint.ts';
import { hostBytes, hostText } from '../../src/wire/stunHost.ts';
import { STUN_COOKIE } from '../../src/wire/stunMessage.ts';
import { decodeStunText, encodeStunText } from '../../src/wire/stunText.ts';
import { decodeUnknownAttributes, encodeUnknownAttributes } from '../../src/wire/stunUnknownAttributes.ts';
import { decodeXorAddress, encodeXorAddress } from '../../src/wire/stunXorAddress.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  sampleIpv4Address,
  sampleIpv4Response,
  sampleIpv6Address,
  sampleIpv6Response,
  sampleRequest,
  sampleTransactionId,
} from '../vectors/rfc5769.ts';

const SAMPLE = { cookie: STUN_COOKIE, transactionId: sampleTransactionId };

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

describe('a value in STUN', () => {
  it('is an address with its family and port', () => {
    assert.deepEqual(encodeStunAddress({ host: '192.0.2.1', port: 32_853 }), hex('0001 8055 c0000201'));
    const ipv6 = encodeStunAddress({ host: '2001:db8::7', port: 1 });
    assert.deepEqual(ipv6, hex('0002 0001 20010db8 00000000 00000000 00000007'));
    assert.deepEqual(decodeStunAddress(hex('ff01 8055 c0000201')), { host: '192.0.2.1', port: 32_853 });
    assert.deepEqual(decodeStunAddress(ipv6), { host: '2001:db8::7', port: 1 });
  });

  it('is no address where family and length do not fit', () => {
    for (const text of [
      '',
      '00',
      '0001',
      '0001 8055 c00002',
      '0001 8055 c000020100',
      '0002 8055 c0000201',
      '0003 8055 c0000201',
    ]) {
      assert.throws(() => decodeStunAddress(hex(text)), DecodeError, text);
    }
    assert.throws(() => encodeStunAddress({ host: 'example.org', port: 1 }), RangeError);
  });

  it('hides an address from routers as RFC 5769 says', () => {
    assert.deepEqual(encodeXorAddress(sampleIpv4Address, SAMPLE), sampleIpv4Response.subarray(40, 48));
    assert.deepEqual(encodeXorAddress(sampleIpv6Address, SAMPLE), sampleIpv6Response.subarray(40, 60));
    assert.deepEqual(decodeXorAddress(sampleIpv4Response.subarray(40, 48), SAMPLE), sampleIpv4Address);
    assert.deepEqual(decodeXorAddress(sampleIpv6Response.subarray(40, 60), SAMPLE), sampleIpv6Address);
    for (const size of [0, 1, 3, 7, 21, 900]) {
      assert.throws(() => decodeXorAddress(Buffer.alloc(size, 1), SAMPLE), DecodeError);
    }
  });

  it('writes each address in one way', () => {
    const spellings: [string, string][] = [
      ['1.2.3.4', '1.2.3.4'],
      ['203.0.113.255', '203.0.113.255'],
      ['::', '::'],
      ['::1', '::1'],
      ['1::', '1::'],
      ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['::ffff:1.2.3.4', '::ffff:102:304'],
    ];
    for (const [host, text] of spellings) assert.equal(hostText(hostBytes(host) as Uint8Array), text);
    for (const host of [
      '',
      'a',
      '1.2.3',
      '1.2.3.256',
      '1::2::3',
      ':',
      '::1%eth0',
      '[::1]',
      '::1]/',
      '1'.repeat(90),
    ]) {
      assert.equal(hostBytes(host), undefined, host);
    }
  });

  it('carries any IPv6 address there and back', () => {
    const random = seededRandom(6);
    for (let turn = 0; turn < 500; turn++) {
      const bytes = Uint8Array.from(randomBytesOf(random, 16), (byte) => (random() < 0.5 ? 0 : byte));
      assert.deepEqual(hostBytes(hostText(bytes)), bytes);
    }
  });

  it('is a fingerprint as in RFC 5769, and tells when a bit has changed', () => {
    for (const sample of [sampleRequest, sampleIpv4Response, sampleIpv6Response]) {
      assert.equal(checkFingerprint(sample), 'right');
      const changed = Buffer.from(sample);
      changed[30] = (changed[30] as number) ^ 1;
      assert.equal(checkFingerprint(changed), 'wrong');
    }
    const bare = Buffer.from(sampleRequest.subarray(0, -8));
    bare.writeUInt16BE(bare.length - 20, 2);
    assert.equal(checkFingerprint(bare), 'absent');
    assert.deepEqual(withFingerprint(bare), sampleRequest);
    assert.equal(checkFingerprint(Buffer.alloc(0)), 'absent');
  });

  it('is an error with hundreds and the rest apart', () => {
    const value = hex('0000 04 14 556e6b6e6f776e');
    assert.deepEqual(encodeErrorCode({ code: 420, reason: 'Unknown' }), value);
    assert.deepEqual(decodeErrorCode(value), { code: 420, reason: 'Unknown' });
    assert.deepEqual(decodeErrorCode(hex('ffff fc 00')), { code: 400, reason: '' });
    for (const code of [300, 599, 699])
      assert.deepEqual(decodeErrorCode(encodeErrorCode({ code, reason: '' })), { code, reason: '' });
    for (const text of [
      '',
      '000004',
      '00000200',
      '00000264',
      '00000700',
      '00000464',
      `00000400${'61'.repeat(600)}`,
    ]) {
      assert.throws(() => decodeErrorCode(hex(text)), DecodeError, text);
    }
  });

  it('is a list of attribute types', () => {
    assert.deepEqual(encodeUnknownAttributes([3, 0x7fff]), hex('0003 7fff'));
    assert.deepEqual(decodeUnknownAttributes(hex('0003 7fff')), [3, 0x7fff]);
    assert.deepEqual(decodeUnknownAttributes(hex('')), []);
    assert.throws(() => decodeUnknownAttributes(hex('000300')), DecodeError);
  });

  it('is a wish for another address or port', () => {
    assert.deepEqual(encodeChangeRequest({ address: true, port: true }), hex('00000006'));
    assert.deepEqual(encodeChangeRequest({ address: false, port: false }), hex('00000000'));
    assert.deepEqual(decodeChangeRequest(hex('00000002')), { address: false, port: true });
    assert.deepEqual(decodeChangeRequest(hex('fffffffc')), { address: true, port: false });
    for (const text of ['', '000002', '0000000200'])
      assert.throws(() => decodeChangeRequest(hex(text)), DecodeError);
  });

  it('is text for people', () => {
    assert.equal(decodeStunText(encodeStunText('همتا')), 'همتا');
    assert.equal(decodeStunText(hex('61ff62')), 'a\ufffdb');
    assert.throws(() => decodeStunText(Buffer.alloc(510, 'a')), DecodeError);
  });
});
