// Addresses that a peer's datagrams came from, as numbers: the machines of a transfer know no addresses.

import type { Address } from './transferRoads.ts';

/** Kept at a time: a bound on what somebody leaves who sends copies from many addresses. */
const MOST = 8;

interface Known {
  readonly place: number;
  readonly address: Address;
}

export class PeerAddresses {
  #known: Known[];
  #last = 0;

  /** Place 0 is `first`. */
  constructor(first: Address) {
    this.#known = [{ place: 0, address: first }];
  }

  /** The same for the same address, as long as it is not forgotten; the one heard of longest ago is, but never the first. */
  placeOf({ host, port }: Address): number {
    const found = this.#known.find(({ address }) => address.host === host && address.port === port);
    const known = found ?? { place: ++this.#last, address: { host, port } };
    const [first, ...others] = this.#known;
    if (known !== first && known !== others.at(-1))
      this.#known = [first as Known, ...others.filter((other) => other !== known).slice(-(MOST - 2)), known];
    return known.place;
  }

  addressOf(place: number): Address | undefined {
    return this.#known.find((known) => known.place === place)?.address;
  }
}
