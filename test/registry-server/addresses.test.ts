// Addresses as people, peers and logs see them.

import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { observedAddressOf } from '../../registry-server/observedAddress.ts';
import { reachableUrl } from '../../registry-server/reachableUrl.ts';
import { parseRedisAddress } from '../../registry-server/store/redisAddress.ts';

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

  it('are told with IPv6 where there is nothing else, but never with one that only its own machine can use', () => {
    const eth0 = [address('fe80::1', 'IPv6', false), address('2001:db8::1', 'IPv6', false)];
    assert.equal(reachableUrl('::', 8_000, { eth0 }), 'http://[2001:db8::1]:8000');
    assert.equal(reachableUrl('::', 8_000, { eth0: eth0.slice(0, 1) }), 'http://127.0.0.1:8000');
  });

  it('of Redis are told without user and password', () => {
    const labels = {
      'redis://sara:secret@host:6380/2': 'host:6380/2',
      'rediss://host': 'host:6379/0',
      'redis://[::1]/': '[::1]:6379/0',
      'redis+sentinel://sara:secret@a,b:1/mymaster': 'sentinel a:26379,b:1/mymaster/0',
      'rediss+cluster://:secret@[::1]:7000,b': 'cluster [::1]:7000,b:6379',
    };
    for (const [text, label] of Object.entries(labels)) assert.equal(parseRedisAddress(text)?.label, label);
  });

  it('of a master that Sentinels know, and of a Cluster, are taken apart', () => {
    assert.deepEqual(
      parseRedisAddress('rediss+sentinel://sa%3Ara:se:c%40ret@127.0.0.1:5000,[::1]/my-master/3'),
      {
        kind: 'sentinel',
        tls: true,
        username: 'sa:ra',
        password: 'se:c@ret',
        sentinels: [
          { host: '127.0.0.1', port: 5_000 },
          { host: '::1', port: 26_379 },
        ],
        master: 'my-master',
        db: 3,
        label: 'sentinel 127.0.0.1:5000,[::1]:26379/my-master/3',
      },
    );
    assert.deepEqual(parseRedisAddress('redis+cluster://127.0.0.1:7000'), {
      kind: 'cluster',
      tls: false,
      nodes: [{ host: '127.0.0.1', port: 7_000 }],
      label: 'cluster 127.0.0.1:7000',
    });
  });

  it('that are none of Redis are none', () => {
    for (const text of [
      '',
      'redis://a?db=5',
      'redis://a/1#',
      'redis+sentinel://a:1',
      'redis+sentinel://a:1/',
      'redis+sentinel:///mymaster',
      'redis+sentinel://a:1,/mymaster',
      'redis+sentinel://a:99999/mymaster',
      'redis+sentinel://a/my master',
      'redis+sentinel://%zz@a/mymaster',
      'redis+cluster://a/1',
      'redis+cluster://',
      'redis+sharded://a',
      'http+cluster://a',
    ]) {
      assert.equal(parseRedisAddress(text), undefined, text);
    }
  });
});
