// A person other than me, as every window shows them.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from './fingerprint.ts';

/** What I have decided about them. Only `accepted` people can write to me. */
export type Standing = 'unknown' | 'accepted' | 'blocked';

/** What the registry says: `here` while their lease lives. `unknown` when no registry answers. */
export type Presence = 'here' | 'away' | 'unknown';

/**
 * How far we are with them:
 * `none`: no link. `dialling`: reaching their address. `waiting`: they are being asked about me.
 * `asking`: they want to connect and wait for my answer. `connected`: messages flow.
 */
export type LinkState = 'none' | 'dialling' | 'waiting' | 'asking' | 'connected';

/** The road a link takes. */
export type Path = 'thisMachine' | 'lan' | 'direct';

/** The numbers of my own messages: all up to and including each of these have got that far. */
export interface Receipts {
  /** Written to the link that is up now. Falls back to `delivered` when the link is lost. */
  readonly sent: number;
  /** Stored by the peer. */
  readonly delivered: number;
  /** Seen by the peer. */
  readonly read: number;
}

export interface Peer {
  readonly fingerprint: Fingerprint;
  readonly name: string;
  readonly standing: Standing;
  readonly presence: Presence;
  readonly link: LinkState;
  /** Set while connected. */
  readonly path?: Path;
  /** `host:port` as last known; an IPv6 host stands in brackets. */
  readonly address?: string;
  readonly lastSeenAt?: Millis;
  /** Messages of theirs that no window has shown yet. */
  readonly unread: number;
  /** Messages of mine that they have not got yet. */
  readonly undelivered: number;
  readonly receipts: Receipts;
  /** When the last message in either direction was stored here. */
  readonly lastMessageAt?: Millis;
  /** They are writing something to me right now. Never stored. */
  readonly isTyping?: true;
  /** When I said that our safety codes are the same. */
  readonly verifiedAt?: Millis;
  /** What I take from them without being asked; absent: as the setting says. */
  readonly autoAccept?: boolean;
  /** The registry gives this person's name to another key. They are not the same person until someone compares codes. */
  readonly nameConflict?: Fingerprint;
}
