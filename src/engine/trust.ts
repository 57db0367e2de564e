// What my person decides about others: comparing safety codes, blocking, starting anew with another key, taking files unasked.

import type { Clock } from '../base/clock.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import type { SafetyCode } from '../contract/safetyCode.ts';
import type { Dialler } from './connections/dialler.ts';
import type { Transfers } from './files/transfers.ts';
import { safetyCodeOf } from './identity/safetyCode.ts';
import type { People } from './people/people.ts';
import type { Store } from './store/store.ts';
import type { NoticeClaims } from './windows/noticeClaims.ts';

export interface TrustParts {
  readonly me: Fingerprint;
  readonly people: People;
  readonly dialler: Dialler;
  readonly transfers: Transfers;
  readonly store: Store;
  readonly claims: NoticeClaims;
  readonly clock: Clock;
}

export class Trust {
  readonly #parts: TrustParts;

  constructor(parts: TrustParts) {
    this.#parts = parts;
  }

  safetyCode(peer: Fingerprint): SafetyCode {
    return safetyCodeOf(this.#parts.me, peer);
  }

  /** It is the key that is verified: under another one the person is not. */
  verify(peer: Fingerprint, isVerified: boolean): void {
    const { people, clock } = this.#parts;
    people.learn(peer, { verifiedAt: isVerified ? clock.now() : undefined });
  }

  /**
   * Nothing goes either way from now on. Files on their way end and open offers are declined, in words that wait with what my
   * person wrote: they go if the two ever talk again, so that both then know the same. The other side hears "declined".
   */
  block(peer: Fingerprint): void {
    const { people, dialler, transfers, store, claims } = this.#parts;
    for (const { id } of store.transfers.unfinished(peer)) transfers.cancel(id);
    people.block(peer);
    dialler.leave(peer);
    claims.settled(peer);
  }

  unblock(peer: Fingerprint): void {
    this.#parts.people.unblock(peer);
  }

  /** Throws keyChanged when the name belongs to yet another key by now. */
  startAnew(former: Fingerprint, key: Fingerprint, isVerified: boolean): void {
    const { people, dialler, transfers, store, clock } = this.#parts;
    people.startAnew(former, key, isVerified ? clock.now() : undefined);
    for (const { id } of store.transfers.unfinished(former)) transfers.cancel(id);
    dialler.leave(former);
    dialler.want(key);
  }

  setAutoAccept(peer: Fingerprint, autoAccept: boolean | null): void {
    this.#parts.people.learn(peer, { autoAccept: autoAccept ?? undefined });
  }
}
