// What the four dialects share: names and places of course clients, and keyed peers as far as those can see them.

import type { Clock } from '../../../src/base/clock.ts';
import { nameProblem, tidyName } from '../../../src/contract/names.ts';
import type { PeerRecord } from '../../../src/contract/registry.ts';
import { nameKeysOf } from '../../nameKeys.ts';
import type { ClassicDialect, ClassicName, ClassicOutcome } from '../../store/classicRecords.ts';
import type { Store, StoredPeer } from '../../store/store.ts';
import { MAX_KEYED_LISTED, MAX_PLACE_LENGTH } from './params.ts';

/** Where a keyed peer is, for clients that know one address. */
export interface KeyedPlace {
  readonly kind: 'keyed';
  readonly ip: string;
  readonly tcpPort: number;
  readonly udpPort: number;
}

export type Found = { readonly kind: 'classic'; readonly place: string } | KeyedPlace;

export class ClassicDirectory {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #dialect: ClassicDialect;

  constructor(store: Store, clock: Clock, dialect: ClassicDialect) {
    this.#store = store;
    this.#clock = clock;
    this.#dialect = dialect;
  }

  /** `unusable`: nobody can be called so here, or the place is too long. */
  async register(
    name: unknown,
    place: string,
    { isOnce = false } = {},
  ): Promise<ClassicOutcome | 'unusable'> {
    const classic = this.#nameOf(name);
    if (classic === undefined || place.length > 2 * MAX_PLACE_LENGTH) return 'unusable';
    return this.#store.classic.register({ ...classic, place, isOnce }, this.#clock.now());
  }

  /** A record of this dialect, else the peer whose key has the name, while it is online. */
  async find(name: unknown): Promise<Found | undefined> {
    const classic = this.#nameOf(name);
    if (classic === undefined) return undefined;
    const now = this.#clock.now();
    const place = await this.#store.classic.find(classic, now);
    if (place !== undefined) return { kind: 'classic', place };
    const peer = await this.#store.find(classic.keys, now);
    return peer && peer.leaseUntil > now ? keyedPlaceOf(peer) : undefined;
  }

  /** In the order of registration; behind them keyed peers that are online and fit the dialect, of one page of the directory. */
  async names(isUsable: (keyedName: string) => boolean = () => true): Promise<string[]> {
    const now = this.#clock.now();
    const [own, { entries }] = await Promise.all([
      this.#store.classic.names(this.#dialect, now),
      this.#store.page({ prefix: '', after: undefined, limit: MAX_KEYED_LISTED }, now),
    ]);
    const online = entries.filter(({ name, leaseUntil }) => leaseUntil > now && isUsable(name));
    return [...own, ...online.map(({ name }) => name)];
  }

  #nameOf(name: unknown): ClassicName | undefined {
    if (typeof name !== 'string' || nameProblem(name) !== undefined) return undefined;
    const keys = nameKeysOf(tidyName(name));
    return keys && { dialect: this.#dialect, name, keys };
  }
}

/** The first IPv4 address of its own, which is all that course clients can dial, or else whatever there is. */
function keyedPlaceOf({ recordText, observedAddress }: StoredPeer): KeyedPlace {
  const { addresses, tcpPort, udpPort } = JSON.parse(recordText) as PeerRecord;
  const ip = addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? observedAddress;
  return { kind: 'keyed', ip, tcpPort, udpPort };
}
