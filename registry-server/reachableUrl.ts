// The address to tell people. A registry on all addresses is bound to one that nobody can dial.

import type { NetworkInterfaceInfo } from 'node:os';
import { urlOf } from './registryServer.ts';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** As bound, but for "all addresses": then the first IPv4 address that others can dial, or this machine's own. */
export function reachableUrl(
  bound: string,
  port: number,
  interfaces: Interfaces,
  scheme?: 'http' | 'https',
): string {
  if (bound !== '::' && bound !== '0.0.0.0') return urlOf(bound, port, scheme);
  const known = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const outward = known.find(({ family, internal }) => family === 'IPv4' && !internal);
  return urlOf(outward?.address ?? '127.0.0.1', port, scheme);
}
