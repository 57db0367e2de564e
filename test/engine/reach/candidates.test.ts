import assert from 'node:assert/strict';
import {
  candidatesOf,
  hostsOf,
  type Interfaces,
  MAX_CANDIDATES,
  MAX_OWN_ADDRESSES,
  ownAddresses,
  pathOf,
} from '../../../src/engine/reach/candidates.ts';
import { parseIpAddress } from '../../../src/engine/reach/ipAddress.ts';

const FAR = 'https://registry.example';
const HERE = 'http://127.0.0.1:8000';

describe('the addresses to dial', () => {
  const hosts = (registryUrl: string, addresses: string[], observedAddress?: string) =>
    candidatesOf({ addresses, observedAddress, tcpPort: 5000 }, registryUrl).map(({ host }) => host);

  it('are the observed one first, then those the peer gave, in its order', () => {
    assert.deepEqual(
      candidatesOf({ addresses: ['192.168.1.7'], observedAddress: '10.0.0.7', tcpPort: 5000 }, FAR),
      [
        { host: '10.0.0.7', port: 5000 },
        { host: '192.168.1.7', port: 5000 },
      ],
    );
  });

  it('are each there once, however they are spelled', () => {
    const spellings = ['::ffff:10.0.0.7', '10.0.0.7', 'FD00:0::7', 'fd00::7', 'fd00:0:0:0:0:0:0:7'];
    assert.deepEqual(hosts(FAR, spellings, '10.0.0.7'), ['10.0.0.7', 'fd00::7']);
  });

  it('have a bound', () => {
    const many = Array.from({ length: 16 }, (_, i) => `192.168.1.${i}`);
    assert.equal(hosts(FAR, many, '10.0.0.1').length, MAX_CANDIDATES);
  });

  it("are none of this machine's own where the registry is another machine", () => {
    for (const registryUrl of [FAR, 'http://localhost.example', 'http://mylocalhost'])
      assert.deepEqual(hosts(registryUrl, ['127.0.0.1', '::1', '127.9.9.9', '192.168.1.7'], '127.0.0.1'), [
        '192.168.1.7',
      ]);
  });

  it('are those of a cable between two computers, too', () => {
    assert.deepEqual(hosts(FAR, ['169.254.3.4']), ['169.254.3.4']);
  });

  for (const registryUrl of [
    HERE,
    'http://localhost:8000',
    'http://hamta.localhost',
    'http://[::1]:8000',
    'http://127.1.2.3/x',
  ]) {
    it(`are also loopback where the registry is: ${registryUrl}`, () => {
      assert.deepEqual(hosts(registryUrl, ['192.168.1.7'], '127.0.0.1'), ['127.0.0.1', '192.168.1.7']);
    });
  }

  it('are nothing that is no single host, needs a zone or is no address', () => {
    const odd = [
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      'ff02::1',
      'fe80::1',
      'localhost',
      '1.2.3',
      '',
    ];
    assert.deepEqual(hosts(HERE, odd), []);
  });
});

describe('the path of a connection', () => {
  for (const [local, remote, path] of [
    ['127.0.0.1', '127.0.0.1', 'thisMachine'],
    ['::1', '::1', 'thisMachine'],
    ['::ffff:127.0.0.1', '127.0.0.1', 'thisMachine'],
    ['192.168.1.5', '192.168.1.5', 'thisMachine'],
    ['192.168.1.5', '192.168.1.7', 'lan'],
    ['10.1.2.3', '10.200.0.1', 'lan'],
    ['10.1.2.3', '172.31.0.1', 'lan'],
    ['169.254.1.1', '169.254.2.2', 'lan'],
    ['fd00::1', 'fd12:3456::1', 'lan'],
    ['fe80::1%eth0', 'fe80::2%eth0', 'lan'],
    ['192.168.1.5', '172.32.0.1', 'direct'],
    ['192.168.1.5', '8.8.8.8', 'direct'],
    ['2001:db8::1', '2001:db8::2', 'direct'],
    ['', '', 'direct'],
  ] as const) {
    it(`from ${local || 'nowhere'} to ${remote || 'nowhere'} is ${path}`, () => {
      assert.equal(pathOf(local, remote), path);
    });
  }
});

