// Addresses as people, peers and logs see them.

import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { observedAddressOf } from '../../registry-server/observedAddress.ts';
import { reachableUrl } from '../../registry-server/reachableUrl.ts';
import { redisLabel } from '../../registry-server/store/redisLabel.ts';

function address(text: string, family: 'IPv4' | 'IPv6', internal: boolean): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', cidr: null, internal, address: text };
  return family === 'IPv4' ? { ...rest, family } : { ...rest, family, scopeid: 0 };
}

describe('the addresses of the registry', () => {
  it('give a peer its address without mapping and zone', () => {
    assert.equal(observedAddressOf('::ffff:192.0.2.1'), '192.0.2.1');
    assert.equal(observedAddressOf('192.0.2.1'), '192.0.2.1');
    assert.equal(observedAddressOf('2001:db8::1'), '2001:db8::1');
    assert.equal(observedAddressOf('fe80::1%eth0'), 'fe80::1');
  });

  it('are unknown when the socket is gone', () => {
    assert.equal(observedAddressOf(undefined), undefined);
    assert.equal(observedAddressOf('pipe'), undefined);
  });

  it('are told as bound when the registry has one', () => {
    assert.equal(reachableUrl('127.0.0.1', 8_000, {}), 'http://127.0.0.1:8000');
    assert.equal(reachableUrl('::1', 8_000, {}), 'http://[::1]:8000');
  });

  it('are told as others can dial them when the registry has all', () => {
    const interfaces = {
      lo: [address('127.0.0.1', 'IPv4', true)],
      eth0: [address('2001:db8::1', 'IPv6', false), address('192.0.2.5', 'IPv4', false)],
    };
    assert.equal(reachableUrl('::', 8_000, interfaces), 'http://192.0.2.5:8000');
    assert.equal(reachableUrl('0.0.0.0', 8_000, { lo: interfaces.lo }), 'http://127.0.0.1:8000');
  });

  it('of Redis are told without user and password', () => {
    assert.equal(redisLabel('redis://sara:secret@host:6380/2'), 'host:6380/2');
    assert.equal(redisLabel('rediss://host'), 'host:6379/0');
    assert.equal(redisLabel('redis://[::1]/'), '[::1]:6379/0');
  });
});
