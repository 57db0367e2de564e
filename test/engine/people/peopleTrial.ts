// People over a store of their own, and what they have published; what friends have signed and later turns are a test's to say.

import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Event } from '../../../src/contract/state.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { ListedPeer } from '../../../src/engine/reach/registryClient.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { newPublished } from '../../support/newPublished.ts';
import { fingerprintOf, StoreFile } from '../store/support.ts';

export const CARLA = fingerprintOf('c');
export const ME = fingerprintOf('e');

export const listed = (
  fingerprint: Fingerprint,
  name: string,
  more: Partial<ListedPeer> = {},
): ListedPeer => ({
  ...{ fingerprint, name, online: true, lastSeenAt: 1_000 },
  ...more,
});

/** Until it is known what friends have signed. */
export const answered = () => new Promise<void>((resolve) => setImmediate(resolve));

export class PeopleTrial {
  readonly #file = new StoreFile();
  readonly store: Store = this.#file.open();
  readonly signed = new Map<Fingerprint, string>();
  events: Event[] = [];
  turns: (() => void)[] = [];
  published: Published = newPublished(ME);
  people: People = this.open();

  /** As at the start of an engine. */
  open(): People {
    this.published = newPublished(ME);
    this.events = [];
    this.published.onDidPublish(({ event }) => this.events.push(event));
    this.turns = [];
    const nextTurn = (work: () => void) => {
      this.turns.push(work);
      return { dispose: () => this.turns.splice(0) };
    };
    const askProof = async (fingerprint: Fingerprint, name: string) => this.signed.get(fingerprint) === name;
    this.people = new People(this.store, this.published, { now: () => 5_000 }, askProof, nextTurn);
    this.events.length = 0;
    return this.people;
  }

  runTurns(): number {
    let count = 0;
    for (let turn = this.turns.shift(); turn !== undefined; turn = this.turns.shift()) {
      turn();
      count++;
    }
    return count;
  }

  shown(fingerprint: Fingerprint): Peer | undefined {
    return this.published.state.peers[fingerprint];
  }

  befriend(fingerprint: Fingerprint, name: string): void {
    this.people.learn(fingerprint, { name, standing: 'accepted', connectWanted: true });
  }

  remove(): void {
    this.#file.remove();
  }
}
