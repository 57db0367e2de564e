import assert from 'node:assert/strict';
import { PeerAddresses } from '../../../src/engine/carriers/peerAddresses.ts';

const addressOf = (port: number) => ({ host: '192.0.2.1', port });

describe('the addresses of a peer', () => {
  it('are numbers that stay the same for the same address', () => {
    const addresses = new PeerAddresses(addressOf(1));
    assert.deepEqual(
      [1, 2, 3, 2, 1].map((port) => addresses.placeOf(addressOf(port))),
      [0, 1, 2, 1, 0],
    );
    assert.deepEqual(addresses.addressOf(2), addressOf(3));
    assert.equal(addresses.placeOf({ host: '192.0.2.2', port: 1 }), 3, 'another host');
  });

  it('are few, whoever sends from many, and the first is never forgotten', () => {
    const addresses = new PeerAddresses(addressOf(1));
    const places = Array.from({ length: 1000 }, (_, i) => addresses.placeOf(addressOf(i + 2)));
    assert.equal(new Set(places).size, 1000);
    assert.equal(places.filter((place) => addresses.addressOf(place) !== undefined).length, 7);
    assert.deepEqual(addresses.addressOf(0), addressOf(1));
  });

  it('are not forgotten while the peer is heard from there, whoever sends from elsewhere', () => {
    const addresses = new PeerAddresses(addressOf(1));
    const place = addresses.placeOf(addressOf(2));
    for (let port = 3; port < 100; port++) {
      addresses.placeOf(addressOf(port));
      assert.equal(addresses.placeOf(addressOf(2)), place);
    }
    assert.deepEqual(addresses.addressOf(place), addressOf(2));
  });
});
