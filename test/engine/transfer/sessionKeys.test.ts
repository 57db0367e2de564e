import assert from 'node:assert/strict';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';

describe('session keys', () => {
  const name = {
    secret: Buffer.alloc(32, 7),
    transferId: '00112233445566778899aabbccddeeff',
    session: '0123456789abcdef',
  };
  const printOf = (keys: ReturnType<typeof sessionKeysOf>) =>
    [keys.data.export(), keys.ack.export(), keys.token].map((bytes) => Buffer.from(bytes).toString('hex'));

  it('are the same at both ends, and made as the page says', () => {
    // HKDF-SHA256 computed apart from this code.
    assert.deepEqual(printOf(sessionKeysOf(name)), [
      '3f3afab841677ef044d27566b0b78158',
      'ff3bc0c5c46150a1e9dac4428cc8c36b',
      '57e8870500c643aa',
    ]);
  });

  it('differ by secret, transfer and session, and from each other', () => {
    const all = [
      name,
      { ...name, secret: Buffer.alloc(32, 8) },
      { ...name, transferId: '10112233445566778899aabbccddeeff' },
      { ...name, session: '1123456789abcdef' },
    ].flatMap((each) => printOf(sessionKeysOf(each)));
    assert.equal(new Set(all).size, 12);
  });
});
