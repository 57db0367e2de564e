import assert from 'node:assert/strict';
import type { Peer } from '../../../src/contract/peer.ts';
import { formatOf } from '../../../webview/model/format.ts';
import { gateOf } from '../../../webview/model/peerView.ts';
import { trustChoices, trustGateOf, verifiedView } from '../../../webview/model/trustView.ts';
import { bob, MALLORY } from '../support/conversation.ts';

const format = formatOf('en');
const VERIFIED_AT = new Date(2026, 10, 20, 9, 30).getTime();
const CHANGED = { nameConflict: MALLORY, link: 'none', verifiedAt: VERIFIED_AT } as const;
const FORMER = { ...CHANGED, standing: 'unknown' } as const;
const plain = (text: string | undefined) => text?.replaceAll(/[\u2068\u2069]/g, '');
const wishesOf = (change: Partial<Peer>) =>
  gateOf(bob(change))?.choices.map(({ intent }) => intent.kind === 'trust' && intent.wish);

describe('whom to trust, on the page', () => {
  it('asks about a name with another key, and offers to compare first', () => {
    const gate = gateOf(bob(CHANGED));
    assert.equal(plain(gate?.title), 'Is this still bob?');
    assert.match(gate?.text ?? '', /nothing goes to the new key.*the key you know can still connect/);
    assert.deepEqual(wishesOf(CHANGED), ['compareCode', 'blockNewKey', 'startAnew']);
    assert.equal(trustGateOf(bob({ ...CHANGED, link: 'connected' })), undefined, 'the key that is known');
  });

  it('says that a former key is history, and leads to the conversation that goes on', () => {
    assert.match(plain(gateOf(bob(FORMER))?.title) ?? '', /^What you and bob said before/);
    assert.deepEqual(wishesOf(FORMER), ['openNewKey']);
  });

  it('says of somebody blocked what became of what waits', () => {
    assert.deepEqual(wishesOf({ standing: 'blocked' }), ['unblock']);
    assert.match(gateOf(bob({ standing: 'blocked' }))?.text ?? '', /no more than that you declined/);
    const waiting = gateOf(bob({ standing: 'blocked', undelivered: 2 }))?.text ?? '';
    assert.match(waiting, /stays here, and goes if you unblock them/);
  });

  it('marks whom I have verified, and nobody whose name is in doubt', () => {
    const seen = (change: Partial<Peer>) => verifiedView(bob(change), format);
    assert.match(seen({ verifiedAt: VERIFIED_AT })?.label ?? '', /^Verified: .* Friday, November 20, 2026/);
    const others = [{}, CHANGED, FORMER, { standing: 'blocked', verifiedAt: VERIFIED_AT }] as const;
    assert.deepEqual(others.map(seen), [undefined, undefined, undefined, undefined]);
  });

  it('has in the menu what fits', () => {
    const labels = (change: Partial<Peer>) => trustChoices(bob(change)).map(({ label }) => label);
    assert.deepEqual(labels({}), ['Compare safety code…', 'Block…']);
    assert.deepEqual(labels({ standing: 'blocked' }), ['Unblock']);
    assert.deepEqual(labels(FORMER), []);
  });
});
