// What a peer signs: the bytes by hand, whose keys are taken, and that nothing malformed gets through or throws.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  fingerprintDigits,
  isSignedBy,
  parsePublicKey,
  registrationBytes,
  releaseBytes,
  signOffBytes,
} from '../../src/wire/signedRecord.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = publicKey.export({ format: 'der', type: 'spki' });
const record = {
  name: 'Sara',
  publicKey: 'S2V5',
  addresses: ['192.0.2.1', '2001:db8::1'],
  tcpPort: 4100,
  udpPort: 4101,
  time: 1_700_000_000_000,
  nonce: 'bm9uY2U=',
};

function signed(bytes: Uint8Array, key: KeyObject = privateKey): string {
  return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

describe('signedRecord', () => {
  it('signs a registration as one JSON array without white space', () => {
    assert.equal(
      Buffer.from(registrationBytes(record)).toString('utf8'),
      '["hamta/registry/1","register","Sara","S2V5",["192.0.2.1","2001:db8::1"],4100,4101,1700000000000,"bm9uY2U="]',
    );
  });

  it('signs a sign-off as other bytes than a registration', () => {
    assert.equal(
      Buffer.from(signOffBytes(record)).toString('utf8'),
      '["hamta/registry/1","sign-off","Sara","S2V5",1700000000000,"bm9uY2U="]',
    );
  });

  it('signs a release as other bytes than a sign-off', () => {
    assert.equal(
      Buffer.from(releaseBytes(record)).toString('utf8'),
      '["hamta/registry/1","release","Sara","S2V5",1700000000000,"bm9uY2U="]',
    );
  });

  it('signs the same bytes whatever order the fields came in, and nothing else that came along', () => {
    const { name, publicKey: key, addresses, tcpPort, udpPort, time, nonce } = record;
    const shuffled = { extra: 1, nonce, time, udpPort, tcpPort, addresses, publicKey: key, name };
    assert.deepEqual(registrationBytes(shuffled), registrationBytes(record));
  });

  it('gives different bytes when any field differs', () => {
    const others = [
      { ...record, name: 'sara' },
      { ...record, publicKey: 'S2V6' },
      { ...record, addresses: ['192.0.2.1'] },
      { ...record, addresses: [...record.addresses].reverse() },
      { ...record, tcpPort: 4102 },
      { ...record, udpPort: 4102 },
      { ...record, time: record.time + 1 },
      { ...record, nonce: 'bm9uY2V=' },
    ];
    const spelled = new Set([record, ...others].map((each) => base64(registrationBytes(each))));
    assert.equal(spelled.size, others.length + 1);
  });

  it('keeps text in quotes from passing for structure', () => {
    const sly = { ...record, name: 'Sara","S2V5",[],1,1,1,"' };
    assert.equal(JSON.parse(Buffer.from(registrationBytes(sly)).toString('utf8')).length, 9);
  });

  it('takes a P-256 key and names its fingerprint', () => {
    const parsed = parsePublicKey(base64(spki));
    assert.equal(parsed?.fingerprint, createHash('sha256').update(spki).digest('hex'));
    assert.equal(parsed?.fingerprint, fingerprintDigits(spki));
  });

  it('refuses the keys of other curves and kinds', () => {
    const others = [
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
      generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey,
    ];
    for (const key of others) {
      assert.equal(parsePublicKey(base64(key.export({ format: 'der', type: 'spki' }))), undefined);
    }
  });

  it('refuses a second spelling of a key, which would have a second fingerprint', () => {
    const point = spki.subarray(-64);
    const compressed = Buffer.concat([
      Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
      Buffer.of(2 + ((point[63] ?? 0) & 1)),
      point.subarray(0, 32),
    ]);
    assert.equal(parsePublicKey(base64(compressed)), undefined);
    assert.equal(parsePublicKey(base64(Buffer.concat([spki, Buffer.of(0)]))), undefined);
  });

  it('refuses a second spelling of the base64', () => {
    const text = base64(spki);
    assert.equal(parsePublicKey(text.replaceAll('=', '')), undefined);
    assert.equal(parsePublicKey(`${text.slice(0, 8)}\n${text.slice(8)}`), undefined);
    assert.equal(
      parsePublicKey(base64(spki).replaceAll('+', '-').replaceAll('/', '_').concat(' ')),
      undefined,
    );
  });

  it('refuses a point that is not on the curve', () => {
    const off = Buffer.from(spki);
    off[90] = (off[90] ?? 0) ^ 1;
    assert.equal(parsePublicKey(base64(off)), undefined);
  });

  it('knows the signature of the key, and no other', () => {
    const bytes = registrationBytes(record);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    assert.equal(isSignedBy(publicKey, bytes, signed(bytes)), true);
    assert.equal(isSignedBy(publicKey, bytes, signed(bytes, stranger)), false);
    assert.equal(isSignedBy(publicKey, signOffBytes(record), signed(bytes)), false);
  });

  it('answers no to every malformed signature', () => {
    const bytes = registrationBytes(record);
    const der = sign('sha256', bytes, privateKey);
    const wrong = ['', '=', 'AA==', base64(der), base64(Buffer.alloc(64)), base64(Buffer.alloc(64, 255))];
    for (const text of wrong) assert.equal(isSignedBy(publicKey, bytes, text), false, JSON.stringify(text));
  });

  it('gives a key or nothing for random bytes', () => {
    for (let i = 0; i < 500; i++) {
      const junk = Buffer.concat([spki.subarray(0, i % 92), randomBytes(i % 40)]);
      const parsed = parsePublicKey(base64(junk));
      assert.equal(
        parsed === undefined || parsed.fingerprint === fingerprintDigits(junk),
        true,
        base64(junk),
      );
    }
  });
});
