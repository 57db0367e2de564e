// What the machine's interfaces say of a path.

import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { datagramLengthsTo } from '../../../src/engine/io/datagramLengths.ts';
import { type Interfaces, type LinkMtu, linkMtuTo } from '../../../src/engine/io/linkMtu.ts';
import { LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';

function interfaces(mtus: Readonly<Record<string, string>>): Interfaces {
  const address = (host: string, cidr: string) => ({
    ...{ address: host, cidr, netmask: '', mac: '', internal: false },
    ...(host.includes(':') ? { family: 'IPv6' as const, scopeid: 0 } : { family: 'IPv4' as const }),
  });
  return {
    addresses: () => ({
      lo: [address('127.0.0.1', '127.0.0.1/8')],
      eth0: [address('192.168.7.4', '192.168.7.4/24'), address('2001:db8::4', '2001:db8::4/64')],
      eth1: [address('10.1.2.3', '10.1.2.3/16')],
    }),
    mtuText(name) {
      const text = mtus[name];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
  };
}

describe('linkMtuTo', () => {
  const system = interfaces({ eth0: '9000\n', eth1: '1420\n' });

  it('is that of the interface with the local address', () => {
    assert.equal(linkMtuTo('10.1.9.9', '10.1.2.3', system)?.mtu, 1420);
    assert.equal(linkMtuTo('192.168.7.9', '192.168.7.4', system)?.mtu, 9000);
  });

  it('says whether the host is on that network itself', () => {
    const isDirect = (remote: string, local: string) => linkMtuTo(remote, local, system)?.isDirect;
    assert.equal(isDirect('192.168.7.9', '192.168.7.4'), true);
    assert.equal(isDirect('192.168.8.9', '192.168.7.4'), false);
    assert.equal(isDirect('2001:db8::9', '2001:db8::4'), true);
    assert.equal(isDirect('2001:db9::9', '2001:db8::4'), false);
    assert.equal(isDirect('192.168.7.9', '2001:db8::4'), false);
    assert.equal(isDirect('fe80::1%eth0', '2001:db8::4'), false);
    assert.equal(isDirect('', '192.168.7.4'), false);
  });

  it('is not known of an address that is nobody’s, or where the system has no such file', () => {
    assert.equal(linkMtuTo('10.1.9.9', '10.1.9.8', system), undefined);
    assert.equal(linkMtuTo('10.1.9.9', '', system), undefined);
    assert.equal(linkMtuTo('10.1.9.9', '10.1.2.3', interfaces({})), undefined);
    for (const text of ['', 'none', '-1', '0', '12.5'])
      assert.equal(linkMtuTo('10.1.9.9', '10.1.2.3', interfaces({ eth1: text })), undefined, text);
  });

  it('asks this machine as it is', () => {
    const isLinux = process.platform === 'linux';
    const here = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
    const mtus = here.map((host) => linkMtuTo(host, host)?.mtu);
    assert.ok(mtus.length > 0 && mtus.every((mtu) => (isLinux ? (mtu ?? 0) >= 68 : mtu === undefined)));
  });
});

describe('the length of datagrams', () => {
  const lengths = (link: LinkMtu | undefined, remote = '10.1.9.9') =>
    Object.values(datagramLengthsTo(remote, '10.1.2.3', () => link));

  it('is Ethernet’s where nothing is known, or there is a router', () => {
    assert.deepEqual(lengths(undefined), [1452, 1452]);
    assert.deepEqual(lengths({ mtu: 1500, isDirect: true }), [1452, 1452]);
    assert.deepEqual(lengths({ mtu: 9000, isDirect: false }), [1452, 1452]);
  });

  it('begins with Ethernet’s where neighbours take more, and goes no further than the interface', () => {
    assert.deepEqual(lengths({ mtu: 9000, isDirect: true }), [8952, 1452]);
    assert.deepEqual(lengths({ mtu: 65_535, isDirect: true }), [
      process.platform === 'darwin' ? 8192 : LARGE_DATAGRAM_BYTES,
      1452,
    ]);
    assert.deepEqual(lengths({ mtu: 2800, isDirect: true }), [1452, 1452]);
  });

  it('is shorter where the interface takes less, but not than what every path carries', () => {
    assert.deepEqual(lengths({ mtu: 1420, isDirect: false }), [1372, 1372]);
    assert.deepEqual(lengths({ mtu: 1280, isDirect: true }), [1232, 1232]);
    assert.deepEqual(lengths({ mtu: 576, isDirect: true }), [1200, 1200]);
  });

  it('is large at once on loopback', () => {
    const [most, first] = lengths({ mtu: 1500, isDirect: true }, '127.0.0.1');
    assert.ok(most === first && (most ?? 0) >= 8192);
  });
});
