// What an engine did, and what it said, each with the moment, as lines of a file: whatever was true before it was killed is there.

import { readFileSync } from 'node:fs';
import type { Millis } from '../../../src/base/clock.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { Receipts } from '../../../src/contract/peer.ts';
import type { Event } from '../../../src/contract/state.ts';

/** Names the file that tellAll.ts writes. */
export const TESTIMONY_FILE = 'HAMTA_TEST_TESTIMONY';

export type Testimony = { readonly at: Millis } & (
  | { readonly kind: 'started' }
  /** About to be stored: whether it is, an engine that is killed right now cannot say. */
  | { readonly kind: 'storing'; readonly from: 'me' | 'peer'; readonly number: number }
  /** An entry of this number is on the disk. */
  | { readonly kind: 'stored'; readonly from: 'me' | 'peer'; readonly number: number }
  /** The frame with my entry of this number was handed to the connection. */
  | { readonly kind: 'written'; readonly number: number }
  | Claim
);

/** What windows were told. */
export type Claim =
  | { readonly kind: 'shown'; readonly from: 'me' | 'peer'; readonly number: number }
  | { readonly kind: 'receipts'; readonly receipts: Receipts };

/** Ms on the system's steady clock, which all processes of a machine share. */
export function momentNow(): Millis {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function testimonyIn(file: string): Testimony[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Testimony);
}

/** What this event says of the conversation with `peer`, or of the only one. */
export function claimsOf(event: Event, peer?: Fingerprint): Claim[] {
  switch (event.kind) {
    case 'messageAdded':
      return [{ kind: 'shown', from: event.message.from, number: event.message.number }];
    case 'peerChanged':
      return isMeant(event.peer.fingerprint, peer)
        ? [{ kind: 'receipts', receipts: event.peer.receipts }]
        : [];
    case 'peersChanged':
      return event.peers
        .filter(({ fingerprint }) => isMeant(fingerprint, peer))
        .map(({ receipts }) => ({ kind: 'receipts', receipts }));
    default:
      return [];
  }
}

function isMeant(fingerprint: Fingerprint, peer: Fingerprint | undefined): boolean {
  return peer === undefined || fingerprint === peer;
}
