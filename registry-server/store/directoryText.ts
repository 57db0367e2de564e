// What the directory in Redis holds of a name, as one text, so that a page of 100 is one list of names and one read:
//
//   [sortKey, name, signedAt, seenAt, leaseUntil, fingerprint] as JSON: the scripts read the first and the third

import type { PeerFields } from './peerFields.ts';

/** Of two of one name, the one signed later stands. */
export type ListedFields = Pick<
  PeerFields,
  'sortKey' | 'name' | 'signedAt' | 'seenAt' | 'leaseUntil' | 'fingerprint'
>;

export function directoryText(fields: ListedFields): string {
  const { sortKey, name, signedAt, seenAt, leaseUntil, fingerprint } = fields;
  return JSON.stringify([sortKey, name, signedAt, seenAt, leaseUntil, fingerprint]);
}

/** Only of what directoryText has made. */
export function listedFieldsOf(text: string): ListedFields {
  const [sortKey, name, signedAt, seenAt, leaseUntil, fingerprint] = JSON.parse(text);
  return { sortKey, name, signedAt, seenAt, leaseUntil, fingerprint };
}
