// What a LinkMachine is told and what it asks for.

import type { Entry, ForeignHello, Hello, LinkFrame } from '../../wire/linkFrames.ts';
import type { LinkEnd, LocalEnd } from './linkEnd.ts';

/** What is said in passing while the link is up: not stored, not acknowledged, forgotten with the link. */
export type AsideFrame = Extract<LinkFrame, { kind: 'typing' | 'shared' | 'fetch' | 'fetchRefused' }>;

/** Control of transfers that lives as long as the link. */
export type TransferFrame = Extract<LinkFrame, { kind: 'ready' | 'digest' | 'reading' }>;

/** What a link starts from. The numbers are read from the store when it starts. */
export interface LinkOptions {
  readonly name: string;
  /** Of my engine's start: 16 hexadecimal digits. */
  readonly instance: string;
  readonly udpPort: number;
  /** Absent while it is not known. */
  readonly tcpPort?: number | undefined;
  /** My person has accepted theirs. */
  readonly accepts: boolean;
  /** The highest number of theirs that is stored. */
  readonly received: number;
  /** The id of that entry; absent while there is none. */
  readonly receivedId?: string | undefined;
  /** The highest number of theirs that my person has seen; at most `received`. */
  readonly read: number;
  /** The highest number that I have written. `grown` keeps it true from then on, in every state. */
  readonly written: number;
  /** The id of my entry of this number, if there is one that they are not known to have; read from the store when it is asked for. */
  idOfMine(number: number): string | undefined;
  readonly capabilities: readonly string[];
}

export type LinkIn =
  /** First: TLS is done and both certificates were checked. */
  | { readonly kind: 'start' }
  | { readonly kind: 'time' }
  /** What decodeLinkFrame gave; undefined is a frame of a later version. */
  | { readonly kind: 'frame'; readonly frame: LinkFrame | ForeignHello | undefined }
  /** The bytes were wrong. */
  | { readonly kind: 'garbage'; readonly problem: string }
  /** Whether the connection takes more. While it does not, only what is small and rare is sent. */
  | { readonly kind: 'flow'; readonly isWritable: boolean }
  /** My person's answer to `ask`. */
  | { readonly kind: 'answer'; readonly accepted: boolean }
  /** My entries up to `upTo` are stored. Tell every link with this peer, each time. */
  | { readonly kind: 'grown'; readonly upTo: number }
  /** The answer to `needEntries`: as many as there are, up to its limit, in order. */
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] }
  /** Theirs are stored, durably, up to `upTo`. The answer to `entry`, also for one that was stored before. */
  | { readonly kind: 'stored'; readonly upTo: number }
  /** My person has seen theirs up to `upTo`. */
  | { readonly kind: 'shown'; readonly upTo: number }
  /** Dropped unless the link is up. */
  | { readonly kind: 'transfer'; readonly frame: TransferFrame }
  | { readonly kind: 'aside'; readonly frame: AsideFrame }
  | { readonly kind: 'end'; readonly reason: LocalEnd }
  /** The connection may have died without a sign: it has PROBE_MS to give one. */
  | { readonly kind: 'probe' }
  /** The connection ended or broke. */
  | { readonly kind: 'lost' };

/** Each `hello` is theirs, with a name that a person may have, tidied. */
export type LinkOut =
  | { readonly kind: 'send'; readonly frame: LinkFrame }
  /** They want to connect: ask my person, then `answer`. Ends by itself after ANSWER_MS. */
  | { readonly kind: 'ask'; readonly hello: Hello }
  /** Their person is being asked about mine. */
  | { readonly kind: 'waiting'; readonly hello: Hello }
  /** Messages flow. `hello.received` and `hello.read` are how far my own entries had got; more follows as it changes. */
  | { readonly kind: 'up'; readonly hello: Hello }
  /** Answer with `entries`: mine from `after` + 1 on, at most `limit`. */
  | { readonly kind: 'needEntries'; readonly after: number; readonly limit: number }
  /** Theirs, in order, possibly one that was stored over another link: store it once, then `stored`. */
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** Mine up to `upTo` are written to the link. */
  | { readonly kind: 'sent'; readonly upTo: number }
  /** … stored by them. */
  | { readonly kind: 'delivered'; readonly upTo: number }
  /** … seen by their person. */
  | { readonly kind: 'read'; readonly upTo: number }
  | { readonly kind: 'transfer'; readonly frame: TransferFrame }
  | { readonly kind: 'aside'; readonly frame: AsideFrame }
  /** The last one: write out what was sent, then close the connection. */
  | { readonly kind: 'closed'; readonly end: LinkEnd };
