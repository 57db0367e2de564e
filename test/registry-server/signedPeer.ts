// A peer with a key, for tests: it signs what it is told to, right or wrong.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PeerRecord, RegisterBody, SignOffBody } from '../../src/contract/registry.ts';
import { registrationBytes, releaseBytes, signOffBytes } from '../../src/wire/signedRecord.ts';

export interface SignedPeer {
  readonly publicKey: string;
  readonly fingerprint: string;
  registration(name: string, time: number, change?: Partial<PeerRecord>): RegisterBody;
  signOff(name: string, time: number): SignOffBody;
  release(name: string, time: number): SignOffBody;
}

export function signedPeer(): SignedPeer {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const publicKey = spki.toString('base64');
  const signed = (bytes: Uint8Array) =>
    sign('sha256', bytes, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const nonce = () => randomBytes(12).toString('base64');
  return {
    publicKey,
    fingerprint: createHash('sha256').update(spki).digest('hex'),
    registration(name, time, change = {}) {
      const places = { addresses: ['192.0.2.7', '2001:db8::7'], tcpPort: 4_100, udpPort: 4_101 };
      const record = { name, publicKey, ...places, time, nonce: nonce(), ...change };
      return { record, signature: signed(registrationBytes(record)) };
    },
    signOff(name, time) {
      const record = { name, publicKey, time, nonce: nonce() };
      return { record, signature: signed(signOffBytes(record)) };
    },
    release(name, time) {
      const record = { name, publicKey, time, nonce: nonce() };
      return { record, signature: signed(releaseBytes(record)) };
    },
  };
}
