// Where somebody is, as the registry where I am tells it, or as it was last; and whether a name is really theirs.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { LEASE_MS, MAX_SKEW_MS } from '../../contract/registry.ts';
import { hostAndPort } from '../io/hosts.ts';
import { type Candidate, candidatesOf } from '../reach/candidates.ts';
import type { FoundPeer, RegistryClient } from '../reach/registryClient.ts';
import type { Published } from '../windows/published.ts';
import type { People } from './people.ts';

/** Of the record of somebody who is here: a lease, with their clock and mine each as far off the registry's as it takes. */
const MAX_AGE_MS: Millis = LEASE_MS + 2 * MAX_SKEW_MS;

export interface FinderParts {
  readonly me: Fingerprint;
  readonly people: People;
  readonly published: Published;
  /** Wall time. */
  readonly clock: Clock;
  /** Of the registry where I am or want to be. */
  readonly client: () => RegistryClient | undefined;
  readonly log: Logger;
}

export class Finder {
  readonly #parts: FinderParts;
  /** The newest proof of each friend's name, by their clock. */
  readonly #signedAt = new Map<Fingerprint, Millis>();

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /** Failures: notSignedUp, unknownUser, nameInvalid, keyChanged, registry*. */
  async lookUp(name: string): Promise<{ peer: Fingerprint; addresses: readonly string[] }> {
    const client = this.joinedClient();
    const found = await client.lookUp(name);
    this.expectStillAt(client);
    const pinned = this.#parts.people.fingerprintOf(found.name);
    this.#refuseOtherKey(pinned ?? found.fingerprint, found);
    const candidates = this.#learn(found, client.url, { name: found.name });
    return {
      peer: found.fingerprint,
      addresses: candidates.map(({ host, port }) => hostAndPort(host, port)),
    };
  }

  /**
   * Whether the owner of this key, who is said to be here, has signed that they have this name; no where nobody can say. Whoever is
   * here signs anew all the time: what is old, or older than what they have signed for another name, a registry says again.
   */
  async hasSigned(peer: Fingerprint, name: string): Promise<boolean> {
    const found = await this.#parts
      .client()
      ?.lookUp(name)
      .catch((error) => {
        if (error instanceof FailureError) return undefined;
        throw error;
      });
    if (found?.fingerprint !== peer) return false;
    const oldest = Math.max(this.#parts.clock.now() - MAX_AGE_MS, this.#signedAt.get(peer) ?? 0);
    if (found.signedAt < oldest) return false;
    this.#signedAt.set(peer, found.signedAt);
    return true;
  }

  /** Where to dial, best first: what the registry says now, else what was true last. Failures: notSignedUp, keyChanged, peerAway. */
  async candidatesOf(peer: Fingerprint, signal: AbortSignal): Promise<readonly Candidate[]> {
    if (this.#parts.published.state.me.name === undefined) throw fail('notSignedUp', {});
    const name = this.#parts.people.registeredNameOf(peer);
    const candidates = (await this.#askForCandidates(peer, name, signal)) ?? this.#rememberedCandidates(peer);
    if (candidates.length === 0) throw fail('peerAway', { name });
    return candidates;
  }

  /** The registry where I am. Throws notSignedUp. */
  joinedClient(): RegistryClient {
    const client = this.#parts.client();
    if (client === undefined || this.#parts.published.state.me.name === undefined)
      throw fail('notSignedUp', {});
    return client;
  }

  /** What is heard from a registry that I have left is nobody's. */
  expectStillAt(client: RegistryClient): void {
    if (client !== this.#parts.client()) throw fail('notSignedUp', {});
  }

  async #askForCandidates(
    peer: Fingerprint,
    name: string,
    signal: AbortSignal,
  ): Promise<Candidate[] | undefined> {
    const client = this.#parts.client();
    if (client === undefined) return undefined;
    try {
      const found = await client.lookUp(name, signal);
      this.expectStillAt(client);
      this.#refuseOtherKey(peer, found);
      return this.#learn(found, client.url, {});
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code === 'keyChanged') throw error;
      this.#parts.log.info(`${name} was not found: ${error.failure.code}`);
      return undefined;
    }
  }

  #rememberedCandidates(peer: Fingerprint): Candidate[] {
    const { hosts = [], tcpPort } = this.#parts.people.contact(peer) ?? {};
    return tcpPort === undefined ? [] : hosts.map((host) => ({ host, port: tcpPort }));
  }

  /** A pinned person's name under another key is another person: explained, never dialled. */
  #refuseOtherKey(pinned: Fingerprint, found: FoundPeer): void {
    if (pinned === found.fingerprint) return;
    if (this.#parts.people.contact(pinned)?.standing !== 'accepted') return;
    this.#parts.people.doubt(pinned, found.fingerprint);
    throw fail('keyChanged', { name: found.name });
  }

  /** Keeps only what may be dialled: a stranger's record must not lead to this machine's own services, now or later. */
  #learn(found: FoundPeer, url: string, more: { readonly name?: string }): Candidate[] {
    const candidates = candidatesOf(found, url);
    const hosts = candidates.map(({ host }) => host);
    const { fingerprint, tcpPort } = found;
    // My person may look for themselves, but is nobody's contact here.
    if (fingerprint !== this.#parts.me) this.#parts.people.learn(fingerprint, { hosts, tcpPort, ...more });
    return candidates;
  }
}
