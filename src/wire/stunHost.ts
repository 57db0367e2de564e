// IP addresses as their bytes, for STUN. Text in, text out; no resolver.

/** Four bytes of `1.2.3.4`, sixteen of `2001:db8::1` or `::ffff:1.2.3.4`, without zone; undefined for any other text. */
export function hostBytes(host: string): Uint8Array | undefined {
  return ipv4Bytes(host) ?? ipv6Bytes(host);
}

/** `bytes` are four or sixteen. IPv6 in its one shortest form (RFC 5952). */
export function hostText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)).toString(16),
  );
  return plainIpv6(groups.join(':')) as string;
}

function ipv4Bytes(host: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return undefined;
  const bytes = host.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? Uint8Array.from(bytes) : undefined;
}

function ipv6Bytes(host: string): Uint8Array | undefined {
  const plain = plainIpv6(host);
  if (plain === undefined) return undefined;
  const [head = '', tail] = plain.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const between = tail === undefined ? [] : Array(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...between, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** A URL's host is written in the one shortest way, in hexadecimal throughout. */
function plainIpv6(host: string): string | undefined {
  if (host.length > 45 || !/^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(host)) return undefined;
  return URL.parse(`http://[${host}]`)?.hostname.slice(1, -1);
}
