// The bodies between an engine and a registry: what is taken, and that everything else is refused without a throw.

import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  BINDING_MS,
  HEARTBEAT_MS,
  LEASE_MS,
  MAX_PAGE,
  MAX_SKEW_MS,
  PageAnswer,
  PeerAnswer,
  PROBLEM_TYPES,
  Problem,
  RegisterAnswer,
  RegisterBody,
  SignOffBody,
} from '../../src/contract/registry.ts';

const record = {
  name: 'سارا',
  publicKey: 'S2V5',
  addresses: ['192.0.2.1', '2001:db8::1'],
  tcpPort: 4100,
  udpPort: 4101,
  time: 1_700_000_000_000,
  nonce: 'bm9uY2U=',
};
const body = { record, signature: 'c2lnbmF0dXJl' };

function withRecord(change: Record<string, unknown>): unknown {
  return { ...body, record: { ...record, ...change } };
}

describe('the registry bodies', () => {
  it('take a registration and drop what they do not know', () => {
    const parsed = v.parse(RegisterBody, { ...(withRecord({ admin: true }) as object), more: 1 });
    assert.deepEqual(parsed, body);
  });

  it('refuse a registration with any field missing, of another type or out of bounds', () => {
    const wrong: Record<string, unknown>[] = [
      { name: undefined },
      { name: 7 },
      { name: '' },
      { name: 'a\u0000b' },
      { name: 'x'.repeat(10_000) },
      { publicKey: 'not base64!' },
      { publicKey: 'A'.repeat(300) },
      { addresses: 'localhost' },
      { addresses: ['localhost'] },
      { addresses: ['1.2.3.4:80'] },
      { addresses: ['fe80::1%eth0'] },
      { addresses: Array(17).fill('192.0.2.1') },
      { tcpPort: 0 },
      { tcpPort: 65_536 },
      { udpPort: 80.5 },
      { udpPort: '80' },
      { time: -1 },
      { time: Number.NaN },
      { time: Number.POSITIVE_INFINITY },
      { time: 8.64e15 + 1 },
      { time: 2 ** 53 },
      { nonce: '' },
    ];
    for (const change of wrong) {
      assert.equal(v.safeParse(RegisterBody, withRecord(change)).success, false, JSON.stringify(change));
    }
  });

  it('refuse what is not an object at all', () => {
    for (const nonsense of [
      undefined,
      null,
      0,
      '',
      'x',
      true,
      [],
      [body],
      { record: [] },
      { record: null },
    ]) {
      for (const shape of [RegisterBody, SignOffBody, RegisterAnswer, PeerAnswer, PageAnswer, Problem]) {
        assert.equal(v.safeParse(shape, nonsense).success, false, JSON.stringify(nonsense));
      }
    }
  });

  it('take a peer without an observed address, for it may be unknown', () => {
    const answer = { ...body, online: true, lastSeenAt: 5 };
    assert.deepEqual(v.parse(PeerAnswer, answer), answer);
  });

  it('take a time as far as a Date reaches, and no further', () => {
    const peerSeenAt = (lastSeenAt: number) => ({
      name: 'x',
      fingerprint: 'a'.repeat(64),
      online: false,
      lastSeenAt,
    });
    assert.equal(v.safeParse(PageAnswer, { peers: [peerSeenAt(8.64e15)] }).success, true);
    assert.equal(v.safeParse(PageAnswer, { peers: [peerSeenAt(8.64e15 + 1)] }).success, false);
  });

  it('refuse a page that is longer than was ever asked for', () => {
    const peer = { name: 'x', fingerprint: 'a'.repeat(64), online: true, lastSeenAt: 5 };
    assert.equal(v.safeParse(PageAnswer, { peers: Array(MAX_PAGE).fill(peer) }).success, true);
    assert.equal(v.safeParse(PageAnswer, { peers: Array(MAX_PAGE + 1).fill(peer) }).success, false);
  });

  it('take a problem of every type, with its times', () => {
    for (const type of PROBLEM_TYPES) {
      const problem = { type, title: 'No', status: 409, freeAt: 1, serverTime: 2, newerThan: 3 };
      assert.deepEqual(v.parse(Problem, problem), problem);
    }
  });

  it('leave time for three heartbeats in a lease, and a lease in the tolerated skew', () => {
    assert.ok(3 * HEARTBEAT_MS <= LEASE_MS);
    assert.ok(LEASE_MS < MAX_SKEW_MS && MAX_SKEW_MS < BINDING_MS);
  });
});
