// What is told of a name: who holds it, as a WatchedName, and the version of that news, the same on all instances.

import { createHash } from 'node:crypto';
import type { Millis } from '../../src/base/clock.ts';
import type { PeerRecord } from '../../src/contract/registry.ts';
import type { WatchedName } from '../../src/contract/signal.ts';
import type { Presence } from '../store/store.ts';
import { MAX_NEWCOMERS_TOLD } from './params.ts';

/** Somebody who has a name, as the store or an announcement says. */
export interface Holder extends Presence {
  /** As they write it. */
  readonly name: string;
  /** Another word for each list of addresses and ports. Instances of an older version do not say it. */
  readonly places?: string | undefined;
}

export interface News {
  readonly isOnline: boolean;
  readonly version: string;
  /** A WatchedName as JSON. */
  readonly text: string;
}

const NOBODY_VERSION = '-';

/** `asked` is what nobody's name is called. */
export function newsOf(asked: string, holder: Holder | undefined, now: Millis): News {
  if (holder === undefined) {
    const nobody: WatchedName = { name: asked, version: NOBODY_VERSION };
    return { isOnline: false, version: NOBODY_VERSION, text: JSON.stringify(nobody) };
  }
  const { name, fingerprint, places, leaseUntil, lastSeenAt } = holder;
  const online = leaseUntil > now;
  // Whoever is there and could not be reached is worth another dial once they have moved.
  const version = versionOf([name, fingerprint, online, online ? places : lastSeenAt]);
  const news: WatchedName = { name, version, holder: { fingerprint, online, lastSeenAt } };
  return { isOnline: online, version, text: JSON.stringify(news) };
}

export function placesOf({ addresses, tcpPort, udpPort }: PeerRecord): string {
  return versionOf([addresses, tcpPort, udpPort]);
}

export function isSameHolder(a: Holder, b: Holder): boolean {
  return (
    a.fingerprint === b.fingerprint &&
    a.lastSeenAt === b.lastSeenAt &&
    a.leaseUntil === b.leaseUntil &&
    a.name === b.name &&
    a.places === b.places
  );
}

/** Those who took a name for the first time, gathered for one frame: a few by name, of the others only that there are more. */
export class Newcomers {
  #texts: string[] = [];
  #hasMore = false;

  add(news: News): void {
    if (this.#texts.length < MAX_NEWCOMERS_TOLD) this.#texts.push(news.text);
    else this.#hasMore = true;
  }

  /** A ServerFrame; from then on there are none. */
  take(): string {
    const text = `{"kind":"newcomers","people":[${this.#texts.join()}],"more":${this.#hasMore}}`;
    this.#texts = [];
    this.#hasMore = false;
    return text;
  }
}

/** Nine bytes of a hash: equal on all instances for equal news, different ones collide for nobody's benefit. */
function versionOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest().toString('base64url', 0, 9);
}
