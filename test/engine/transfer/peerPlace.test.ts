import assert from 'node:assert/strict';
import { PeerPlace } from '../../../src/engine/transfer/peerPlace.ts';

describe('PeerPlace', () => {
  const asked = (place: PeerPlace) => place.asks ?? assert.fail();

  it('is another one once the challenge that went there alone has come back', () => {
    const place = new PeerPlace();
    assert.equal(place.onEcho(0n), undefined);
    place.onNews(3, 10);
    const { challenge } = asked(place);
    assert.deepEqual(place.asks, { place: 3, challenge, at: 10 });
    place.onAsked(60);
    assert.deepEqual(place.asks, { place: 3, challenge, at: 60 });
    assert.equal(place.onEcho(challenge ^ 1n), undefined);
    assert.equal(place.onEcho(challenge), 3);
    assert.equal(place.asks, undefined);
    assert.equal(place.onEcho(challenge), undefined);
  });

  it('is asked for three times for one acknowledgement, and again for another', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    const { challenge } = asked(place);
    for (const nextAt of [10, 20, 30]) place.onAsked(nextAt);
    assert.equal(place.asks, undefined);
    place.onNews(3, 20);
    assert.equal(place.asks, undefined);
    place.onNews(3, 30);
    assert.deepEqual(place.asks, { place: 3, challenge, at: 30 });
    for (const nextAt of [40, 50, 60]) place.onAsked(nextAt);
    assert.equal(place.asks, undefined);
  });

  it('is proved by what comes back of the first PROBE, however late', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    const { challenge } = asked(place);
    for (const nextAt of [10, 20, 30]) place.onAsked(nextAt);
    place.onNews(3, 500);
    assert.equal(place.onEcho(challenge), 3);
  });

  it('is looked for where the newest news came from, with another challenge', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    const { challenge } = asked(place);
    place.onNews(4, 5);
    assert.equal(place.onEcho(challenge), undefined);
    const other = asked(place);
    assert.deepEqual([other.place, other.at], [4, 5]);
    assert.equal(place.onEcho(other.challenge), 4);
  });

  it('is not looked for elsewhere when news come from where it was, and later with another challenge', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    const { challenge } = asked(place);
    place.onNews(0, 5);
    assert.equal(place.asks, undefined);
    assert.equal(place.onEcho(challenge), undefined);
    place.onNews(3, 10);
    assert.notEqual(asked(place).challenge, challenge);
  });

  it('has challenges of 64 bits that nobody can guess', () => {
    let [some, all] = [0n, ~0n];
    for (let i = 1; i <= 200; i++) {
      const place = new PeerPlace();
      place.onNews(1, 0);
      some |= asked(place).challenge;
      all &= asked(place).challenge;
    }
    assert.deepEqual([some, all], [2n ** 64n - 1n, 0n]);
  });
});
