// The test vectors of RFC 5769 for STUN, byte by byte, and what each must be read as.

const TRANSACTION_ID = 'b7e7a701 bc34d686 fa87dfae';

/** Section 2.1: a request with short-term credentials. */
export const sampleRequest = bytesOf(`
  0001 0058 2112a442 ${TRANSACTION_ID}
  8022 0010  5354554e 20746573 7420636c 69656e74            SOFTWARE
  0024 0004  6e0001ff                                       PRIORITY
  8029 0008  932ff9b1 51263b36                              ICE-CONTROLLED
  0006 0009  6576746a 3a683676 59202020                     USERNAME, padded with blanks
  0008 0014  9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2   MESSAGE-INTEGRITY
  8028 0004  e57a3bcf                                       FINGERPRINT
`);

/** Section 2.2: its answer with an IPv4 address. */
export const sampleIpv4Response = bytesOf(`
  0101 003c 2112a442 ${TRANSACTION_ID}
  8022 000b  74657374 20766563 746f7220                     SOFTWARE, padded with a blank
  0020 0008  0001a147 e112a643                              XOR-MAPPED-ADDRESS
  0008 0014  2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7   MESSAGE-INTEGRITY
  8028 0004  c07d4c96                                       FINGERPRINT
`);

/** Section 2.3: its answer with an IPv6 address. */
export const sampleIpv6Response = bytesOf(`
  0101 0048 2112a442 ${TRANSACTION_ID}
  8022 000b  74657374 20766563 746f7220                     SOFTWARE, padded with a blank
  0020 0014  0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9   XOR-MAPPED-ADDRESS
  0008 0014  a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41   MESSAGE-INTEGRITY
  8028 0004  c8fb0b4c                                       FINGERPRINT
`);

/** Section 2.4: a request with long-term credentials and without FINGERPRINT. */
export const sampleLongTermRequest = bytesOf(`
  0001 0060 2112a442 78ad3433 c6ad72c0 29da412e
  0006 0012  e3839ee3 8388e383 aae38383 e382afe3 82b90000   USERNAME
  0015 001c  662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341   NONCE
  0014 000b  6578616d 706c652e 6f726700                     REALM
  0008 0014  f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666   MESSAGE-INTEGRITY
`);

export const sampleTransactionId = Uint8Array.from(Buffer.from(TRANSACTION_ID.replaceAll(' ', ''), 'hex'));
export const sampleIpv4Address = { host: '192.0.2.1', port: 32_853 };
export const sampleIpv6Address = { host: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 };

/** Hexadecimal groups; a remark starts with a capital letter. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(/[A-Z].*$/gm, '').replaceAll(/\s/g, ''), 'hex');
}
