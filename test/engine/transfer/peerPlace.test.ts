import assert from 'node:assert/strict';
import { PeerPlace } from '../../../src/engine/transfer/peerPlace.ts';

describe('PeerPlace', () => {
  it('is another one once a PROBE that went there alone was acknowledged', () => {
    const place = new PeerPlace();
    place.onNews(3, 10);
    assert.deepEqual(place.asks, { place: 3, at: 10 });
    place.onAsked(77, 60);
    assert.equal(place.onAcked(76), undefined);
    assert.equal(place.onAcked(77), 3);
    assert.equal(place.asks, undefined);
  });

  it('is asked for three times for one acknowledgement, and again for another', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    for (const number of [1, 2, 3]) place.onAsked(number, 10 * number);
    assert.equal(place.asks, undefined);
    place.onNews(3, 20);
    assert.equal(place.asks, undefined);
    place.onNews(3, 30);
    assert.deepEqual(place.asks, { place: 3, at: 30 });
  });

  it('is proved by whichever of the PROBEs was acknowledged, however late', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(3, 20);
    place.onAsked(2, 30);
    assert.equal(place.onAcked(1), 3);
  });

  it('is looked for where the newest news came from', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(4, 5);
    assert.deepEqual(place.asks, { place: 4, at: 5 });
    assert.equal(place.onAcked(1), undefined);
  });

  it('is not looked for elsewhere when news come from where it was', () => {
    const place = new PeerPlace();
    place.onNews(3, 0);
    place.onAsked(1, 10);
    place.onNews(0, 5);
    assert.equal(place.asks, undefined);
    assert.equal(place.onAcked(1), undefined);
  });
});
