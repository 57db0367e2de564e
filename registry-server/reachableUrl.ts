// The address to tell people. A registry on all addresses is bound to one that nobody can dial.

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { urlOf } from './registryServer.ts';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** None where the system keeps them from us, as the sandbox of a service can. */
export function knownInterfaces(): Interfaces {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** As bound, but for "all addresses": then the first that others can dial, IPv4 before IPv6, or this machine's own. */
export function reachableUrl(
  bound: string,
  port: number,
  interfaces: Interfaces,
  scheme?: 'http' | 'https',
): string {
  if (bound !== '::' && bound !== '0.0.0.0') return urlOf(bound, port, scheme);
  const known = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const outward =
    known.find(({ family, internal }) => family === 'IPv4' && !internal) ??
    known.find(({ family, internal, address }) => family === 'IPv6' && !internal && !isLinkLocal(address));
  return urlOf(outward?.address ?? '127.0.0.1', port, scheme);
}

/** Such an address means nothing without the interface's name, which is another one on each machine. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}
