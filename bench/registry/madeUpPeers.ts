// Any number of peers that differ in every way in which it matters to a store. Nobody has signed for them.

import { nameKeysOf } from '../../registry-server/nameKeys.ts';
import type { Registration } from '../../registry-server/store/store.ts';

/** No two of these look alike. */
const LETTERS = 'abcdefghjk';
const BASE64_64 = 'A'.repeat(86);

/** The `index`th name: neighbours in number are far apart in the directory. */
function madeUpName(index: number): string {
  const digits = String(index).padStart(7, '0').split('').reverse();
  return `${digits.map((digit) => LETTERS[Number(digit)]).join('')} peer`;
}

export function madeUpPeer(index: number, signedAt: number): Registration {
  const name = madeUpName(index);
  const keys = nameKeysOf(name);
  if (keys === undefined) throw new Error(`${name} is no name`);
  const publicKey = `${index.toString(36).padStart(8, '0')}${'k'.repeat(114)}==`;
  const places = {
    addresses: ['192.168.1.20', '203.0.113.20', '2001:db8::20'],
    tcpPort: 4_100,
    udpPort: 4_101,
  };
  const record = { name, publicKey, ...places, time: signedAt, nonce: 'bm9uY2VzIGFyZSAxNiBCeXQ=' };
  const fingerprint = index.toString(16).padStart(64, '0');
  return {
    keys,
    fingerprint,
    signedAt,
    record,
    signature: `${BASE64_64}==`,
    observedAddress: '203.0.113.20',
  };
}
