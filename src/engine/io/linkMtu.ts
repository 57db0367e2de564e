// How much one frame carries on the way to a host, as far as this machine's own interface says. What lies behind a router is not known.

import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { type KnownInterfaces, knownInterfaces } from './knownInterfaces.ts';

export interface LinkMtu {
  /** Of the interface, in bytes, IP and UDP headers included. */
  readonly mtu: number;
  /** The host is on the interface's own network: no router in between could carry less, and make the system fragment. */
  readonly isDirect: boolean;
}

/** What the system says of its interfaces. */
export interface Interfaces {
  addresses(): KnownInterfaces;
  /** Throws where the system has no such file. */
  mtuText(name: string): string;
}

const SYSTEM: Interfaces = {
  addresses: knownInterfaces,
  mtuText: (name) => readFileSync(`/sys/class/net/${name}/mtu`, 'utf8'),
};

/** On the way from `localHost`, an address of this machine. Undefined where the system does not say it (all but Linux). */
export function linkMtuTo(remoteHost: string, localHost: string, system = SYSTEM): LinkMtu | undefined {
  for (const [name, addresses = []] of Object.entries(system.addresses())) {
    const own = addresses.find(({ address }) => address === localHost);
    const mtu = own === undefined ? undefined : mtuOf(name, system);
    if (own !== undefined && mtu !== undefined) return { mtu, isDirect: isOnNetwork(remoteHost, own.cidr) };
  }
  return undefined;
}

function mtuOf(name: string, system: Interfaces): number | undefined {
  try {
    const mtu = Number(system.mtuText(name));
    return Number.isInteger(mtu) && mtu > 0 ? mtu : undefined;
  } catch {
    return undefined;
  }
}

/** `cidr` as in `10.0.0.1/24`. */
function isOnNetwork(host: string, cidr: string | null): boolean {
  const [address = '', prefix = ''] = cidr?.split('/') ?? [];
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (prefix === '' || isIPv6(host) !== isIPv6(address)) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(prefix), family);
  return network.check(host, family);
}
