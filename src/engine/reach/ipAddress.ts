// What an address as text says about where it leads. Pure and total: a text that is no address is of no kind.

export type AddressKind =
  /** This machine. */
  | 'loopback'
  /** This cable or radio cell: RFC 3927, RFC 4291 section 2.5.6. */
  | 'linkLocal'
  /** This site: RFC 1918, RFC 4193. */
  | 'private'
  /** Anywhere else that one host can be at. */
  | 'public'
  /** No single host: unspecified, multicast, broadcast, reserved. */
  | 'nowhere';

export interface IpAddress {
  /** One spelling per address: `1.2.3.4` also for `::ffff:1.2.3.4`; IPv6 as in RFC 5952, without zone. */
  readonly text: string;
  readonly family: 4 | 6;
  readonly kind: AddressKind;
}

export function parseIpAddress(text: string): IpAddress | undefined {
  const bytes = ipv4Bytes(text);
  if (bytes !== undefined) return ipv4(bytes);
  const plain = plainIpv6(text);
  if (plain === undefined) return undefined;
  const mapped = mappedBytes(plain);
  return mapped === undefined ? { text: plain, family: 6, kind: ipv6Kind(plain) } : ipv4(mapped);
}

function ipv4(bytes: readonly number[]): IpAddress {
  return { text: bytes.join('.'), family: 4, kind: ipv4Kind(bytes) };
}

function ipv4Bytes(text: string): number[] | undefined {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function ipv4Kind([a = 0, b = 0]: readonly number[]): AddressKind {
  if (a === 0 || a >= 224) return 'nowhere';
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'linkLocal';
  return a === 10 || (a === 172 && b >> 4 === 1) || (a === 192 && b === 168) ? 'private' : 'public';
}

/** A URL's host is written in the one shortest way. */
function plainIpv6(text: string): string | undefined {
  const [address = ''] = text.split('%', 1);
  if (address.length > 45 || !/^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(address)) return undefined;
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

/** RFC 4291 section 2.5.5.2, as dual-stack sockets show IPv4 peers. */
function mappedBytes(plain: string): number[] | undefined {
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(plain) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}

function ipv6Kind(plain: string): AddressKind {
  if (plain === '::1') return 'loopback';
  const first = plain.startsWith('::') ? 0 : Number.parseInt(plain, 16);
  if (first >> 6 === 0xfe80 >> 6) return 'linkLocal';
  if (first >> 9 === 0xfc00 >> 9) return 'private';
  return plain === '::' || first >> 8 === 0xff ? 'nowhere' : 'public';
}
