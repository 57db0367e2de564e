import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { chooseLink, type LinkFacts } from '../../../src/engine/link/chooseLink.ts';

const low = '0'.repeat(64) as Fingerprint;
const high = 'f'.repeat(64) as Fingerprint;
const link = (dialledBy: 'me' | 'peer', upAt: number, instance = 'a'): LinkFacts => ({
  dialledBy,
  upAt,
  instance,
});

describe('of two links with one peer', () => {
  it('the newer stays when the peer started again, on both sides', () => {
    for (const [me, peer] of [
      [low, high],
      [high, low],
    ] as const)
      assert.equal(chooseLink(link('me', 0, 'a'), link('peer', 10, 'b'), me, peer), 'closeOlder');
  });

  it('the one that the lower fingerprint dialled stays when both dialled at once', () => {
    assert.equal(chooseLink(link('me', 90_000), link('peer', 95_000), low, high), 'closeNewer');
    assert.equal(chooseLink(link('peer', 90_000), link('me', 95_000), low, high), 'closeOlder');
  });

  it('the newer stays when the older had been up for a while', () => {
    assert.equal(chooseLink(link('me', 90_000), link('peer', 95_001), low, high), 'closeOlder');
  });

  it('the newer stays when one side dialled both: it knows why', () => {
    for (const by of ['me', 'peer'] as const)
      assert.equal(chooseLink(link(by, 0), link(by, 1), low, high), 'closeOlder');
  });

  it('the higher fingerprint leaves the choice to the lower', () => {
    assert.equal(chooseLink(link('me', 0), link('peer', 1), high, low), 'theirs');
  });
});
