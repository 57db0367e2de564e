// One registration as the routes would hand it to a store, for tests that look at the store alone.

import { nameKeysOf } from '../../../registry-server/nameKeys.ts';
import type { Registration } from '../../../registry-server/store/store.ts';

export const SARAS_KEY = 'a'.repeat(64);

export function registrationOf(
  name: string,
  signedAt: number,
  fingerprint = SARAS_KEY,
  tcpPort = 4_100,
): Registration {
  const keys = nameKeysOf(name);
  if (keys === undefined) throw new Error(`${name} has no keys`);
  const record = {
    name,
    publicKey: Buffer.from(fingerprint).toString('base64'),
    addresses: ['192.0.2.7', '2001:db8::7'],
    tcpPort,
    udpPort: tcpPort + 1,
    time: signedAt,
    nonce: 'bm9uY2U=',
  };
  return { keys, fingerprint, signedAt, record, signature: 'c2ln', observedAddress: '198.51.100.9' };
}