describe('my own addresses', () => {
  const outer = (address: string) => ({ address, internal: false });

  it('are those of outer interfaces, IPv4 first, each once', () => {
    const interfaces: Interfaces = {
      lo: [
        { address: '127.0.0.1', internal: true },
        { address: '::1', internal: true },
      ],
      eth0: [outer('fd00::5'), outer('192.168.1.5'), outer('fe80::5')],
      wlan0: [outer('10.0.0.5'), outer('192.168.1.5')],
      gone: undefined,
    };
    assert.deepEqual(ownAddresses(interfaces), ['192.168.1.5', '10.0.0.5', 'fd00::5']);
  });

  it('are link-local where there is nothing else', () => {
    const interfaces = { eth0: [outer('fe80::5'), outer('169.254.3.4')] };
    assert.deepEqual(ownAddresses(interfaces), ['169.254.3.4', 'fe80::5']);
  });

  it('have a bound, and may be none', () => {
    const many = Array.from({ length: 40 }, (_, i) => outer(`10.0.0.${i + 1}`));
    assert.equal(ownAddresses({ eth0: many }).length, MAX_OWN_ADDRESSES);
    assert.deepEqual(ownAddresses({}), []);
  });
});

describe('where others reach what listens at an address', () => {
  const interfaces = { eth0: ['192.168.1.5', 'fd00::5'].map((address) => ({ address, internal: false })) };

  for (const [bound, hosts] of [
    ['192.168.1.7', ['192.168.1.7']],
    ['::1', ['::1']],
    ['::', ['192.168.1.5', 'fd00::5']],
    ['0.0.0.0', ['192.168.1.5']],
  ] as const) {
    it(`is ${hosts.join(' and ')} for ${bound}`, () => {
      assert.deepEqual(hostsOf(bound, interfaces), hosts);
    });
  }
});

describe('an address as text', () => {
  for (const [text, plain, kind] of [
    ['1.2.3.4', '1.2.3.4', 'public'],
    ['::ffff:1.2.3.4', '1.2.3.4', 'public'],
    ['::FFFF:7f00:1', '127.0.0.1', 'loopback'],
    ['0:0:0:0:0:0:0:1', '::1', 'loopback'],
    ['2001:DB8:0:0::1', '2001:db8::1', 'public'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304', 'public'],
    ['172.16.0.1', '172.16.0.1', 'private'],
    ['febf::1', 'febf::1', 'linkLocal'],
    ['fec0::1', 'fec0::1', 'public'],
    ['fc00::1', 'fc00::1', 'private'],
    ['ff02::fb', 'ff02::fb', 'nowhere'],
    ['240.0.0.1', '240.0.0.1', 'nowhere'],
    ['0.1.2.3', '0.1.2.3', 'nowhere'],
  ] as const) {
    it(`${text} is ${plain}, ${kind}`, () => {
      assert.deepEqual([parseIpAddress(text)?.text, parseIpAddress(text)?.kind], [plain, kind]);
    });
  }

  it('is none for anything else', () => {
    const others = [
      '',
      ' ',
      '1.2.3',
      '1.2.3.256',
      '01.2.3.4',
      '1.2.3.4.5',
      '0x7f.0.0.1',
      '2130706433',
      ':',
      ':::',
      '1::2::3',
    ];
    const more = [
      'g::1',
      '::1]',
      '[::1]',
      '::1/64',
      'localhost',
      '1.2.3.4:80',
      `${'1:'.repeat(50)}1`,
      '::1 ',
      '%eth0',
    ];
    for (const text of [...others, ...more]) assert.equal(parseIpAddress(text), undefined, text);
  });
});
