// Where to knock: which addresses of a peer to dial and in which order, which of mine to tell others, and which road a
// connection takes. Pure.

import type { Path } from '../../contract/peer.ts';
import { type IpAddress, parseIpAddress } from './ipAddress.ts';

/** Dials are staggered, so that more would make a person wait; also a bound on what a hostile record makes us do. */
export const MAX_CANDIDATES = 8;
/** The most addresses in a registration (contract/registry.ts). */
export const MAX_OWN_ADDRESSES = 16;

export interface Candidate {
  readonly host: string;
  readonly port: number;
}

/** What a peer's registration says of where it is. */
interface Registered {
  /** Their own words, best first. */
  readonly addresses: readonly string[];
  /** Where the registry saw them. */
  readonly observedAddress?: string | undefined;
  readonly tcpPort: number;
}

/**
 * The observed address first, then their own. Loopback addresses are kept only where the registry is on loopback, too:
 * otherwise they are of another machine, and a stranger's record must not make us knock at this machine's own services.
 */
export function candidatesOf(
  { addresses, observedAddress, tcpPort }: Registered,
  registryUrl: string,
): Candidate[] {
  const isAllLocal = isLoopbackHost(new URL(registryUrl).hostname);
  const hosts = [observedAddress, ...addresses]
    .map((text) => (text === undefined ? undefined : parseIpAddress(text)))
    .filter((address) => address !== undefined && isDialable(address, isAllLocal))
    .map((address) => (address as IpAddress).text);
  return [...new Set(hosts)].slice(0, MAX_CANDIDATES).map((host) => ({ host, port: tcpPort }));
}

/** Link-local IPv6 needs a zone, which a record of another machine cannot tell. */
function isDialable({ kind, family }: IpAddress, isAllLocal: boolean): boolean {
  if (kind === 'nowhere' || (kind === 'linkLocal' && family === 6)) return false;
  return kind !== 'loopback' || isAllLocal;
}

function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return parseIpAddress(hostname.replace(/^\[|\]$/g, ''))?.kind === 'loopback';
}

/** The road between a socket's two addresses. */
export function pathOf(localAddress: string, remoteAddress: string): Path {
  const local = parseIpAddress(localAddress);
  const remote = parseIpAddress(remoteAddress);
  if (remote === undefined) return 'direct';
  if (remote.kind === 'loopback' || remote.text === local?.text) return 'thisMachine';
  return remote.kind === 'public' ? 'direct' : 'lan';
}

/** The part of `os.networkInterfaces()` that matters here. */
export interface InterfaceAddress {
  readonly address: string;
  readonly internal: boolean;
}
export type Interfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

/** Where others reach what listens at `bound`, an address of mine; `::` and `0.0.0.0` stand for all, and for all of IPv4. */
export function hostsOf(bound: string, interfaces: Interfaces): string[] {
  if (bound === '::') return ownAddresses(interfaces);
  if (bound === '0.0.0.0') return ownAddresses(interfaces).filter((host) => !host.includes(':'));
  return [bound];
}

/** Addresses that others can reach me at: IPv4 first, each once; link-local ones only where there is nothing else. */
export function ownAddresses(interfaces: Interfaces): string[] {
  const outer = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => parseIpAddress(address))
    .filter((address) => address !== undefined)
    .filter(({ kind }) => kind !== 'loopback' && kind !== 'nowhere');
  const routed = outer.filter(({ kind }) => kind !== 'linkLocal');
  const best = (routed.length > 0 ? routed : outer).sort((a, b) => a.family - b.family);
  return [...new Set(best.map(({ text }) => text))].slice(0, MAX_OWN_ADDRESSES);
}
