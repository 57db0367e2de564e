// Two network namespaces with a cable between them, made for one section and taken away after it. Nothing of the
// machine's own network is touched. Linux, root and iproute2; for loss, nftables.

import { command, commandIfPossible } from './command.ts';
import { LeftOut, type Path, type Place } from './path.ts';

const ETHERNET_MTU = 1500;

interface Cable {
  readonly mtu?: number;
  /** Of what is on its way to the receiver, each datagram by itself. */
  readonly lossPercent?: number;
}

export function openVeth(sizeBytes: number, { mtu = ETHERNET_MTU, lossPercent = 0 }: Cable = {}): Path {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new LeftOut('needs root on Linux');
  const names = ['a', 'b'].map((end) => `hamta-bench-${process.pid}-${end}`) as [string, string];
  const close = () => {
    process.off('exit', close);
    for (const name of names) commandIfPossible('ip', 'netns', 'del', name);
  };
  process.on('exit', close);
  try {
    build(names, `${mtu}`);
    if (lossPercent > 0) lose(lossPercent, names[1]);
  } catch (error) {
    close();
    throw new LeftOut(String(error));
  }
  return {
    sender: placeIn(names[0], '10.77.0.1'),
    receiver: placeIn(names[1], '10.77.0.2'),
    sizeBytes,
    close,
  };
}

function build([a, b]: [string, string], mtu: string): void {
  command('ip', 'netns', 'add', a);
  command('ip', 'netns', 'add', b);
  command(
    'ip',
    'link',
    'add',
    'cable',
    'netns',
    a,
    'mtu',
    mtu,
    'type',
    'veth',
    'peer',
    'cable',
    'netns',
    b,
    'mtu',
    mtu,
  );
  for (const [name, host] of [
    [a, '10.77.0.1/24'],
    [b, '10.77.0.2/24'],
  ] as const) {
    command('ip', '-n', name, 'address', 'add', host, 'dev', 'cable');
    command('ip', '-n', name, 'link', 'set', 'lo', 'up');
    command('ip', '-n', name, 'link', 'set', 'cable', 'up');
  }
}

function lose(percent: number, namespace: string): void {
  const rule = `numgen random mod 100 < ${percent} drop`;
  const chain = `table inet cable { chain in { type filter hook input priority 0; iifname "cable" ${rule}; }; }`;
  command('ip', 'netns', 'exec', namespace, 'nft', chain);
}

function placeIn(namespace: string, host: string): Place {
  return { host, inside: ['ip', 'netns', 'exec', namespace] };
}
