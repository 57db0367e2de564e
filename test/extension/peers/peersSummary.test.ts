import assert from 'node:assert/strict';
import { badgeOf, messageOf } from '../../../src/extension/peers/peersSummary.ts';
import { english, fingerprintOf, person, stateWith, transfer } from '../people.ts';

describe('the Peers view as a whole', () => {
  it('has a badge that counts unread messages and open questions, and says whose they are', () => {
    const people = [
      person('b', { name: 'bob', unread: 2 }),
      person('c', { standing: 'unknown', link: 'asking' }),
    ];
    const badge = badgeOf(stateWith({ people, transfers: [transfer('1')] }), english);
    assert.deepEqual(badge, { value: 4, tooltip: '2 unread from bob, 2 waiting for your answer' });
    const persian = badgeOf(stateWith({ people }), { ...english, locale: 'fa' });
    assert.equal(persian?.tooltip, '\u2067۲ unread from bob، ۱ waiting for your answer\u2069');
  });

  it('has no badge when nothing waits', () => {
    assert.equal(badgeOf(stateWith({ people: [person('b')] }), english), undefined);
  });

  it('has no badge while signed out, when no row would show what it counts', () => {
    const me = { fingerprint: fingerprintOf('a'), addresses: [] };
    assert.equal(badgeOf(stateWith({ people: [person('b', { unread: 2 })] }, { me }), english), undefined);
  });

  it('does not count somebody who is blocked', () => {
    const people = [person('b', { standing: 'blocked', link: 'asking' })];
    assert.equal(badgeOf(stateWith({ people }), english), undefined);
  });

  it('says why nobody is in the list', () => {
    assert.match(messageOf(stateWith(), english), /Nobody else is at http:\/\/127\.0\.0\.1:8000 yet/);
    assert.equal(messageOf(stateWith({ people: [person('b')] }), english), '');
  });
});
