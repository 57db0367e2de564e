// The frames between an engine and a registry: what is refused.

import assert from 'node:assert/strict';
import { parseFrame, ServerFrame } from '../../src/contract/signal.ts';

describe('a frame of the registry', () => {
  it('says a time as far as a Date reaches, and no further', () => {
    const seenAt = (lastSeenAt: number) => {
      const holder = { fingerprint: 'a'.repeat(64), online: false, lastSeenAt };
      return JSON.stringify({ kind: 'people', people: [{ name: 'x', version: 'v1', holder }] });
    };
    assert.ok(parseFrame(ServerFrame, seenAt(8.64e15)));
    assert.equal(parseFrame(ServerFrame, seenAt(8.64e15 + 1)), undefined);
  });
});
