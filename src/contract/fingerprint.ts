// Who a peer is: the SHA-256 of its public key (SPKI, DER), written as 64 lowercase hexadecimal digits.

declare const brand: unique symbol;
export type Fingerprint = string & { readonly [brand]: 'Fingerprint' };

/** The fingerprint in `text`, or undefined when it is not exactly 64 lowercase hexadecimal digits. */
export function parseFingerprint(text: unknown): Fingerprint | undefined {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? (text as Fingerprint) : undefined;
}

/** The first 16 digits in groups of four, for tooltips and logs. Not for comparing trust. */
export function shortFingerprint(fingerprint: Fingerprint): string {
  return fingerprint.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}
