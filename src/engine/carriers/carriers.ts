// The carriers that this engine has, and what is known of them with each peer.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import { type CarrierKind, isPicture, type Transfer } from '../../contract/transfer.ts';
import { TLS_CARRIER } from '../../wire/linkFrames.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import { CarrierRates } from '../transfer/carrierRates.ts';
import type { Carrier } from './carrier.ts';

/** Peers whose rates are remembered: a bound; the one that was asked for longest ago goes first. */
const MAX_PEERS = 256;

/** The one that a file goes over first. */
export function firstCarrierOf({ mediaType }: Pick<Transfer, 'mediaType'>): CarrierKind {
  return isPicture(mediaType) ? 'udp' : 'tls';
}

export class Carriers {
  readonly #carriers: Readonly<Record<CarrierKind, Carrier>>;
  readonly #rates = new Map<Fingerprint, CarrierRates>();

  constructor(carriers: Readonly<Record<CarrierKind, Carrier>>) {
    this.#carriers = carriers;
  }

  of(kind: CarrierKind): Carrier {
    return this.#carriers[kind];
  }

  /** Those that both ends have, `first` in front. */
  kindsWith({ hello }: LiveLink, first: CarrierKind): CarrierKind[] {
    if (hello?.capabilities.includes(TLS_CARRIER) !== true) return ['udp'];
    return first === 'tls' ? ['tls', 'udp'] : ['udp', 'tls'];
  }

  ratesWith(peer: Fingerprint): CarrierRates {
    const rates = this.#rates.get(peer) ?? new CarrierRates();
    this.#rates.delete(peer);
    this.#rates.set(peer, rates);
    const [oldest] = this.#rates.keys();
    if (this.#rates.size > MAX_PEERS && oldest !== undefined) this.#rates.delete(oldest);
    return rates;
  }
}
