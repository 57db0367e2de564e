// What is measured: the paths, and who takes part on each.

import type { ContenderName } from './contenders.ts';
import { openEmulated } from './emulatedPath.ts';
import type { Path, Section } from './path.ts';
import { openVeth } from './vethPath.ts';

const MIB = 2 ** 20;
const HOST = '127.0.0.1';
/** IP and UDP headers of an Ethernet frame's 1500 bytes, and ours. */
const PAYLOAD_SHARE = 1427 / 1480;

const JUMBO_MTU = 9000;

/** Of .05 to .1 s each: one differs from the next by a quarter, and V8 compiles during the first five. */
const SHORT_ROUNDS = 31;

/** In percent. */
const LOSSES = [0, 1, 5, 10];

/** For the emulator: there and back in 40 ms. */
const FAR_LINE = 'rate=100 delay=20 queue=500KB';

const ALL: readonly ContenderName[] = [
  'Hamta, sealed, from memory to memory',
  'Hamta, sealed, from file to synced file',
  'Hamta over TLS, from file to synced file',
  'dgram blast, 1452 B, what arrives',
  'udx-native, not sealed',
  'raw TLS 1.3',
  'werift',
  'rows of a picture, not sealed',
];
const WITHOUT_SLOW = ALL.filter((name) => name !== 'werift' && name !== 'rows of a picture, not sealed');

export function sectionsOf(emulator: string | undefined): Section[] {
  const far = (id: string, title: string, settings: string, mbit: number, sizeBytes: number): Section => ({
    id,
    title,
    contenders: ALL,
    lineMBps: (mbit / 8) * PAYLOAD_SHARE,
    open: () => openEmulated(emulator, settings, sizeBytes),
  });
  return [
    {
      id: 'loopback',
      title: 'loopback, 8 MiB',
      contenders: [
        'Hamta, 32 KiB datagrams',
        'Hamta, 32 KiB datagrams, files',
        'dgram blast, 32 KiB, what arrives',
        ...ALL,
      ],
      open: () => loopback(8 * MIB),
    },
    {
      id: 'loopback-100',
      title: 'loopback, 100 MiB',
      contenders: [
        'Hamta, 32 KiB datagrams',
        'Hamta, 32 KiB datagrams, files',
        'dgram blast, 32 KiB, what arrives',
        'Hamta over TLS, from memory to memory',
        'raw TLS 1.3, file to synced file',
        ...WITHOUT_SLOW,
      ],
      open: () => loopback(100 * MIB),
    },
    { id: 'veth', title: 'veth, MTU 1500, 8 MiB', contenders: ALL, open: () => openVeth(8 * MIB) },
    {
      id: 'veth-100',
      title: 'veth, MTU 1500, 100 MiB',
      contenders: [
        ...WITHOUT_SLOW,
        'Hamta, the same in one thread',
        'Hamta over TLS, from memory to memory',
        'raw TLS 1.3, file to synced file',
      ],
      open: () => openVeth(100 * MIB),
    },
    {
      id: 'veth-jumbo',
      title: 'veth, MTU 9000, 100 MiB',
      contenders: ['Hamta, sealed, jumbo where probes arrive', ...WITHOUT_SLOW],
      open: () => openVeth(100 * MIB, { mtu: JUMBO_MTU }),
    },
    ...[1, 5, 10].map(
      (lossPercent): Section => ({
        id: `veth-${lossPercent}`,
        title: `veth, MTU 1500, ${lossPercent} % lost on the way to the receiver, 8 MiB`,
        contenders: ['Hamta, sealed, from memory to memory', 'udx-native, not sealed'],
        rounds: SHORT_ROUNDS,
        open: () => openVeth(8 * MIB, { lossPercent }),
      }),
    ),
    ...LOSSES.map((loss) =>
      far(
        `lan-${loss}`,
        `1 Gbit/s, 1 ms, ${loss} % loss both ways, 32 MiB`,
        `rate=1000 delay=0.5 queue=1000 loss=${loss}`,
        1000,
        32 * MIB,
      ),
    ),
    ...LOSSES.map((loss) =>
      far(
        `far-${loss}`,
        `100 Mbit/s, 40 ms, ${loss} % loss both ways, 8 MiB`,
        `${FAR_LINE} loss=${loss}`,
        100,
        8 * MIB,
      ),
    ),
    {
      id: 'far-cubic',
      title: '100 Mbit/s, 40 ms, 1 % loss both ways, 8 MiB, and TCP has CUBIC',
      contenders: ['Hamta, sealed, from memory to memory', 'raw TCP with CUBIC'],
      open: () => openEmulated(emulator, `${FAR_LINE} loss=1`, 8 * MIB, 'cubic'),
    },
    {
      id: 'far-steady',
      title: '100 Mbit/s, 40 ms, 10 % loss both ways, 8 MiB, 50 times',
      contenders: ['Hamta, sealed, from memory to memory'],
      rounds: 50,
      open: () => openEmulated(emulator, `${FAR_LINE} loss=10`, 8 * MIB),
    },
    far(
      'wifi',
      'bad Wi-Fi: 50 Mbit/s, 44 ms, bursts 5 %, jitter 20 ms, reorder 2 %, corrupt 0.1 %, 8 MiB',
      'rate=50 delay=22 jitter=20 burst=5/6 reorder=2 corrupt=0.1 queue=300KB',
      50,
      8 * MIB,
    ),
  ];
}

function loopback(sizeBytes: number): Path {
  const here = { host: HOST, inside: [] };
  return { sender: here, receiver: here, sizeBytes, close: () => undefined };
}
