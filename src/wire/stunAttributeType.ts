// The numbers of the STUN attributes that are spoken here (IANA, "STUN Attributes"). Not ours to give, and never reused.

export const StunAttributeType = {
  /** RFC 8489, section 14.1; for clients of RFC 3489. */
  mappedAddress: 0x0001,
  /** RFC 5780, section 7.2. */
  changeRequest: 0x0003,
  /** RFC 3489, section 11.2.5: where the answer was sent from. For its clients only. */
  sourceAddress: 0x0004,
  /** RFC 3489, section 11.2.3: the server's other address. For its clients only. */
  changedAddress: 0x0005,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
  /** RFC 5780, section 7.3. */
  responseOrigin: 0x802b,
} as const;

/** Whether somebody who does not know the attribute must not go on (RFC 8489, section 14): the lower half of the numbers. */
export function isComprehensionRequired(type: number): boolean {
  return type < 0x8000;
}
